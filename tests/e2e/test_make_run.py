"""The messages of `make run` when it cannot run."""

import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.local_cloud import free_port, outcome, ports


@pytest.fixture
def sam(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that creates a command to take the place of the SAM CLI."""

    def make(script: str) -> str:
        command = tmp_path / "sam"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        return str(command)

    return make


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, errors = outcome("--port", str(port), "--page-port", str(free_port()), "--directory", str(tmp_path))

    assert code == 1
    assert f"127.0.0.1:{port}" in errors
    assert " PORT=" in errors
    assert len(errors.splitlines()) == 1


def test_a_taken_page_port_is_named_before_the_local_cloud_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, errors = outcome("--port", str(free_port()), "--page-port", str(port), "--directory", str(tmp_path))

    assert code == 1
    assert errors.startswith(f"error: Cannot listen on 127.0.0.1:{port} (")
    assert errors.endswith(f" PAGE_PORT={port + 1}\n")
    assert not (tmp_path / "emulator.log").exists()


def test_the_page_and_the_local_cloud_need_different_ports(tmp_path: Path) -> None:
    code, errors = outcome("--port", "4567", "--page-port", "4567", "--directory", str(tmp_path))

    assert (code, errors) == (
        1,
        "error: The page and the local cloud cannot both have port 4567. Choose another PAGE_PORT.\n",
    )


@pytest.mark.parametrize("option", ["--port", "--page-port"])
@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_an_invalid_port_is_refused(option: str, port: str) -> None:
    code, errors = outcome(option, port)

    assert code == 2
    assert f"'{port}' is not a port" in errors


def test_malformed_origins_are_refused(tmp_path: Path) -> None:
    code, errors = outcome("--origins", "http://localhost:5173/", "--directory", str(tmp_path / "local"))

    assert code == 2
    assert "'http://localhost:5173/' is not an origin as browsers send it: write " in errors
    assert not (tmp_path / "local").exists()


def test_too_many_origins_are_refused_before_the_local_cloud_starts(tmp_path: Path) -> None:
    origins = ",".join(f"http://localhost:{port}" for port in range(9001, 9013))

    code, errors = outcome(*ports(), "--origins", origins, "--directory", str(tmp_path))

    assert code == 1
    assert errors.startswith("error: ORIGINS is too long: ")
    assert not (tmp_path / "emulator.log").exists()


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    code, errors = outcome(*ports(), "--directory", str(tmp_path), SAM="/nowhere/sam")

    assert (code, errors) == (
        1,
        "error: /nowhere/sam is missing: run this through `make`, which installs what it needs.\n",
    )


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    directory = tmp_path / "local"
    directory.touch()

    assert outcome(*ports(), "--directory", str(directory)) == (
        1,
        f"error: {directory} cannot be used (File exists): {directory} must be a folder that you can write to.\n",
    )


def test_a_failed_build_names_its_log(tmp_path: Path, sam: Callable[[str], str]) -> None:
    command = sam("echo no wheels today; exit 3")

    code, errors = outcome(*ports(), "--directory", str(tmp_path / "local"), SAM=command)

    log = tmp_path / "local" / "build.log"
    assert (code, errors) == (1, f"error: sam build failed with exit code 3: see {log}\n")
    assert log.read_text() == "no wheels today\n"


def test_a_deployment_without_a_stack_is_an_error(tmp_path: Path, sam: Callable[[str], str]) -> None:
    command = sam('if [ "$1" = build ]; then mkdir -p "$3"; touch "$3/template.yaml"; fi')

    code, errors = outcome(*ports(), "--directory", str(tmp_path / "local"), SAM=command)

    assert code == 1
    assert errors.startswith("error: An error occurred (ValidationError)")
    assert errors.endswith(f"See {tmp_path / 'local' / 'emulator.log'}\n")
