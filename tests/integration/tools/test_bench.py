"""`make bench`: a short run of the real command, and what stops it. No test looks at a time."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from local import sam_cli
from tests.support.commands import printed
from tests.support.scripts import script
from tests.support.template import TEMPLATE
from tools.perf import bench, instructions, runtime, variants
from tools.perf import bench_report as report
from tools.perf.cognito import DEVICE_KEY, StandIn
from tools.perf.environment import Environment
from tools.perf.errors import BenchError
from tools.perf.event import EVENT, EXPECTED
from tools.perf.variables import variables
from tools.perf.variants import EMPTY, Variant

NOWHERE = StandIn("http://127.0.0.1:1", "127.0.0.1:1")


@pytest.fixture(scope="module")
def measured(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a short run, and what the run printed."""
    folder = tmp_path_factory.mktemp("bench")
    folders = ["--built", str(built), "--directory", str(folder), "--output", str(folder)]
    return folder, printed(bench.main, "--cold", "1", "--warm", "10", "--no-instructions", *folders)


@pytest.fixture(scope="module")
def results(measured: tuple[Path, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((measured[0] / "bench.json").read_text())
    return found


def test_every_variant_is_measured(results: dict[str, Any]) -> None:
    assert (results["cold_starts"], results["warm_calls"]) == (1, 10)
    assert len(results["variants"]) == 6
    for figures in results["variants"].values():
        for name in ("init_ms", "first_call_ms", "warm_p50_ms", "warm_p99_ms", "warm_cpu_ms", "peak_mb", "package_mb"):
            assert figures[name] > 0, name


def test_the_ratios_are_those_of_the_figures(results: dict[str, Any]) -> None:
    ours, bare, empty = (results["variants"][name] for name in ("ours", "bare boto3", "empty handler"))

    own = (ours["init_ms"] - empty["init_ms"]) / (bare["init_ms"] - empty["init_ms"])
    assert results["init_vs_bare"] == pytest.approx(own, abs=0.001)
    assert results["with_the_runtime"]["init_vs_bare"] == pytest.approx(ours["init_ms"] / bare["init_ms"], abs=0.001)
    assert results["memory_vs_bare"] == pytest.approx(ours["peak_mb"] / bare["peak_mb"], abs=0.001)


def test_the_layer_is_as_small_as_it_should_be(results: dict[str, Any]) -> None:
    assert results["layer_mb"] <= report.AIMS["layer_mb"]
    assert results["layer_zip_mb"] <= report.AIMS["layer_zip_mb"]


def test_the_table_and_the_picture_show_every_variant(measured: tuple[Path, str], results: dict[str, Any]) -> None:
    folder, table = measured
    picture = " ".join(ET.parse(folder / "bench.svg").getroot().itertext())  # noqa: S314 - made here

    for name in results["variants"]:
        assert name in table
        assert (name in picture) is (name != EMPTY)
    for figure in report.AIMS:
        assert figure in table


def test_the_functions_variables_are_those_of_the_template(tmp_path: Path) -> None:
    set_here = variables(Variant("any", "any.handler", tmp_path), tmp_path, NOWHERE)

    deployed = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    constants = {name: value for name, value in deployed.items() if isinstance(value, str)}
    assert constants.keys() >= {"PYDANTIC_DISABLE_PLUGINS", "RES_OPTIONS"}
    assert set_here.keys() >= deployed.keys()
    assert set_here | constants == set_here


def test_a_wrong_response_stops_the_measurement(measured: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text("def handler(event, context): raise RuntimeError")
    failing = Variant("failing", "failing.handler", tmp_path)
    environment = variables(failing, measured[0] / "runtime", NOWHERE)

    with (
        Environment(failing, environment, tmp_path / "log") as started,
        pytest.raises(BenchError, match=r"a response is not what it should be: .*RuntimeError"),
    ):
        started.invoke(EVENT, EXPECTED)


@pytest.mark.parametrize(
    ("body", "right"),
    [(EXPECTED | {"new": 1}, True), (EXPECTED | {"status": "new"}, False), ({"deviceKey": DEVICE_KEY}, False)],
)
def test_a_response_is_right_with_the_expected_members_and_more(
    measured: tuple[Path, str], tmp_path: Path, body: dict[str, object], *, right: bool
) -> None:
    response = {"statusCode": 200, "body": json.dumps(body)}
    (tmp_path / "variant.py").write_text(f"def handler(event, context): return {response}")
    variant = Variant("any", "variant.handler", tmp_path)
    environment = variables(variant, measured[0] / "runtime", NOWHERE)

    with Environment(variant, environment, tmp_path / "log") as started:
        if right:
            assert started.invoke(EVENT, EXPECTED) > 0
        else:
            with pytest.raises(BenchError, match="a response is not what it should be"):
                started.invoke(EVENT, EXPECTED)


def test_an_emulator_that_does_not_start_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "emulator", lambda: Path(script(tmp_path / "rie", "#!/bin/sh\nexit 1\n")))

    with pytest.raises(BenchError, match="did not start"):
        Environment(Variant("any", "any.handler", tmp_path), {}, tmp_path / "log").__enter__()


def test_a_missing_emulator_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "require_tools", lambda: None)
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)

    assert bench.main(["--directory", str(tmp_path)]) == 1

    assert "run `make bench`" in capsys.readouterr().err


def test_an_interrupt_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(variants, "package", interrupted)

    assert bench.main(["--directory", str(tmp_path), "--output", str(tmp_path / "output")]) == 130

    assert "nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("option", [("--cold", "0"), ("--warm", "9"), ("--warm", "many")])
def test_too_few_measurements_are_refused(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(list(option))

    assert "is not a whole number: give" in capsys.readouterr().err


def test_packages_that_cannot_be_installed_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", script(tmp_path / "uv", "#!/bin/sh\necho no network >&2\nexit 1\n"))

    with pytest.raises(sam_cli.SamCliError, match="no network"):
        variants.runtime(tmp_path / "runtime")


@pytest.mark.parametrize("report_line", ["2000000,,instructions:u", "==7== Collected : 2000000"])
def test_instructions_are_read_from_perf_and_from_callgrind(tmp_path: Path, report_line: str) -> None:
    counter = script(tmp_path / "count", f'#!/bin/sh\n"$@" || exit 1\necho "{report_line}" >&2\n')
    (tmp_path / "awslambdaric").mkdir()
    (tmp_path / "awslambdaric/bootstrap.py").touch()
    environment = {"PYTHONPATH": str(tmp_path)}

    importable, missing = (Variant(EMPTY, f"{module}.handler", tmp_path) for module in ("math", "no_such_module"))

    assert instructions.millions_in_init((counter,), importable, environment) == 2.0
    assert instructions.millions_in_init((counter,), missing, environment) is None
