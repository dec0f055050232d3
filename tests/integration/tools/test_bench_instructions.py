"""The instructions that `make bench` counts, with counters that count calls instead."""

from pathlib import Path

import pytest

from tests.support.scripts import script
from tools.perf import instructions, variants
from tools.perf.cognito import StandIn
from tools.perf.instructions import Counter
from tools.perf.processor import Processor
from tools.perf.setting import Bench
from tools.perf.variants import EMPTY, Variant


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return variants.runtime(tmp_path_factory.mktemp("bench") / "runtime")


@pytest.fixture
def setting(runtime: Path, tmp_path: Path) -> Bench:
    return Bench(runtime, StandIn("http://127.0.0.1:1", "127.0.0.1:1"), tmp_path, Processor(), print)


@pytest.mark.parametrize("report_line", ["2000000,,instructions:u", "==7== Collected : 2000000"])
def test_instructions_are_read_from_perf_and_from_callgrind(tmp_path: Path, report_line: str) -> None:
    command = script(tmp_path / "count", f'#!/bin/sh\n"$@" || exit 1\necho "{report_line}" >&2\n')
    (tmp_path / "awslambdaric").mkdir()
    (tmp_path / "awslambdaric/bootstrap.py").touch()
    environment = {"PYTHONPATH": str(tmp_path)}

    importable, missing = (Variant(EMPTY, f"{module}.handler", tmp_path) for module in ("math", "no_such_module"))

    assert instructions.millions_in_init(Counter((command,), 1), importable, environment) == 2.0
    assert instructions.millions_in_init(Counter((command,), 1), missing, environment) is None


# Counts a million for each call that the function had before the signal.
_COUNTING = """#!/bin/sh
[ "$1" = later ] && shift
PYTHONPATH=$PYTHONPATH:. "$@"
echo "$(wc -l <calls)000000,,instructions:u" >&2
"""


@pytest.mark.parametrize(("begin", "millions"), [((), 1.0), (("true",), 11.0), (("false",), None)])
def test_the_instructions_of_a_call_leave_out_those_of_the_start(
    setting: Bench, tmp_path: Path, begin: tuple[str, ...], millions: float | None
) -> None:
    command = script(tmp_path / "count", _COUNTING)
    (tmp_path / "counted.py").write_text("""
open("calls", "w").close()
def handler(event, context):
    with open("calls", "a") as calls:
        calls.write("x\\n")
    return {"statusCode": 200}
""")
    counter = Counter((command,), calls=10, late=("later",) if begin else (), begin=begin)
    variant = Variant(EMPTY, "counted.handler", tmp_path)

    # Without a way to begin later, the 100 calls that warm the function up are counted twice, and subtracted.
    assert instructions.millions_in_call(counter, setting, variant, setting.variables(variant)) == millions


def test_nothing_is_counted_without_a_counter(setting: Bench, tmp_path: Path) -> None:
    counted = instructions.count(None, setting, Variant(EMPTY, "any.handler", tmp_path))

    assert counted == {"init_instructions_m": None, "warm_instructions_m": None}
