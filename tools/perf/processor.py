"""The share of a processor that Lambda gives a function, as the quota of a control group (cgroups v1 and v2).

Lambda gives a share in proportion to the memory: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
AWS does not document the period. In the measurements of https://github.com/pwrdrvr/lambda-throttling, work that exceeds
a quota takes multiples of 20 ms.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.perf.variables import MEMORY_MB

SHARE = MEMORY_MB / 1769
PERIOD_MS = 20
_PREFIX = "cognito-device-api-bench-"
_REMOVE_SECONDS = 5
_PROC = Path("/proc")


@dataclass(frozen=True)
class Processor:
    """What the calls of a cold start may use.

    Attributes
    ----------
    share : float
        The share of one processor; 1.0 without a group.
    period_ms : int or None
        Period of the quota in milliseconds.
    processes : Path or None
        The file into which a process writes its ID to enter the group.
    """

    share: float = 1.0
    period_ms: int | None = None
    processes: Path | None = None

    def sentence(self) -> str:
        """Return what the calls may use, and why, for the report."""
        if self.processes:
            return f"The calls of cold starts had {self.share:.2f} of a processor, in periods of {self.period_ms} ms."
        return (
            f"The calls of cold starts had a whole processor instead of {SHARE:.2f}, because this process cannot make "
            "a control group with a quota. It needs the controller cpu of v1, or cpu in cgroup.subtree_control of v2, "
            "and the right to move a process there."
        )


@contextlib.contextmanager
def limited(proc: Path = _PROC) -> Iterator[Processor]:
    """Make a group with Lambda's share for the block, or fall back to the whole processor.

    Parameters
    ----------
    proc : Path
        Where Linux shows its mounts and processes.
    """
    for parent, is_v2 in _parents(proc / "self"):
        group = parent / f"{_PREFIX}{os.getpid()}"
        try:
            _limit(group, is_v2=is_v2)
            _try_to_enter(group)
        except (OSError, subprocess.CalledProcessError):
            _remove(group, 0)
            continue
        try:
            _remove_leftovers(parent, proc)
            yield Processor(SHARE, PERIOD_MS, group / "cgroup.procs")
        finally:
            _remove(group, _REMOVE_SECONDS)
        return
    yield Processor()


def _parents(own: Path) -> Iterator[tuple[Path, bool]]:
    """Yield the groups that can have a child with a quota, from this process's own upwards, and if each is of v2."""
    paths: dict[str, str] = {}
    for line in (own / "cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        paths |= dict.fromkeys(controllers.split(","), path)
    for line in (own / "mounts").read_text().splitlines():
        _, mount, kind, options, *_ = line.split()
        controller = {"cgroup": "cpu", "cgroup2": ""}.get(kind)
        if controller not in paths or (controller and controller not in options.split(",")):
            continue
        group = Path(mount) / paths[controller].lstrip("/")
        for each in (group, *group.parents):
            if each.is_relative_to(mount) and _may_limit(each, is_v2=not controller):
                yield each, not controller


def _may_limit(parent: Path, *, is_v2: bool) -> bool:
    if not is_v2:
        return (parent / "cgroup.procs").exists()
    controllers = parent / "cgroup.subtree_control"
    return controllers.exists() and "cpu" in controllers.read_text().split()


def _limit(group: Path, *, is_v2: bool) -> None:
    group.mkdir(exist_ok=True)
    period_us = PERIOD_MS * 1000
    quota_us = round(SHARE * period_us)
    if is_v2:
        (group / "cpu.max").write_text(f"{quota_us} {period_us}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(period_us))
        (group / "cpu.cfs_quota_us").write_text(str(quota_us))


def _try_to_enter(group: Path) -> None:
    # Whoever may make a group of v2 may still lack the right to move a process into it ("Delegation Containment"):
    # https://docs.kernel.org/admin-guide/cgroup-v2.html
    command = ["sh", "-c", 'echo $$ > "$0"', str(group / "cgroup.procs")]
    subprocess.run(command, stderr=subprocess.DEVNULL, check=True)


def _remove_leftovers(parent: Path, proc: Path) -> None:
    for group in parent.glob(f"{_PREFIX}*"):
        if group.name != f"{_PREFIX}{os.getpid()}" and not (proc / group.name.removeprefix(_PREFIX)).exists():
            _remove(group, 0)


def _remove(group: Path, seconds: float) -> None:
    """Remove a group once its last process is gone; give up after so many seconds."""
    deadline = time.monotonic() + seconds
    while group.exists():
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        if time.monotonic() >= deadline:
            return
        time.sleep(0.01)
