"""The group of processes with Lambda's share of a processor, in folders that look like those of cgroups v1 and v2."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.local_cloud import PROJECT
from tests.support.template import TEMPLATE
from tools.perf import processor
from tools.perf.processor import Processor, limited

NAME = f"cognito-device-api-bench-{os.getpid()}"
V1 = "cgroup {} cgroup rw,relatime,cpu,cpuacct 0 0"
V2 = "cgroup2 {} cgroup2 rw,relatime,nsdelegate 0 0"

type System = Callable[..., Path]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """Return a function that makes a system with a mount, this process's group, and groups with files."""
    monkeypatch.setattr(Path, "rmdir", shutil.rmtree)  # Linux removes a group with its files

    def make(mount: str, own: str, groups: Mapping[str, Mapping[str, str]]) -> Path:
        proc = tmp_path / "proc"
        (proc / "self").mkdir(parents=True)
        (proc / "self/mounts").write_text(f"sysfs /sys sysfs rw 0 0\n{mount.format(tmp_path)}\n")
        (proc / "self/cgroup").write_text(f"{own}\n")
        for group, files in groups.items():
            (tmp_path / group).mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (tmp_path / group / name).write_text(content)
        return proc

    return make


def test_the_share_is_that_of_the_functions_memory() -> None:
    assert pytest.approx(TEMPLATE["Globals"]["Function"]["MemorySize"] / 1769) == processor.SHARE


def test_a_group_of_v1_has_a_quota(system: System, tmp_path: Path) -> None:
    proc = system(V1, "4:cpu,cpuacct:/own\n1:memory:/elsewhere", {"own": {"cgroup.procs": ""}})

    with limited(proc) as found:
        group = tmp_path / "own" / NAME
        assert found == Processor(processor.SHARE, 20, group / "cgroup.procs")
        assert (group / "cpu.cfs_period_us").read_text() == "20000"
        assert (group / "cpu.cfs_quota_us").read_text() == "5789"
        assert "0.29 of a processor, in periods of 20 ms" in found.sentence()

    assert not group.exists()


def test_a_group_of_v2_is_made_where_children_may_have_a_quota(system: System, tmp_path: Path) -> None:
    delegated = {"cgroup.subtree_control": "memory cpu pids"}
    proc = system(V2, "0::/user/app", {"user": delegated, "user/app": {"cgroup.subtree_control": ""}})

    with limited(proc) as found:
        group = tmp_path / "user" / NAME
        assert found.processes == group / "cgroup.procs"
        assert (group / "cpu.max").read_text() == "5789 20000"

    assert not group.exists()


@pytest.mark.parametrize(
    ("mount", "own", "files"),
    [
        (V2, "0::/own", {"cgroup.subtree_control": "memory cpuset"}),
        (V1.replace("cpu,", "memory,").replace("cpuacct", "hugetlb"), "4:cpu:/own", {"cgroup.procs": ""}),
        (V1, "0::/own", {"cgroup.procs": ""}),
        ("tmpfs {} tmpfs rw 0 0", "4:cpu:/own\n0::/own", {"cgroup.procs": "", "cgroup.subtree_control": "cpu"}),
    ],
)
def test_without_a_controller_it_falls_back_to_the_whole_processor(
    system: System, tmp_path: Path, mount: str, own: str, files: dict[str, str]
) -> None:
    with limited(system(mount, own, {"own": files})) as found:
        assert found == Processor(1.0, None, None)
        assert "a whole processor instead of 0.29, because this process cannot" in found.sentence()

    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == sorted(files)


def test_a_group_that_takes_no_quota_is_removed(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proc = system(V1, "4:cpu:/own", {"own": {"cgroup.procs": ""}})

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)

    with limited(proc) as found:
        assert found.processes is None

    assert not (tmp_path / "own" / NAME).exists()


def test_a_group_that_no_process_may_enter_is_removed(system: System, tmp_path: Path) -> None:
    delegated = {"cgroup.subtree_control": "cpu"}
    proc = system(V2, "0::/user/app", {"user": delegated, "user/app": {}, f"user/{NAME}/cgroup.procs": {}})

    with limited(proc) as found:
        assert found == Processor(1.0, None, None)

    assert not (tmp_path / "user" / NAME).exists()


def test_groups_of_killed_runs_are_removed_and_those_of_others_stay(system: System, tmp_path: Path) -> None:
    killed, running = ("cognito-device-api-bench-1", "cognito-device-api-bench-2")
    groups = {"own": {"cgroup.procs": ""}, f"own/{killed}": {}, f"own/{running}": {}}
    proc = system(V1, "4:cpu:/own", groups)
    (proc / "2").mkdir()

    with limited(proc):
        assert not (tmp_path / "own" / killed).exists()

    assert (tmp_path / "own" / running).exists()


_HOLD = """
import signal, sys
from tools.perf.processor import limited
signal.signal(signal.SIGTERM, signal.default_int_handler)
with limited() as found:
    print(found.processes, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def real() -> Iterator[Path]:
    """Return the file of a real group's processes, where this user may make one."""
    with limited() as found:
        if found.processes is None:
            assert "cannot make a control group" in found.sentence()
            pytest.skip(found.sentence())
        yield found.processes


@pytest.fixture
def held(real: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Return another process that holds a real group, and that group."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        group = Path(process.stdout.readline().strip()).parent
        assert group.exists()
        assert group.parent == real.parent.parent
        yield process, group
        process.kill()


def test_linux_limits_the_processes_of_a_real_group(real: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        real.write_text(str(sleeper.pid))
        assert real.read_text().split() == [str(sleeper.pid)]
        sleeper.kill()

    (quota,) = (path for name in ("cpu.max", "cpu.cfs_quota_us") if (path := real.with_name(name)).exists())
    assert quota.read_text().split()[0] == "5789"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_removes_a_real_group(held: tuple[subprocess.Popen[str], Path], number: signal.Signals) -> None:
    process, group = held

    process.send_signal(number)

    assert process.wait(30) != 0
    assert not group.exists()


def test_the_next_run_removes_the_group_of_a_killed_one(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, group = held
    process.kill()
    process.wait(30)
    assert group.exists()

    with limited():
        assert not group.exists()
