"""`make bench`: a short run of the real command, and what stops it. No test looks at a time."""

import json
import os
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from local import sam_cli
from tests.support.commands import printed
from tests.support.scripts import script
from tests.support.template import TEMPLATE
from tools.perf import bench, certificates, cognito, processor, runtime, variants
from tools.perf import bench_report as report
from tools.perf.cognito import DEVICE_KEY, StandIn
from tools.perf.environment import Environment
from tools.perf.errors import BenchError
from tools.perf.event import EVENT, EXPECTED
from tools.perf.processor import Processor
from tools.perf.setting import Bench
from tools.perf.variables import variables
from tools.perf.variants import BARE, EMPTY, FASTAPI, OURS, PLAIN, RAW, Variant

FIGURES = (
    *("cold_request_ms", "init_ms", "first_call_ms", "first_call_cpu_ms", "second_call_ms"),
    *("warm_p50_ms", "warm_p99_ms", "warm_cpu_ms", "peak_mb", "package_mb"),
)
NOWHERE = StandIn("http://127.0.0.1:1", "127.0.0.1:1")


class Run(NamedTuple):
    """The folder of a short run, what the run printed, and what it ran."""

    folder: Path
    table: str
    variants: list[Variant]


@pytest.fixture(scope="module")
def measured(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, packaged = tmp_path_factory.mktemp("bench"), list[Variant]()
    folders = ["--built", str(built), "--directory", str(folder), "--output", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        package = variants.package

        def recorded(directory: Path, finished: Path | None) -> list[Variant]:
            packaged.extend(package(directory, finished))
            return packaged

        patch.setattr(variants, "package", recorded)
        table = printed(bench.main, "--cold", "1", "--warm", "10", "--no-instructions", *folders)
    return Run(folder, table, packaged)


@pytest.fixture(scope="module")
def results(measured: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((measured.folder / "bench.json").read_text())
    return found


def test_every_variant_is_measured(results: dict[str, Any]) -> None:
    assert (results["cold_starts"], results["warm_calls"]) == (1, 10)
    assert len(results["variants"]) == 6
    for figures in results["variants"].values():
        for name in FIGURES:
            assert figures[name] > 0, name


def test_the_ratios_are_those_of_the_figures(results: dict[str, Any]) -> None:
    ours, bare, empty = (results["variants"][name] for name in ("ours", "bare boto3", "empty handler"))

    own = (ours["init_ms"] - empty["init_ms"]) / (bare["init_ms"] - empty["init_ms"])
    assert results["init_vs_bare"] == pytest.approx(own, abs=0.001)
    assert results["with_the_runtime"]["init_vs_bare"] == pytest.approx(ours["init_ms"] / bare["init_ms"], abs=0.001)
    assert results["memory_vs_bare"] == pytest.approx(ours["peak_mb"] / bare["peak_mb"], abs=0.001)


def test_the_results_say_what_they_were_measured_with(measured: Run, results: dict[str, Any]) -> None:
    with processor.limited() as here:
        assert results["processor_share"] == round(here.share, 3)
        assert results["processor_period_ms"] == here.period_ms
        assert here.sentence() in " ".join(measured.table.split())
    assert results["tls"] is True
    assert results["warm_instructions_vs_bare"] is None
    assert "not counted" in measured.table


def test_without_a_group_a_cold_start_has_the_whole_processor(measured: Run) -> None:
    with cognito.running("tools.perf.cognito", str(measured.folder / "certificates/server.pem")) as stand_in:
        setting = Bench(measured.folder / "runtime", stand_in, measured.folder, Processor(), print)
        bare = next(each for each in measured.variants if each.name == BARE)
        with setting.cold_environment(bare) as started:
            assert started.invoke(EVENT, EXPECTED) > 0
            assert 0 < started.init_cpu_ms < started.cpu_ms()
            assert started.init_ms > 0


def test_calls_of_a_cold_start_run_in_the_group_and_inits_outside(measured: Run, tmp_path: Path) -> None:
    inside = tmp_path / "cgroup.procs"
    (tmp_path / "slow.py").write_text(f"""
from pathlib import Path
processes = Path({str(inside)!r})
at_init = processes.exists()
def handler(event, context):
    return {{"statusCode": 200, "body": str([at_init, processes.read_text()]).replace("'", '"').lower()}}
""")
    share = Processor(processes=inside)
    setting = Bench(measured.folder / "runtime", NOWHERE, tmp_path, share, print)

    with setting.cold_environment(Variant("slow", "slow.handler", tmp_path)) as started:
        response = started.post(EVENT)
        assert json.loads(response["body"]) == [False, str(started.pid())]


@pytest.mark.parametrize("name", [OURS, PLAIN, FASTAPI, BARE, RAW])
def test_a_server_without_a_trusted_root_is_refused(measured: Run, tmp_path: Path, name: str) -> None:
    chain = certificates.create(tmp_path)
    variant = next(each for each in measured.variants if each.name == name)
    with cognito.running("tools.perf.cognito", str(chain.server)) as stand_in:
        setting = Bench(measured.folder / "runtime", stand_in, tmp_path, Processor(), print)
        once = setting.variables(variant) | {"AWS_MAX_ATTEMPTS": "1"}

        with Environment(variant, once, tmp_path / "refused") as started:
            assert started.post(EVENT).get("statusCode") != 200
        # With the root, the same package and the same server agree.
        certificates.trust(
            chain.root, copy := Path(shutil.copytree(variant.layer or setting.runtime, tmp_path / "copy"))
        )
        trusting = once | {"PYTHONPATH": f"{copy}{os.pathsep}{once['PYTHONPATH']}"}
        if name == RAW:
            trusting["SSL_CERT_FILE"] = str(copy / certificates.BUNDLE)
        with Environment(variant, trusting, tmp_path / "trusted") as started:
            assert started.invoke(EVENT, EXPECTED) > 0


def trusted_by(layer: Path) -> set[str]:
    """Return the certificates in the folder that replaces botocore's file in the layer."""
    return {each.read_text() for each in (layer / certificates.BUNDLE.with_suffix("")).iterdir()}


def test_the_developers_own_build_is_not_changed(measured: Run, built: Path) -> None:
    root = (measured.folder / "certificates/root.pem").read_text()
    used = next(each for each in measured.variants if each.name == OURS)

    trusted = trusted_by(built / "DependenciesLayer/python")
    assert root not in trusted
    assert used.layer
    assert trusted_by(used.layer) == {*trusted, root}
    assert len(trusted) > 100


def test_the_layer_is_as_small_as_it_should_be(results: dict[str, Any]) -> None:
    assert results["layer_mb"] <= report.AIMS["layer_mb"]
    assert results["layer_zip_mb"] <= report.AIMS["layer_zip_mb"]


def test_the_table_and_the_picture_show_every_variant(measured: Run, results: dict[str, Any]) -> None:
    folder, table, _ = measured
    picture = " ".join(ET.parse(folder / "bench.svg").getroot().itertext())  # noqa: S314 - made here

    for name in results["variants"]:
        assert name in table
        assert (name in picture) is (name != EMPTY)
    for figure in report.AIMS:
        assert figure in table
    assert table.splitlines()[1].startswith("cold request ms")
    assert max(map(len, table.splitlines())) <= 120
    assert picture.index("Cold request") < picture.index("Init") < picture.index("Warm call")


def test_the_functions_variables_are_those_of_the_template(tmp_path: Path) -> None:
    set_here = variables(Variant("any", "any.handler", tmp_path), tmp_path, NOWHERE)

    deployed = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    constants = {name: value for name, value in deployed.items() if isinstance(value, str)}
    assert constants.keys() >= {"PYDANTIC_DISABLE_PLUGINS", "RES_OPTIONS"}
    assert set_here.keys() >= deployed.keys()
    assert set_here | constants == set_here


def test_a_folder_without_a_build_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "require_tools", lambda: None)
    monkeypatch.setattr(runtime, "emulator", lambda: tmp_path)
    (tmp_path / "DevicesFunction").mkdir()

    assert bench.main(["--built", str(tmp_path), "--directory", str(tmp_path / "bench")]) == 1

    assert f"{tmp_path} is not the folder of a finished build" in capsys.readouterr().err
    assert not (tmp_path / "bench").exists()


def test_a_stand_in_that_does_not_start_is_reported() -> None:
    with (
        pytest.raises(BenchError, match="nowhere, did not start"),
        cognito.running("tools.perf.nowhere"),
    ):
        pass


def test_a_wrong_response_stops_the_measurement(measured: Run, tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text("def handler(event, context): raise RuntimeError")
    failing = Variant("failing", "failing.handler", tmp_path)
    environment = variables(failing, measured.folder / "runtime", NOWHERE)

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
    measured: Run, tmp_path: Path, body: dict[str, object], *, right: bool
) -> None:
    response = {"statusCode": 200, "body": json.dumps(body)}
    (tmp_path / "variant.py").write_text(f"def handler(event, context): return {response}")
    variant = Variant("any", "variant.handler", tmp_path)
    environment = variables(variant, measured.folder / "runtime", NOWHERE)

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
