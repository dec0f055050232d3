"""`make load`: that each part measures what it says, and finds what is wrong. No test looks at a time."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import sam_cli
from tests.support.scripts import script
from tools.perf import cognito_quotas as cognito
from tools.perf import drive, flat, kinds, local_api, quotas, throughput, variants
from tools.perf import load as program
from tools.perf import load_report as report
from tools.perf.cognito import DEVICE_KEY
from tools.perf.drive import Answer, LoadError, Plan
from tools.perf.measure import event
from tools.perf.setting import Setting
from tools.perf.variants import Variant

CASE = quotas.Case("one user", environments=3, users=1, rate=60)
REFUSED = Answer("any", 1.0, 1.0, 429, "1")
ADMITTED = Answer("any", 2.0, 1.0, 200, None)

# A function that answers like ours, and then keeps what it should have given back.
LEAKING = """
import os
kept = []
def handler(event, context):
    kept.append(os.urandom({memory}) if {memory} else open(os.devnull))
    return {{"statusCode": {status}, "multiValueHeaders": {{}}, "body": ""}}
"""
# One that fails once it is warm.
FAILING_LATER = """
left = 102
def handler(event, context):
    global left
    left -= 1
    return {"statusCode": 200, "multiValueHeaders": {}} if left > 0 else None
"""


class Stage:
    """A deployed API and its stage, for a local cloud that starts at once."""

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
                """Say nothing."""

        return Handler

    def cloud(self, path: Path) -> str:
        """Write a command that starts this as the local cloud, and does not mind Ctrl-C; return its path."""
        session = {"api_url": f"{self.endpoint}/api/v1", "cognito_endpoint": self.endpoint, "region": "any"}
        text = json.dumps({**session, "access_token": "any"})
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
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """The function, packaged once."""
    folder = tmp_path_factory.mktemp("load")
    return Setting(variants.ours(variants.OURS, folder / "ours"), variants.runtime(folder / "runtime"), folder, print)


@pytest.fixture(scope="module")
def loaded(packaged: Setting, stage: Stage) -> Path:
    """A folder with what a short run of everything left behind, and printed (in `tables.txt`)."""
    folder = packaged.folder
    with pytest.MonkeyPatch.context() as patch, (folder / "tables.txt").open("w") as tables:
        patch.setattr(sys, "stdout", tables)
        patch.setattr(variants, "ours", lambda *_: packaged.variant)
        patch.setattr(variants, "runtime", lambda _: packaged.runtime)
        patch.setattr(program, "AT_ONCE", [1])
        patch.setattr(quotas, "CASES", [CASE])
        patch.setattr(quotas, "QUOTAS", (50, 1))
        patch.setattr(local_api, "PYTHON", stage.cloud(folder / "python"))
        patch.setattr(local_api, "_STOP_SECONDS", 0.1)
        shortest = ["--seconds", str(program.SECONDS[0]), "--invocations", str(program.INVOCATIONS[0])]
        assert program.main([*shortest, "--directory", str(folder), "--output", str(folder / "output")]) == 0
    return folder


@pytest.fixture(scope="module")
def results(loaded: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((loaded / "output/load.json").read_text())
    return found


@pytest.fixture
def leaking(packaged: Setting, tmp_path: Path) -> Callable[..., Setting]:
    """Make a setting of another function."""

    def make(*, memory: int = 0, status: int = 200) -> Setting:
        (tmp_path / "leaking.py").write_text(LEAKING.format(memory=memory, status=status))
        return Setting(Variant("leaking", "leaking.handler", tmp_path), packaged.runtime, tmp_path, print)

    return make


@pytest.fixture
def one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all events be of one kind."""
    monkeypatch.setattr(kinds, "order", lambda: [kinds.DEVICE])


