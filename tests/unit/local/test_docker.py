"""What the local cloud makes of Docker's responses. A script replaces the `docker` command, so any machine will do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from local import docker

type Docker = Callable[[str], None]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    """Return a function that makes a shell script the `docker` command, and the only command on PATH."""

    def make(script: str) -> None:
        path = tmp_path / "docker"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return make


@pytest.mark.usefixtures("command")
def test_the_error_says_that_docker_is_not_installed() -> None:
    with pytest.raises(docker.EngineError) as caught:
        docker.require()

    assert str(caught.value) == (
        "`sam local` needs Docker, which is not installed: see https://docs.docker.com/engine/install/."
    )


def test_the_error_quotes_docker_if_the_engine_does_not_respond(command: Docker) -> None:
    command("echo Client: Docker; echo Is the docker daemon running? >&2; exit 1")

    with pytest.raises(docker.EngineError) as caught:
        docker.require()

    assert str(caught.value) == (
        "`sam local` needs Docker's engine, which does not respond: Is the docker daemon running?"
    )


def test_the_error_says_if_docker_gives_no_reason(command: Docker) -> None:
    command("exit 1")

    with pytest.raises(docker.EngineError, match="no reason given"):
        docker.require()


def test_an_engine_that_responds_is_accepted(command: Docker) -> None:
    command("exit 0")

    docker.require()


@pytest.mark.parametrize(
    ("script", "unpulled"),
    [
        pytest.param("echo 0", True, id="loaded by hand"),
        pytest.param("echo 1", False, id="pulled"),
        pytest.param("echo No such image >&2; exit 1", False, id="not there yet"),
    ],
)
def test_a_base_image_without_a_registrys_digest_was_loaded_by_hand(
    command: Docker, script: str, *, unpulled: bool
) -> None:
    command(f'test "$5" = public.ecr.aws/lambda/python:3.13-arm64 || exit 64\n{script}')

    assert docker.has_unpulled_base_image("arm64") is unpulled


def test_it_finds_the_address_of_a_network_interface() -> None:
    assert docker.bridge_address("lo") == "127.0.0.1"


def test_a_missing_network_interface_has_no_address() -> None:
    assert docker.bridge_address("nothing0") is None
