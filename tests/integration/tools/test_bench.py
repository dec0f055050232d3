"""`make bench`: that it measures what it says, of functions that answer what they should. No test looks at a time."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import sam_cli
from tests.support.scripts import script
from tests.support.template import TEMPLATE
from tools.perf import bench as program
from tools.perf import bench_report as report
from tools.perf import cognito, instructions, measure, runtime, variants
from tools.perf.runtime import BenchError, Environment
from tools.perf.variants import EMPTY, Variant

COUNT = '#!/bin/sh\n"$@" || exit 1\necho "{}" >&2\n'


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a short run of everything left behind, and printed (in `table.txt`)."""
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch, (folder / "table.txt").open("w") as table:
        patch.setattr(sys, "stdout", table)
        patch.setattr(
            instructions, "counter", lambda: (script(folder / "count", COUNT.format("1500000,,instructions")),)
        )
        patch.setattr(measure, "SESSIONS", 2)
        shortest = ["--cold", "1", "--warm", str(program.LEAST_WARM)]
        assert program.main([*shortest, "--directory", str(folder), "--output", str(folder / "output")]) == 0
    return folder


@pytest.fixture(scope="module")
def results(bench: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bench / "output/bench.json").read_text())
    return found


@pytest.fixture
def stopped(bench: Path, tmp_path: Path) -> Iterator[Environment]:
    """An environment of a handler that fails whenever it is called."""
    (tmp_path / "failing.py").write_text("def handler(event, context): raise RuntimeError")
    failing = Variant("failing", "failing.handler", tmp_path)
    variables = runtime.environment(failing, bench / "runtime", "http://127.0.0.1:1", "127.0.0.1:1")
    with Environment(failing, variables, tmp_path / "log") as started:
        yield started


def test_every_variant_was_measured_as_often_as_asked(results: dict[str, Any]) -> None:
    assert (results["cold_starts"], results["warm_calls"]) == (1, program.LEAST_WARM)
    assert len(results["variants"]) == 6
    for figures in results["variants"].values():
        for name in ("init_ms", "first_call_ms", "warm_p50_ms", "warm_p99_ms", "warm_cpu_ms", "peak_mb", "package_mb"):
            assert figures[name] > 0, name
        assert figures["init_instructions_m"] == 1.5


def test_the_ratios_are_those_of_the_figures(results: dict[str, Any]) -> None:
    ours, bare, empty = (results["variants"][name] for name in ("ours", "bare boto3", "empty handler"))

    own = (ours["init_ms"] - empty["init_ms"]) / (bare["init_ms"] - empty["init_ms"])
    assert results["init_vs_bare"] == pytest.approx(own, abs=0.001)
    assert results["with_the_runtime"]["init_vs_bare"] == pytest.approx(ours["init_ms"] / bare["init_ms"], abs=0.001)
    assert results["memory_vs_bare"] == pytest.approx(ours["peak_mb"] / bare["peak_mb"], abs=0.001)
    assert results.keys() >= report.AIMS.keys()
    assert results["layer_mb"] <= report.AIMS["layer_mb"]
    assert results["layer_zip_mb"] <= report.AIMS["layer_zip_mb"]


def test_the_table_and_the_picture_show_every_variant(bench: Path, results: dict[str, Any]) -> None:
    table = (bench / "table.txt").read_text()
    picture = " ".join(ET.parse(bench / "output/bench.svg").getroot().itertext())  # noqa: S314 - made here

    for name in results["variants"]:
        assert name in table
        assert (name in picture) is (name != EMPTY)
    for figure in report.AIMS:
        assert figure in table


def test_what_was_not_counted_is_no_figure(results: dict[str, Any]) -> None:
    uncounted = {name: {**figures, "init_instructions_m": None} for name, figures in results["variants"].items()}

    table = report.table({**results, "variants": uncounted})

    assert [line.split()[-1] for line in table.splitlines()[1:7]] == ["-"] * 6


