"""`make load`: a short run of the real command, and what stops it. No test looks at a time.

The local cloud is replaced by a server that has a stage only: starting the real one would take half a minute.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local import sam_cli
from local.session import Session
from tests.support.commands import printed
from tests.support.scripts import script
from tools.perf import cognito, drive, load, local_api, quotas, throughput, variants
from tools.perf import load_report as report
from tools.perf.errors import LoadError
from tools.perf.plan import Plan
from tools.perf.setting import Load
from tools.perf.variants import Variant

CASE = quotas.Case("one user", environments=3, users=1, rate=60)


class Stage:
    """A stage of API Gateway that records its throttling, for a local cloud that starts at once."""

    def __init__(self) -> None:
        self.limits: list[tuple[float, float]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        limits = self.limits

        class Handler(BaseHTTPRequestHandler):
            def do_PATCH(self) -> None:
                changes = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["patchOperations"]
                rate, burst = (float(change["value"]) for change in changes)
                limits.append((rate, burst))
                self.do_GET()

            def do_GET(self) -> None:
                body = json.dumps({"methodSettings": {"*/*": {"throttlingRateLimit": 50, "throttlingBurstLimit": 100}}})
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def cloud(self, path: Path) -> str:
        """Write a command that starts this as the local cloud, and ignores Ctrl-C; return its path."""
        session = dict.fromkeys(Session.__required_keys__, "any")
        text = json.dumps({**session, "api_url": f"{self.endpoint}/api/v1", "cognito_endpoint": self.endpoint})
        publish = f"for folder; do :; done\necho '{text}' > \"$folder/session.json\""
        return script(path, f"#!/bin/sh\ntrap '' INT\n{publish}\nexec sleep 60\n")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def loaded(built: Path, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a short run, and what the run printed."""
    folder = tmp_path_factory.mktemp("load")
    folders = ["--built", str(built), "--directory", str(folder), "--output", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "AT_ONCE", [1])
        patch.setattr(quotas, "CASES", [CASE])
        patch.setattr(quotas, "QUOTAS", (50, 1))
        patch.setattr(local_api, "PYTHON", stage.cloud(folder / "python"))
        patch.setattr(local_api, "_STOP_SECONDS", 0.1)
        return folder, printed(load.main, "--seconds", "1", "--invocations", "1000", *folders)


@pytest.fixture(scope="module")
def results(loaded: tuple[Path, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((loaded[0] / "load.json").read_text())
    return found


def test_throughput_is_measured_at_the_function_and_at_the_api(results: dict[str, Any]) -> None:
    function, api = results["throughput"]

    assert [function["target"], api["target"]] == [throughput.FUNCTION, throughput.LOCAL_API]
    for row in (function, api):
        assert row["statuses"] == {"200": row["requests"]}
        assert 0 < row["p50_ms"] <= row["p99_ms"] <= row["max_ms"]
        assert row["requests_a_second"] > 0


def test_each_kind_of_event_gets_its_status_and_nothing_leaks(results: dict[str, Any]) -> None:
    (one_environment,) = results["flat"]

    assert one_environment["statuses"] == {"200": 897, "400": 20, "401": 40, "404": 20, "429": 1, "502": 22}
    assert one_environment["files_growth"] == 0
    assert one_environment["peak_mb"] > 20
    assert 500 < one_environment["log_line_bytes"] < 2000


def test_requests_over_the_quota_are_refused_after_two_attempts_at_most(results: dict[str, Any]) -> None:
    (over_the_quota,) = results["quotas"]

    assert over_the_quota["statuses"].keys() == {"200", "429"}
    assert 0 < over_the_quota["share_of_429"] < 1
    assert 1 < over_the_quota["attempts_a_request"] <= quotas.MAX_ATTEMPTS


def test_the_tables_show_every_part(loaded: tuple[Path, str], results: dict[str, Any]) -> None:
    assert loaded[1] == report.tables(results) + "\n"
    for shown in (throughput.FUNCTION, throughput.LOCAL_API, "open files", CASE.name):
        assert shown in loaded[1]


@pytest.mark.usefixtures("loaded")
def test_the_local_apis_throttling_is_lifted_and_restored(stage: Stage) -> None:
    assert stage.limits == [(10_000, 10_000), (50, 100)]


def test_a_function_that_responds_with_an_error_is_reported(loaded: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text('def handler(event, context): return {"statusCode": 503}')
    failing = Load(Variant("failing", "failing.handler", tmp_path), loaded[0] / "runtime", tmp_path, print)

    with (
        cognito.running() as stand_in,
        pytest.raises(LoadError, match="does not respond with 200"),
        failing.environments(1, stand_in),
    ):
        pytest.fail("it started")


def test_a_local_cloud_that_does_not_start_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_api, "PYTHON", script(tmp_path / "python", "#!/bin/sh\nexit 1\n"))

    with pytest.raises(LoadError, match="the local cloud did not start"), local_api.running(tmp_path):
        pytest.fail("it started")


def test_a_missing_locust_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "PYTHON", tmp_path / "none")

    with pytest.raises(LoadError, match="run `make load`"):
        drive.send(Plan([], {}, 1), tmp_path)


def test_a_run_without_requests_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = tmp_path / "outcomes.json"
    locust = script(tmp_path / "python", f"#!/bin/sh\necho '{{\"outcomes\": []}}' > {result}\n")
    monkeypatch.setattr(drive, "PYTHON", locust)

    with pytest.raises(LoadError, match="sent nothing"):
        drive.send(Plan([], {}, 1), tmp_path)


def test_a_failure_is_a_sentence_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(load, "require_tools", lambda: None)
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)

    assert load.main(["--output", str(tmp_path / "output")]) == 1

    assert "error: " in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


def test_an_interrupt_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(variants, "build", interrupted)

    assert load.main(["--directory", str(tmp_path), "--output", str(tmp_path / "output")]) == 130

    assert "nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("option", [("--seconds", "0"), ("--invocations", "999"), ("--invocations", "many")])
def test_numbers_out_of_bounds_are_refused(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        load.main(list(option))

    assert "is not a whole number: give" in capsys.readouterr().err