def test_everything_was_measured(results: dict[str, Any]) -> None:
    function, api = results["throughput"]
    (one_environment,) = results["flat"]
    (over_the_quota,) = results["quotas"]

    assert [function["target"], api["target"]] == [throughput.FUNCTION, throughput.LOCAL_API]
    for row in (function, api):
        assert row["statuses"] == {"200": row["requests"]}
        assert 0 < row["p50_ms"] <= row["p99_ms"] <= row["max_ms"]
        assert row["requests_a_second"] > 0
    # Each event was answered as its kind must be, and the environment was looked at
    assert one_environment["statuses"] == {"200": 897, "400": 20, "401": 40, "404": 20, "429": 1, "502": 22}
    assert one_environment["files_growth"] == 0
    assert one_environment["peak_mb"] > 20
    assert 500 < one_environment["log_line_bytes"] < 2000
    # What a user asked for beyond the quota was refused, after two attempts at most
    assert over_the_quota["statuses"].keys() == {"200", "429"}
    assert 0 < over_the_quota["share_of_429"] < 1
    assert 1 < over_the_quota["attempts_a_request"] <= quotas.MAX_ATTEMPTS_A_REQUEST


def test_the_tables_show_every_part(loaded: Path, results: dict[str, Any]) -> None:
    printed = (loaded / "tables.txt").read_text()

    assert printed == report.tables(results) + "\n"
    for shown in (throughput.FUNCTION, throughput.LOCAL_API, "open files", CASE.name):
        assert shown in printed


@pytest.mark.usefixtures("loaded")
def test_the_local_apis_throttling_is_lifted_and_put_back(stage: Stage) -> None:
    assert stage.limits == [(10_000, 10_000), (50, 100)]


@pytest.mark.usefixtures("one_kind")
@pytest.mark.parametrize("memory", [0, 20_000], ids=["files", "memory"])
def test_a_leak_is_found(leaking: Callable[..., Setting], memory: int) -> None:
    with pytest.raises(LoadError, match="the environment grows"):
        flat.measure(leaking(memory=memory), 200)


@pytest.mark.usefixtures("one_kind")
def test_an_answer_of_another_status_is_found(packaged: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.MIXED, kinds.DEVICE, (404, 1))

    with pytest.raises(LoadError, match="a device: answered 200 instead of 404"):
        flat.measure(packaged, 100)


def test_a_missing_answer_is_found(packaged: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "send", lambda *_: ([ADMITTED], []))

    with pytest.raises(LoadError, match="1 answers to 100 events"):
        flat.measure(packaged, 100)


def test_a_function_that_does_not_answer_is_found(leaking: Callable[..., Setting]) -> None:
    with pytest.raises(LoadError, match="does not answer"):
        flat.measure(leaking(status=503), 100)


