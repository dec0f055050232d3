"""The function in Lambda's own container: real `sam local`, with the local cloud behind it."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local import docker
from local.sam_cli import architecture, executable
from tests.support.events import ANSWERS, EVENTS, load
from tests.support.local_cloud import PROJECT, ending, free_port, start
from tests.support.users import User

pytestmark = pytest.mark.usefixtures("container_engine")

PAGE = {"Origin": "http://localhost:8000"}


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    """SAM lets the shell's variables override those of the template."""
    monkeypatch.delenv("ALLOWED_ORIGINS")


def containers() -> set[str]:
    listed = subprocess.run(["docker", "ps", "--all", "--quiet"], capture_output=True, check=True, text=True)
    return set(listed.stdout.split())


def sam_local(session: dict[str, Any], *options: str) -> subprocess.Popen[str]:
    return start("local.sam_local", "--directory", session["directory"], *options)


@contextmanager
def serving(session: dict[str, Any]) -> Iterator[httpx.Client]:
    """Run `make start-api`'s command on a free port; stop it as Ctrl-C does."""
    with ending(sam_local(session, "start-api", "--port", str(free_port()))) as process:
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


@pytest.fixture
def session_of_another(session: dict[str, Any], user: Callable[..., User], tmp_path: Path) -> dict[str, Any]:
    """The session of a user whose device may be forgotten, with the local cloud's build."""
    owner = user(None)
    for name in ("build", "built"):
        (tmp_path / name).symlink_to(Path(session["directory"]) / name)
    other = session | {"access_token": owner.token, "device_keys": owner.keys, "directory": str(tmp_path)}
    (tmp_path / "session.json").write_text(json.dumps(other))
    return other


@pytest.mark.parametrize("name", ANSWERS)
def test_each_event_is_answered_as_the_contract_says(
    name: str, session_of_another: dict[str, Any], api: httpx.Client
) -> None:
    # Given
    status, slug = ANSWERS[name]
    event = json.loads((EVENTS / f"{name}.json").read_text())
    bearer = {"Authorization": f"Bearer {session_of_another['access_token']}"}
    # When
    output, shown = sam_local(session_of_another, "invoke", str(EVENTS / f"{name}.json")).communicate(timeout=180)
    # Then
    answer = json.loads(output)
    assert answer["statusCode"] == status, shown
    assert answer["multiValueHeaders"]["Access-Control-Allow-Origin"] == [PAGE["Origin"]]
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    if slug:
        problem = json.loads(answer["body"])
        assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
        assert (problem["type"], problem["status"]) == (f"urn:problem-type:{slug}", status)
        assert problem["requestId"] == event["requestContext"]["requestId"]
    elif status == 200:
        path = "/devices" if name == "list_devices" else "/devices/current"
        assert json.loads(answer["body"]) == api.get(path, headers=bearer).json()
    else:
        assert not answer["body"]


def test_the_command_that_is_printed_can_be_run_again(session: dict[str, Any]) -> None:
    # Given
    _, shown = sam_local(session, "invoke", str(EVENTS / "get_device.json")).communicate(timeout=180)
    printed = next(line for line in shown.splitlines() if " local invoke " in line)
    # When
    again = subprocess.run(  # noqa: S602 - as a developer's shell does
        printed,
        shell=True,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    # Then
    assert json.loads(json.loads(again.stdout)["body"])["deviceKey"] == session["device_keys"][0]


def plain(session: dict[str, Any], directory: Path, event: str, *options: str) -> Any:
    """Run `sam local invoke` itself, with the project's samconfig.toml and its folder `.local`; return the answer."""
    shutil.copy(PROJECT / "samconfig.toml", directory)
    (directory / ".local").symlink_to(session["directory"])
    skip_pull = "true" if docker.has_unpulled_base_image(architecture()) else "false"
    finished = subprocess.run(
        [executable(), "local", "invoke", "DevicesFunction", "-e", event, *options],
        cwd=directory,
        env=os.environ | {"SAM_SKIP_PULL_IMAGE": skip_pull},
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    return json.loads(finished.stdout)


def test_the_plain_command_needs_no_option_but_the_event(session: dict[str, Any], tmp_path: Path) -> None:
    assert plain(session, tmp_path, str(EVENTS / "unknown_route.json"))["statusCode"] == 404


def test_a_name_that_cannot_be_looked_up_is_an_upstream_error_in_time(session: dict[str, Any], tmp_path: Path) -> None:
    # Given
    event = tmp_path / "event.json"
    event.write_text(json.dumps(load("get_device")))
    nowhere = ["Architecture=" + architecture(), "CognitoEndpoint=https://cognito.invalid"]
    # When it is looked up twice; here and there a resolver says nothing at all
    answer = plain(session, tmp_path, str(event), "--parameter-overrides", *nowhere)
    # Then it is the function that answers, not its timeout
    assert answer["statusCode"] == 502
    assert json.loads(answer["body"])["type"] == "urn:problem-type:upstream-error"


def test_what_containers_can_reach_is_a_users_devices_alone(session: dict[str, Any]) -> None:
    port = urlsplit(session["cognito_endpoint"]).port
    url = f"http://{docker.bridge_address()}:{port}"

    def ask(operation: str) -> httpx.Response:
        target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        return httpx.post(url, headers=target, content="{}", trust_env=False)

    assert ask("ListUserPools").status_code == 403
    assert httpx.get(f"{url}/2015-03-31/functions", trust_env=False).status_code == 403
    assert ask("GetDevice").json()["__type"] == "InvalidParameterException"


def test_the_api_is_served_to_pages(session: dict[str, Any], bearer: dict[str, str]) -> None:
    before = containers()

    with serving(session) as page:
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
    for answer in (device, refused, preflight):
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]
    assert containers() == before