def test_the_functions_environment_is_that_of_the_template(tmp_path: Path) -> None:
    variables = runtime.environment(Variant("any", "any.handler", tmp_path), tmp_path, "", "")

    deployed = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    constants = {name: value for name, value in deployed.items() if isinstance(value, str)}
    assert constants.keys() >= {"PYDANTIC_DISABLE_PLUGINS", "RES_OPTIONS"}
    assert variables.keys() >= deployed.keys()
    assert variables | constants == variables


def test_an_event_can_be_posted_without_a_word_on_its_answer(stopped: Environment) -> None:
    assert stopped.post(measure.EVENT)["errorType"] == "RuntimeError"


def test_a_wrong_answer_stops_the_measurement(stopped: Environment) -> None:
    with pytest.raises(BenchError, match="an answer is not what it should be"):
        stopped.invoke(measure.EVENT, measure.ANSWER)


def test_a_call_that_is_not_timed_stops_the_measurement(stopped: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_SECONDS", 0.5)
    monkeypatch.setattr(runtime, "_INVOCATION", re.compile("of another version of the emulator"))

    with pytest.raises(BenchError, match="did not say how long"):
        stopped.invoke(measure.EVENT, None)


def test_an_emulator_that_does_not_start_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "emulator", lambda: Path(script(tmp_path / "rie", "#!/bin/sh\nexit 1\n")))

    with pytest.raises(BenchError, match="did not start"):
        Environment(Variant("any", "any.handler", tmp_path), {}, tmp_path / "log").__enter__()


def test_a_missing_emulator_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "require_tools", lambda: None)
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)

    assert program.main(["--directory", str(tmp_path)]) == 1

    assert "run this through `make bench`" in capsys.readouterr().err


def test_an_interrupt_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(variants, "package", interrupted)

    assert program.main(["--directory", str(tmp_path), "--output", str(tmp_path / "output")]) == 130

    assert "nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("option", [("--cold", "0"), ("--warm", "79"), ("--warm", "many")])
def test_too_little_is_refused(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(list(option))

    assert "is not a whole number: give" in capsys.readouterr().err


def test_packages_that_cannot_be_installed_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", script(tmp_path / "uv", "#!/bin/sh\necho no network >&2\nexit 1\n"))

    with pytest.raises(sam_cli.SamCliError, match="no network"):
        variants.runtime(tmp_path / "runtime")


@pytest.mark.parametrize(
    ("tools", "found"),
    [
        ({}, None),
        ({"perf": "7,,instructions:u"}, "perf"),
        ({"perf": "<not supported>,,instructions:u", "valgrind": ""}, "valgrind"),
    ],
)
def test_instructions_are_counted_with_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tools: dict[str, str], found: str | None
) -> None:
    for name, says in tools.items():
        script(tmp_path / name, f'#!/bin/sh\necho "{says}" >&2\n')
    monkeypatch.setenv("PATH", str(tmp_path))

    counter = instructions.counter()

    assert (counter[0] if counter else None) == found


def test_what_callgrind_says_is_understood(tmp_path: Path) -> None:
    count = script(tmp_path / "count", COUNT.format("==7== Collected : 2000000"))
    empty = Variant(EMPTY, "math.handler", tmp_path)
    broken = Variant(EMPTY, "no_such_module.handler", tmp_path)
    variables = {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "awslambdaric").mkdir()
    (tmp_path / "awslambdaric/bootstrap.py").touch()

    assert instructions.millions_in_init((count,), empty, variables) == 2.0
    assert instructions.millions_in_init((count,), broken, variables) is None
    assert instructions.millions_in_init(None, empty, variables) is None


def test_the_stand_in_knows_one_device_and_one_operation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []

    class Caller:
        """Standard input that asks before it ends."""

        def read(self) -> str:
            port = capsys.readouterr().out.split()[0]
            for target, key in (
                ("GetDevice", cognito.DEVICE_KEY),
                ("GetDevice", "a_b"),
                ("GetUser", cognito.DEVICE_KEY),
            ):
                headers = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{target}"}
                answers.append(
                    httpx.post(f"http://127.0.0.1:{port}", json={"DeviceKey": key}, headers=headers, trust_env=False)
                )
            return ""

    monkeypatch.setattr(sys, "stdin", Caller())

    cognito.main()

    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert answers[0].json()["Device"]["DeviceKey"] == cognito.DEVICE_KEY
