"""`python -m mutants` on a small project, from its command line to its report."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mutants.__main__ import main

PROJECT = Path(__file__).parents[2]
APP = """
LIMIT = int("60")
UNUSED = 1


def allowed(number):
    return number <= LIMIT
"""
TESTED = "from devices.app import allowed\n\n\ndef test_it():\n    assert allowed({})\n"
FILES = {
    "functions/devices/app.py": APP,
    "docs/mutants.md": "## devices/app.py\n### (module)\nNobody reads it.\n"
    "```diff\n-UNUSED = 1\n+UNUSED = 2\n```\n```diff\n-UNUSED = 1\n+UNUSED = None\n```\n",
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['functions']\naddopts = ['--import-mode=importlib']\n",
    "tests/conftest.py": "",
    "tests/unit/devices/test_app.py": TESTED.format(59),
    "tests/unit/openapi/test_it.py": "def test_it(): ...\n",
    "tests/unit/test_template.py": "def test_it(): ...\n",
    "tests/integration/devices/test_it.py": TESTED.format(60),
    "tests/integration/devices/test_errors.py": "def test_it(): ...\n",
    "tests/integration/devices/test_faults.py": "def test_it(): ...\n",
    "tests/integration/devices/test_fuzz.py": "def test_it(): ...\n",
    "tests/integration/devices/test_records.py": "def test_it(): ...\n",
}
MUTANTS = ["-m", "mutants", "--workers", "1", "--project"]
# Judges a change of `allowed`, which need not be one that an operator makes; a second is enough for each stage.
JUDGE = """
import sys
from pathlib import Path
sys.path.insert(0, ".")
from mutants import worker
from mutants.mutations import Mutant
project = Path(sys.argv[1])
worker.start(project, project)
for source in sys.argv[2:]:
    print(worker.judge(Mutant("devices/other.py", "allowed", 1, (), source), [5.0] * 6)[1])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a program in Python; coverage sees all of its processes."""
    return subprocess.Popen(
        [sys.executable, "-m", "coverage", "run", "--parallel-mode", *arguments],
        cwd=PROJECT,
        env=os.environ | {"COVERAGE_PROCESS_START": str(PROJECT / "pyproject.toml")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code of a program and what it printed."""
    with start(*arguments) as process:
        output, errors = process.communicate()
    return process.returncode, output, errors


def untouched(project: Path) -> bool:
    return not any((project / ".mutants").iterdir()) and (project / "functions/devices/app.py").read_text() == APP


def test_each_change_is_made_in_a_copy_and_tested(project: Path) -> None:
    code, output, errors = run(*MUTANTS, str(project), "--module", "devices/app.py")

    assert (code, output.splitlines()[-1].split()) == (0, ["all", "5", "3", "0", "2", "60.0", "2"]), errors
    assert output.count("functions/devices/app.py:3 (explained)") == 2
    assert errors.count("survived: functions/devices/app.py:3") == 2
    assert "about 0 minutes left" in errors
    assert untouched(project)


def test_too_many_survivors_fail(project: Path) -> None:
    code, _, errors = run(*MUTANTS, str(project))

    assert (code, errors.splitlines()[-1]) == (1, "error: fewer than 95 % of the mutants were killed")


def test_the_tests_must_pass_before_anything_is_changed(project: Path) -> None:
    (project / "tests/unit/devices/test_app.py").write_text(TESTED.format("'a'"))

    code, output, errors = run(*MUTANTS, str(project))

    assert (code, output) == (1, "")
    assert "TypeError" in errors
    assert errors.endswith("error: these tests fail on the code as it is; mend them first\n")
    assert untouched(project)


def test_ctrl_c_stops_it_and_all_that_it_started(project: Path) -> None:
    # Given a test that does not end
    (project / "tests/unit/test_template.py").write_text(
        "import pathlib, time\n\ndef test_it():\n    pathlib.Path('{}').touch()\n    time.sleep(600)\n".format(
            project / "runs"
        )
    )
    with start(*MUTANTS, str(project)) as process:
        while not (project / "runs").exists():
            assert process.poll() is None
        # When
        process.send_signal(signal.SIGINT)
        # Then
        _, errors = process.communicate()
    assert (process.returncode, errors.splitlines()[-1]) == (130, "stopped; the code was not touched")
    assert untouched(project)
    assert str(project) not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_a_change_may_fail_once_hang_or_end_the_tests(project: Path) -> None:
    # Given a change after which a test with sockets fails once, one after which it always does, and one that hangs
    (project / "functions/devices/other.py").write_text("")
    once = (
        "from pathlib import Path\nif Path('failed').exists(): BAD = False\nelse: Path('failed').touch(); BAD = True\n"
    )
    (project / "tests/integration/devices/test_it.py").write_text(
        "from devices import other\n\n\ndef test_it():\n    assert not other.BAD\n"
    )
    ended = "import os\nos.close(1)\nraise KeyboardInterrupt\n"
    hanging = "import time\ntime.sleep(600)\n"
    (project / "tests/unit/devices/test_app.py").write_text("def test_it():\n    import devices.other\n")

    (project / "judge.py").write_text(JUDGE)

    code, output, errors = run(str(project / "judge.py"), str(project), once, "BAD = True\n", hanging, ended, "1 +")

    assert (code, output.splitlines()) == (0, ["survived", "killed", "timed out", "killed", "killed"]), errors
    assert (project / "functions/devices/other.py").read_text() == ""


def test_a_module_that_is_not_there_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["--project", str(project), "--module", "auth.py"])

    assert exited.value.code == 2
    assert "there is no functions/auth.py: give a path such as devices/auth.py" in capsys.readouterr().err


def test_a_list_that_cannot_be_read_is_told_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "docs/mutants.md").unlink()

    assert main(["--project", str(project)]) == 1
    assert "docs/mutants.md" in capsys.readouterr().err