@pytest.mark.parametrize(
    ("answers", "attempts", "said"),
    [
        ([ADMITTED, Answer("any", 1.0, 1.0, 502, None)], 2, r"other answers than 200 and 429: \[502\]"),
        ([ADMITTED, REFUSED._replace(retry_after=None)], 2, "1 of 1 answers 429 have no Retry-After"),
        ([ADMITTED, REFUSED], 5, "2 requests made 5 attempts"),
        ([ADMITTED], 1, "0 of 1 requests were refused"),
        ([REFUSED], 1, "1 of 1 requests were refused"),
    ],
)
def test_what_breaks_the_promise_of_the_quotas_is_found(answers: Sequence[Answer], attempts: int, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        quotas.check(answers, attempts)


def test_quotas_admit_ten_reads_of_a_user_and_fifty_in_all() -> None:
    # Given full buckets
    admitted = cognito.Quotas(account=50, user=10)

    # When a user asks at once for more than one may, and then others do
    one = [admitted.admit("one", 100.0) for _ in range(12)]
    others = [admitted.admit(f"user {number}", 100.0) for number in range(45)]

    # Then what was refused has cost nothing
    assert one == [True] * 10 + [False] * 2
    assert others == [True] * 40 + [False] * 5
    # And a tenth of a second later there is room for one of the user's reads and four of others'
    assert [admitted.admit("one", 100.1 + 1e-9) for _ in range(2)] == [True, False]
    assert [admitted.admit(f"later {number}", 100.1 + 1e-9) for number in range(5)] == [True] * 4 + [False]


def test_the_stand_in_knows_the_user_of_a_token() -> None:
    authorization = json.loads(event("somebody"))["headers"]["Authorization"]

    assert cognito.user_of(authorization.removeprefix("Bearer ")) == "somebody"


class Asking:
    """Standard input that asks the stand-in for devices before it ends."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.answers: list[httpx.Response | None] = []
        self.attempts = 0

    def read(self) -> str:
        endpoint = f"http://127.0.0.1:{self._capsys.readouterr().out.split()[0]}"
        token = json.loads(event())["headers"]["Authorization"].removeprefix("Bearer ")
        before = cognito.attempts(endpoint)
        headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetDevice"}
        for key in (DEVICE_KEY, cognito.THROTTLED, cognito.PAGE, cognito.DROPPED, "us-east-1_unknown"):
            try:
                body = {"DeviceKey": key, "AccessToken": token}
                self.answers.append(httpx.post(endpoint, json=body, headers=headers, trust_env=False))
            except httpx.RemoteProtocolError:
                self.answers.append(None)
        self.attempts = cognito.attempts(endpoint) - before
        return ""


def test_the_stand_in_fails_where_it_is_asked_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = Asking(capsys)
    monkeypatch.setattr(sys, "stdin", asking)

    cognito.main([])

    assert [answer and answer.status_code for answer in asking.answers] == [200, 400, 200, None, 400]
    assert asking.attempts == 5


def test_the_stand_in_refuses_what_is_over_the_quota(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = Asking(capsys)
    monkeypatch.setattr(sys, "stdin", asking)

    cognito.main(["0", "10"])

    assert [answer and answer.json().get("__type") for answer in asking.answers] == ["TooManyRequestsException"] * 5


def test_another_answer_than_200_stops_the_measurement_of_the_throughput(leaking: Callable[..., Setting]) -> None:
    setting = leaking(status=200)
    (setting.folder / "leaking.py").write_text(FAILING_LATER)

    with pytest.raises(LoadError, match="answered otherwise than with 200"):
        throughput.measure(setting, 1, [1])


def test_a_local_cloud_that_does_not_start_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_api, "PYTHON", script(tmp_path / "python", "#!/bin/sh\nexit 1\n"))

    with pytest.raises(LoadError, match="the local cloud did not start"), local_api.running(tmp_path):
        pytest.fail("it started")


def test_what_locust_cannot_do_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "PYTHON", tmp_path / "none")

    with pytest.raises(LoadError, match="run this through `make load`"):
        drive.send(Plan([], {}, 1), tmp_path)


def test_locust_that_sends_nothing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = tmp_path / "answers.json"
    monkeypatch.setattr(
        drive, "PYTHON", script(tmp_path / "python", f"#!/bin/sh\necho '{{\"answers\": []}}' > {answers}\n")
    )

    with pytest.raises(LoadError, match="sent nothing"):
        drive.send(Plan([], {}, 1), tmp_path)


def test_a_failure_is_a_sentence_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "require_tools", lambda: None)
    monkeypatch.setattr(sam_cli, "PROJECT", tmp_path)

    assert program.main(["--output", str(tmp_path / "output")]) == 1

    assert "error: " in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


def test_an_interrupt_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(variants, "ours", interrupted)

    assert program.main(["--directory", str(tmp_path), "--output", str(tmp_path / "output")]) == 130

    assert "nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("option", [("--seconds", "0"), ("--invocations", "999"), ("--invocations", "many")])
def test_what_is_out_of_bounds_is_refused(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(list(option))

    assert "is not a whole number: give" in capsys.readouterr().err
