"""The `sam local` commands that `make invoke` and `make start-api` run, and the errors before that.

Scripts replace Docker and the SAM CLI here; the end-to-end tests use the real ones.
"""

import json
import os
import shlex
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local import docker, sam_local
from local.sam_cli import architecture
from tests.support.events import EVENTS
from tests.support.local_cloud import free_port, start, write_session
from tests.support.tokens import IN_2024, access_token

KEY = "us-east-1_0a1b2c3d"
NOT_RUNNING = (
    "error: the local cloud does not run: start it with `make run` in another shell and wait until it is ready, "
    "or choose Amazon Cognito with COGNITO=aws.\n"
)
BUILDING_SAM = 'mkdir -p "$3/DependenciesLayer" && touch "$3/template.yaml"'  # build --build-dir DIRECTORY …


class BecameError(Exception):
    """Raised instead of replacing the process with a command, which it carries."""


@dataclass(frozen=True)
class Machine:
    """A machine with Docker, a SAM CLI, and a folder for the local cloud."""

    tools: Path
    directory: Path

    def has(self, tool: str, script: str) -> Path:
        """Make a shell script one of the tools."""
        path = self.tools / tool
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def has_session(self, port: int, token: str) -> None:
        """Write a `session.json` of a local cloud on a port."""
        facts = {"access_token": token, "device_keys": [KEY, "another"]}
        write_session(self.directory, f"http://127.0.0.1:{port}", **facts)


type Run = Callable[..., list[str]]
type Fail = Callable[..., str]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path / "tools", tmp_path / "local")
    machine.tools.mkdir()
    machine.directory.mkdir()
    machine.has("docker", "echo 1")
    monkeypatch.setenv("PATH", str(machine.tools), prepend=os.pathsep)
    monkeypatch.setenv("SAM", str(machine.has("sam", BUILDING_SAM)))
    monkeypatch.setattr(docker, "bridge_address", lambda: None)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "example.com")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    return machine


@pytest.fixture
def local_cloud(machine: Machine) -> Iterator[int]:
    """The port of a server that takes the place of the local cloud; `session.json` names it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        machine.has_session(port, access_token())
        yield port


@pytest.fixture
def run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that returns the command line which replaces the process."""

    def become(_: str, command: list[str]) -> None:
        raise BecameError(command)

    def run(*options: str) -> list[str]:
        with pytest.raises(BecameError) as became:
            sam_local.main(["--directory", str(machine.directory), *options])
        command: list[str] = became.value.args[0]
        return command

    monkeypatch.setattr(os, "execvp", become)
    return run


