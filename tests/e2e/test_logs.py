"""The command of `make logs` prints what the function logged."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from local import logs
from tests.support.local_cloud import ending, free_port, start, write_session

type ReadLog = Callable[..., tuple[int, str, str]]

GROUP = "/aws/lambda/another"
KEY = "us-east-1_00000000-0000-0000-0000-000000000000"


def following(directory: str, *options: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run the command in a process of its own, which a test can interrupt."""
    return ending(start("local.logs", "--directory", directory, *options))


def line_of(process: subprocess.Popen[str], request_id: str) -> dict[str, Any]:
    """Read lines until the function's line about a request."""
    assert process.stdout
    for line in process.stdout:
        record: dict[str, Any] = json.loads(line)
        if record.get("correlation_id") == request_id and record["message"] == "answered":
            return record
    raise AssertionError("the log ended without the line")


@pytest.fixture
def read_log(capsys: pytest.CaptureFixture[str]) -> ReadLog:
    """Return a function that runs the command to its end: the exit code, standard output and standard error."""

    def run(directory: str | Path, *options: str) -> tuple[int, str, str]:
        code = logs.main(["--directory", str(directory), *options])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def write(aws: Callable[[str], Any]) -> Iterator[Callable[..., None]]:
    """Return a function that writes lines of an age in seconds into another function's log, three per millisecond."""
    service = aws("logs")
    service.create_log_group(logGroupName=GROUP)
    service.create_log_stream(logGroupName=GROUP, logStreamName="stream")

    def put(*lines: str, age: int = 0) -> None:
        first = int((time.time() - age) * 1000)
        events = [{"timestamp": first + number // 3, "message": line.rstrip("\n")} for number, line in enumerate(lines)]
        service.put_log_events(logGroupName=GROUP, logStreamName="stream", logEvents=events)

    yield put
    service.delete_log_group(logGroupName=GROUP)


def test_it_follows_the_log_until_it_is_interrupted(
    session: dict[str, Any], api: httpx.Client, bearer: dict[str, str]
) -> None:
    # Given a request before the start, and one after it
    earlier = api.get(f"/devices/{KEY}", headers=bearer)
    with following(session["directory"]) as process:
        assert line_of(process, earlier.headers["x-amzn-RequestId"])["outcome"] == "device-not-found"
        later = api.get("/devices/current", headers=bearer)
        assert line_of(process, later.headers["x-amzn-RequestId"])["outcome"] == "ok"

        # When
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)

    # Then it ends silently, and did not repeat the line
    assert (process.returncode, errors) == (0, "")
    assert later.headers["x-amzn-RequestId"] not in output


def test_it_ends_when_nobody_reads_its_output(
    session: dict[str, Any], api: httpx.Client, bearer: dict[str, str]
) -> None:
    request_id = api.get("/devices/current", headers=bearer).headers["x-amzn-RequestId"]
    for options in ([], ["--request", request_id]):
        with following(session["directory"], *options) as process:
            assert process.stdout
            process.stdout.close()

            assert process.wait(timeout=30) == 0
            assert process.stderr
            assert process.stderr.read() == ""


def test_it_prints_the_lines_of_one_request(
    session: dict[str, Any], api: httpx.Client, bearer: dict[str, str], read_log: ReadLog
) -> None:
    ids = [api.get(f"/devices/{KEY}", headers=bearer).json()["requestId"] for _ in range(2)]

    code, output, errors = read_log(session["directory"], "--request", ids[0])

    assert (code, errors) == (0, "")
    assert {json.loads(line)["correlation_id"] for line in output.splitlines()} == {ids[0]}


def test_it_says_that_the_function_did_not_log_a_request(
    session: dict[str, Any], api: httpx.Client, read_log: ReadLog
) -> None:
    refused = api.get("/devices").json()["requestId"]

    for asked, named in ((refused, refused), ("\x1b[2J", r"\u001b[2J")):
        code, output, errors = read_log(session["directory"], "--request", asked)

        assert (code, output) == (1, "")
        assert errors.startswith(f"error: the function logged nothing for {named}: API Gateway responded itself, or ")
        assert errors.count("\n") == 1


@pytest.fixture
def many(api: httpx.Client, bearer: dict[str, str], write: Callable[..., None]) -> list[str]:
    """Write more old lines than MiniStack sends in two responses, and a new line; return them."""
    lines = [f'{{"number":{number},"correlation_id":"many"}}\n' for number in range(25_000)]
    write(*lines[:-1], age=60)
    api.get("/devices/current", headers=bearer)  # the other function logs too
    write(lines[-1])
    return lines


def test_it_prints_each_of_many_lines_once(session: dict[str, Any], many: list[str]) -> None:
    printed = []
    with following(session["directory"]) as process:
        assert process.stdout
        for line in process.stdout:
            printed.append(line)
            if line == many[-1]:
                break

    assert [line for line in printed if '"many"' in line] == many


def test_it_prints_each_of_many_lines_of_one_request_once(
    session: dict[str, Any], many: list[str], write: Callable[..., None], read_log: ReadLog
) -> None:
    write('{"message":"many","correlation_id":"another"}')  # it has the word, and is of another request

    code, output, errors = read_log(session["directory"], "--request", "many")

    assert (code, errors) == (0, "")
    assert output.splitlines(keepends=True) == many


def test_lines_cannot_control_the_terminal(session: dict[str, Any], write: Callable[..., None]) -> None:
    # Given lines with control codes and a change of direction, in JSON and not, and Lambda's own lines
    write('{"message":"a\x9b2J\u202eb 花子 📱","correlation_id":"strange"}')
    write("START RequestId: 5aa1824e Version: 1")
    write("Traceback \x1b[2J")

    # When all are printed
    with following(session["directory"]) as process:
        assert process.stderr
        error = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        output, more_errors = process.communicate(timeout=30)

    # Then JSON stays JSON with the same content
    assert (error, more_errors) == ("Traceback \\u001b[2J\n", "")
    (line,) = [line for line in output.splitlines() if "strange" in line]
    assert line == r'{"message":"a\u009b2J\u202eb 花子 📱","correlation_id":"strange"}'


def test_it_says_that_no_local_cloud_runs(read_log: ReadLog, tmp_path: Path) -> None:
    assert read_log(tmp_path) == (
        1,
        "",
        "error: no local cloud runs here: start it with `make run` in another shell.\n",
    )

    # Given the session file of a local cloud that was killed
    endpoint = f"http://127.0.0.1:{free_port()}"
    write_session(tmp_path, endpoint)

    code, _, errors = read_log(tmp_path, "--request", "any")

    assert (code, errors) == (1, "error: the local cloud stopped: start it with `make run` in another shell.\n")


class OfAnotherProject(BaseHTTPRequestHandler):
    """Answers everything with a page."""

    status = 200

    def do_POST(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<html>another project</html>")

    def log_message(self, *_: object) -> None:
        """Write nothing to standard error, which the test compares."""


class Refusing(OfAnotherProject):
    status = 501


@pytest.mark.parametrize("handler", [OfAnotherProject, Refusing])
def test_another_server_on_the_port_is_not_the_local_cloud(
    handler: type[BaseHTTPRequestHandler], read_log: ReadLog, tmp_path: Path
) -> None:
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        write_session(tmp_path, f"http://127.0.0.1:{server.server_port}")

        came = read_log(tmp_path, "--request", "any")
        server.shutdown()

    assert came == (1, "", "error: the local cloud stopped: start it with `make run` in another shell.\n")
