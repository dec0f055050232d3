"""The function in Lambda's container: `sam local`, with the local cloud in place of Cognito."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local import docker, events
from local.sam_cli import architecture, executable
from tests.support.events import EVENTS, RESPONSES, load
from tests.support.local_cloud import PROJECT, ending, free_port, start
from tests.support.processes import output_of
from tests.support.users import User

pytestmark = pytest.mark.usefixtures("container_engine")

PAGE = {"Origin": "http://localhost:8000"}


@dataclass(frozen=True)
class Invoked:
    """The function's response, what else was shown, and the command that was printed."""

    response: dict[str, Any]
    shown: str
    command: str


@pytest.fixture(scope="module", autouse=True)
def _no_override() -> Iterator[None]:
    """Remove ALLOWED_ORIGINS: SAM would let it override the template's value."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ALLOWED_ORIGINS")
        yield


def containers() -> set[str]:
    return set(output_of(["docker", "ps", "--all", "--quiet"]).split())


def sam_local(session: dict[str, Any], *options: str) -> subprocess.Popen[str]:
    return start("local.sam_local", "--directory", session["directory"], *options)


@contextmanager
def serving(started: subprocess.Popen[str]) -> Iterator[httpx.Client]:
    """Wait until a command serves, yield a client of it, and stop it as Ctrl-C does."""
    with ending(started) as process:
        shown = []
        assert process.stderr
        for line in process.stderr:
            shown.append(line)
            if found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", line):
                break
        assert found, "".join(shown)
        try:
            with httpx.Client(base_url=found[1], headers=PAGE, timeout=60, trust_env=False) as page:
                yield page
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def invoked(session: dict[str, Any]) -> Invoked:
    """Run `make invoke`'s command once."""
    output, shown = sam_local(session, "invoke", str(EVENTS / "get_device.json")).communicate(timeout=180)
    assert output, shown
    (command,) = (line for line in shown.splitlines() if " local invoke " in line)
    return Invoked(json.loads(output), shown, command)


@pytest.fixture(scope="module")
def function(invoked: Invoked) -> Iterator[httpx.Client]:
    """The function in one container for all events, with the options of `make invoke`."""
    command = shlex.split(invoked.command)
    position = command.index("invoke")
    command[position : position + 4] = ["start-lambda", "--port", str(free_port()), "--warm-containers", "EAGER"]
    pipes: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with serving(subprocess.Popen(command, cwd=PROJECT, text=True, **pipes)) as client:
        yield client


@pytest.fixture
def somebody(user: Callable[..., User]) -> Callable[[], events.User]:
    """Return a function that gives a user whose device may be forgotten, created when an event needs one."""

    @cache
    def create() -> events.User:
        owner = user(None)
        return events.User(owner.token, owner.keys[0])

    return create


@pytest.mark.parametrize("name", RESPONSES)
def test_each_event_gets_the_response_of_the_contract(
    name: str, function: httpx.Client, somebody: Callable[[], events.User], api: httpx.Client, tmp_path: Path
) -> None:
    # Given
    status, slug = RESPONSES[name]
    event = events.ready(EVENTS / f"{name}.json", somebody, tmp_path).read_bytes()
    # When
    response = function.post("/2015-03-31/functions/DevicesFunction/invocations", content=event).json()
    # Then
    assert response["statusCode"] == status
    assert response["multiValueHeaders"]["Access-Control-Allow-Origin"] == [PAGE["Origin"]]
    assert response["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    if slug:
        problem = json.loads(response["body"])
        assert response["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
        assert (problem["type"], problem["status"]) == (f"urn:problem-type:{slug}", status)
        assert problem["requestId"] == json.loads(event)["requestContext"]["requestId"]
    elif status == 200:
        path = "/devices" if name == "list_devices" else "/devices/current"
        bearer = {"Authorization": f"Bearer {somebody().access_token}"}
        assert json.loads(response["body"]) == api.get(path, headers=bearer).json()
    else:
        assert not response["body"]


def test_an_invocation_prints_the_response(invoked: Invoked, session: dict[str, Any]) -> None:
    assert invoked.response["statusCode"] == 200, invoked.shown
    assert json.loads(invoked.response["body"])["deviceKey"] == session["device_keys"][0]


def test_the_printed_command_can_be_run_again(invoked: Invoked, session: dict[str, Any]) -> None:
    again = output_of(invoked.command, shell=True, cwd=PROJECT, timeout=180)  # noqa: S604 - as a developer's shell does

    assert json.loads(json.loads(again)["body"])["deviceKey"] == session["device_keys"][0]


def plain(session: dict[str, Any], directory: Path, event: str, *options: str) -> Any:
    """Run `sam local invoke` itself, with the project's samconfig.toml and its folder `.local`; return the response."""
    shutil.copy(PROJECT / "samconfig.toml", directory)
    (directory / ".local").symlink_to(session["directory"])
    skip_pull = "true" if docker.has_unpulled_base_image(architecture()) else "false"
    output = output_of(
        [executable(), "local", "invoke", "DevicesFunction", "-e", event, *options],
        cwd=directory,
        env=os.environ | {"SAM_SKIP_PULL_IMAGE": skip_pull},
        timeout=180,
    )
    return json.loads(output)


def test_the_plain_command_needs_no_option_but_the_event(session: dict[str, Any], tmp_path: Path) -> None:
    assert plain(session, tmp_path, str(EVENTS / "unknown_route.json"))["statusCode"] == 404


def test_a_host_name_that_does_not_resolve_is_an_upstream_error_in_time(
    session: dict[str, Any], tmp_path: Path
) -> None:
    # Given
    event = tmp_path / "event.json"
    event.write_text(json.dumps(load("get_device")))
    nowhere = ["Architecture=" + architecture(), "CognitoEndpoint=https://cognito.invalid"]
    # When the function looks the name up twice. Some resolvers do not respond at all
    response = plain(session, tmp_path, str(event), "--parameter-overrides", *nowhere)
    # Then the function responds before its timeout
    assert response["statusCode"] == 502
    assert json.loads(response["body"])["type"] == "urn:problem-type:upstream-error"


def test_containers_reach_only_the_device_operations_of_the_local_cloud(session: dict[str, Any]) -> None:
    port = urlsplit(session["cognito_endpoint"]).port
    url = f"http://{docker.bridge_address()}:{port}"

    def ask(operation: str) -> httpx.Response:
        target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        return httpx.post(url, headers=target, content="{}", trust_env=False)

    assert ask("ListUserPools").status_code == 403
    assert httpx.get(f"{url}/2015-03-31/functions", trust_env=False).status_code == 403
    assert ask("GetDevice").json()["__type"] == "InvalidParameterException"


def test_start_api_serves_a_browser(session: dict[str, Any], bearer: dict[str, str]) -> None:
    before = containers()

    command = sam_local(session, "start-api", "--port", str(free_port()))
    with serving(command) as page:
        device = page.get(f"/devices/{session['device_keys'][0]}", headers=bearer)
        refused = page.get("/devices/current")
        preflight = page.options(
            "/devices/current",
            headers={"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"},
        )

    assert device.status_code == 200
    assert device.json()["deviceKey"] == session["device_keys"][0]
    assert device.json()["current"] is True
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:problem-type:missing-token")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Methods"] == "DELETE,GET,OPTIONS,PATCH"
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    for response in (device, refused, preflight):
        assert response.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]
    assert containers() == before