@pytest.fixture
def fail(machine: Machine, capsys: pytest.CaptureFixture[str]) -> Fail:
    """Return a function that returns the error message of a command that fails."""

    def fail(*options: str) -> str:
        assert sam_local.main(["--directory", str(machine.directory), *options]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        return shown.err

    return fail


def after(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_invoke_sends_an_event_to_a_function_that_calls_the_local_cloud(
    run: Run, machine: Machine, local_cloud: int, capsys: pytest.CaptureFixture[str]
) -> None:
    # When
    command = run("invoke", str(EVENTS / "unknown_route.json"))
    # Then
    template = machine.directory / "build" / "template.yaml"
    assert command == [
        str(machine.tools / "sam"), "local", "invoke", "DevicesFunction", "--event", str(EVENTS / "unknown_route.json"),
        "--template-file", str(template),
        "--parameter-overrides", f"Architecture={architecture()}",
        f"CognitoEndpoint=http://host.docker.internal:{local_cloud}",
        "--add-host", "host.docker.internal:host-gateway",
    ]  # fmt: skip
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[-1] == shlex.join(command)


def test_invoke_fills_placeholders_in_a_copy_that_only_its_owner_can_read(
    run: Run, machine: Machine, local_cloud: int
) -> None:
    # Given
    assert local_cloud
    (machine.directory / "events").mkdir()
    # When
    command = run("invoke", str(EVENTS / "get_device.json"))
    # Then
    copy = machine.directory / "events" / "get_device.json"
    event = json.loads(copy.read_text(encoding="utf-8"))
    assert after(command, "--event") == str(copy)
    assert event["path"] == f"/devices/{KEY}"
    assert event["headers"]["Authorization"] == f"Bearer {access_token()}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_start_api_serves_the_api_on_a_port(run: Run, local_cloud: int) -> None:
    port = str(free_port())

    command = run("start-api", "--port", port)

    assert command[1:7] == ["local", "start-api", "--port", port, "--warm-containers", "EAGER"]
    assert f"CognitoEndpoint=http://host.docker.internal:{local_cloud}" in command


@pytest.mark.usefixtures("local_cloud")
def test_the_sam_cli_works_behind_a_proxy(run: Run) -> None:
    run("start-api", "--port", str(free_port()))

    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "example.com,127.0.0.1,localhost"
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_current_build_is_not_built_again(
    run: Run, machine: Machine, local_cloud: int, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given
    assert local_cloud
    run("start-api", "--port", str(free_port()))
    first = capsys.readouterr().err
    machine.has("sam", "exit 64")
    # When
    run("start-api", "--port", str(free_port()))
    # Then
    assert "building the template" in first
    assert "building the template" not in capsys.readouterr().err


def test_sam_does_not_pull_a_base_image_that_was_loaded_by_hand(run: Run, machine: Machine, local_cloud: int) -> None:
    assert local_cloud
    machine.has("docker", "echo 0")

    assert "--skip-pull-image" in run("start-api", "--port", str(free_port()))


@pytest.mark.usefixtures("machine")
def test_with_amazon_cognito_the_event_gets_the_users_own_token(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setenv("ACCESS_TOKEN", "a.b.c")
    monkeypatch.setenv("DEVICE_KEY", KEY)
    # When
    command = run("--cognito", "aws", "invoke", str(EVENTS / "get_device.json"))
    # Then
    event = json.loads(Path(after(command, "--event")).read_text(encoding="utf-8"))
    assert event["path"] == f"/devices/{KEY}"
    assert event["headers"]["Authorization"] == "Bearer a.b.c"
    assert not [each for each in command if each.startswith("CognitoEndpoint")]


@pytest.mark.usefixtures("machine")
def test_with_amazon_cognito_the_event_names_the_current_device_by_default(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESS_TOKEN", "a.b.c")
    monkeypatch.delenv("DEVICE_KEY", raising=False)

    command = run("--cognito", "aws", "invoke", str(EVENTS / "get_device.json"))

    assert json.loads(Path(after(command, "--event")).read_text(encoding="utf-8"))["path"] == "/devices/current"


@pytest.mark.usefixtures("machine")
def test_with_amazon_cognito_a_token_is_required(fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCESS_TOKEN", raising=False)

    assert fail("--cognito", "aws", "invoke", str(EVENTS / "get_device.json")) == (
        "error: COGNITO=aws needs a user's token: set ACCESS_TOKEN, "
        "and DEVICE_KEY if you mean another device than the current one.\n"
    )


def test_an_engine_that_does_not_respond_is_the_first_error(fail: Fail, machine: Machine) -> None:
    machine.has("docker", "echo Is the docker daemon running? >&2; exit 1")

    assert fail("invoke", "nothing.json") == (
        "error: `sam local` needs Docker's engine, which does not respond: Is the docker daemon running?\n"
    )


def test_the_error_names_a_missing_tool() -> None:
    with start("local.sam_local", "start-api", SAM="/nowhere/sam") as process:
        shown = process.communicate(timeout=60)

    assert process.returncode == 1
    assert shown == ("", "error: /nowhere/sam is missing: run this through `make`, which installs what it needs.\n")


@pytest.mark.usefixtures("machine")
def test_without_a_session_the_error_says_that_no_local_cloud_runs(fail: Fail) -> None:
    assert fail("start-api") == NOT_RUNNING


def test_with_a_stale_session_the_error_says_that_no_local_cloud_runs(fail: Fail, machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        machine.has_session(taken.getsockname()[1], access_token())

    assert fail("start-api") == NOT_RUNNING


@pytest.mark.usefixtures("local_cloud")
def test_the_error_says_that_the_local_cloud_was_started_before_docker(
    fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "bridge_address", lambda: "127.0.0.2")

    assert fail("start-api") == (
        "error: the local cloud was started before Docker, so it does not listen on 127.0.0.2, where containers reach "
        "this machine: restart `make run`.\n"
    )


def test_the_error_names_a_port_that_is_taken(fail: Fail, local_cloud: int) -> None:
    assert fail("start-api", "--port", str(local_cloud)) == (
        f"error: Cannot listen on 127.0.0.1:{local_cloud} (Address already in use). "
        f"Choose another port: PORT={local_cloud + 1}\n"
    )


def test_the_error_says_that_the_token_has_expired(fail: Fail, machine: Machine, local_cloud: int) -> None:
    machine.has_session(local_cloud, access_token({"exp": IN_2024}))

    assert fail("invoke", str(EVENTS / "get_device.json")) == (
        "error: the demo user's token has expired: restart `make run`.\n"
    )


@pytest.mark.usefixtures("local_cloud")
def test_the_error_names_a_missing_event(fail: Fail) -> None:
    assert fail("invoke", "events/nothing.json") == (
        "error: events/nothing.json cannot be read (No such file or directory): choose another event, such as "
        "EVENT=events/get_device.json.\n"
    )


@pytest.mark.usefixtures("local_cloud")
@pytest.mark.parametrize("content", [b"{", b"\xff"])
def test_the_error_names_an_event_that_is_not_json(fail: Fail, tmp_path: Path, content: bytes) -> None:
    event = tmp_path / "event.json"
    event.write_bytes(content)

    assert fail("invoke", str(event)).startswith(f"error: {event} is not JSON: ")


@pytest.mark.parametrize("command", [["invoke", "events/get_device.json"], ["start-api"]])
def test_the_error_names_a_file_in_the_place_of_the_folder(fail: Fail, machine: Machine, command: list[str]) -> None:
    machine.directory.rmdir()
    machine.directory.touch()

    assert fail(*command) == (
        f"error: {machine.directory} cannot be used (File exists): {machine.directory} must be a folder that you can "
        "write to.\n"
    )


def test_the_error_names_the_log_of_a_failed_build(fail: Fail, machine: Machine, local_cloud: int) -> None:
    assert local_cloud
    machine.has("sam", "echo no wheels today; exit 3")

    log = machine.directory / "build.log"
    assert fail("invoke", str(EVENTS / "unknown_route.json")).endswith(
        f"error: sam build failed with exit code 3: see {log}\n"
    )
    assert log.read_text(encoding="utf-8") == "no wheels today\n"


@pytest.mark.parametrize("options", [("--cognito", "azure", "start-api"), ("start-api", "--port", "0"), ()])
def test_unknown_options_are_rejected(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        sam_local.main(list(options))

    assert exited.value.code == 2
    assert "usage: python -m local.sam_local" in capsys.readouterr().err
