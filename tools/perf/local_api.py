"""The API that `make run` deploys into the local cloud, with its throttling lifted."""

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import sam_cli
from local import session as sessions
from local.session import Session
from tools.perf.errors import LoadError
from tools.perf.plan import Target
from tools.perf.runtime import free_ports
from tools.perf.setting import WARM_UP

PYTHON = sam_cli.PROJECT / ".tools/local/bin/python"
_START_SECONDS = 180
_STOP_SECONDS = 30
_UNLIMITED = 10_000
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def running(folder: Path) -> Iterator[Session]:
    """Run the local cloud, with its own folder and ports, while the block runs.

    Raises
    ------
    LoadError
        It did not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sessions.withdraw(folder)
    port, page_port = free_ports()
    command = [str(PYTHON), "-m", "local", "--port", str(port), "--page-port", str(page_port), "--directory"]
    with (folder / "local.log").open("w") as output:
        process = subprocess.Popen(
            [*command, str(folder.resolve())],
            cwd=sam_cli.PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches the measurement alone, which then ends this process
        )
    try:
        yield _ready(process, folder)
    finally:
        _stop(process)


def _ready(process: subprocess.Popen[bytes], folder: Path) -> Session:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if session := sessions.read(folder):
            return session
        time.sleep(0.1)
    raise LoadError(f"the local cloud did not start: see {folder / 'local.log'}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def unthrottled(session: Session) -> Iterator[None]:
    """Raise the throttling of the deployed API beyond what this machine can send, while the block runs."""
    before = _stage(session)["methodSettings"]["*/*"]
    _throttle(session, _UNLIMITED, _UNLIMITED)
    try:
        yield
    finally:
        _throttle(session, before["throttlingRateLimit"], before["throttlingBurstLimit"])


def target(session: Session) -> Target:
    """Return the request for the user's current device as a target."""
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    return Target(f"{session['api_url']}/devices/current", ["the current device"], "GET", headers)


def warm_up(target: Target) -> None:
    """Call a target until all its processes are warm."""
    for _ in range(WARM_UP):
        with _NO_PROXY.open(urllib.request.Request(target.url, headers=dict(target.headers)), timeout=10) as response:
            response.read()


def _throttle(session: Session, rate: float, burst: int) -> None:
    values = {"rateLimit": rate, "burstLimit": burst}
    changes = [
        {"op": "replace", "path": f"/*/*/throttling/{name}", "value": str(value)} for name, value in values.items()
    ]
    _stage(session, "PATCH", {"patchOperations": changes})


def _stage(session: Session, method: str = "GET", body: object = None) -> Any:
    api_id, stage = session["api_url"].split("/")[-2:]
    # MiniStack takes the service from the signature's scope, and does not check the signature.
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{session['region']}/apigateway/aws4_request",
    }
    url = f"{session['cognito_endpoint']}/restapis/{api_id}/stages/{stage}"
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
    with _NO_PROXY.open(request, timeout=10) as response:
        return json.load(response)
