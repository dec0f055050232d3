"""The emulator at another address than 127.0.0.1, where containers and neighbours on the network reach it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.local_cloud import PROJECT, PYTHON, ending, free_port
from tests.support.takeover import presigned, signature

# 127.0.0.2 is an address of this machine, as the bridge's address is.
NEIGHBOURS = "127.0.0.2"
RUN = """
import sys
from pathlib import Path
from local.cognito.store import DeviceStore
from local.emulator import running
with running(int(sys.argv[1]), Path(sys.argv[2]), DeviceStore(), sys.argv[3]):
    print("ready", flush=True)
    sys.stdin.read()
"""
DEVICES = "AWSCognitoIdentityProviderService.ListDevices"
GARBAGE = {"AccessToken": "..."}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run an emulator that listens at both addresses; return its port."""
    port, log = free_port(), tmp_path_factory.mktemp("neighbours") / "emulator.log"
    command: list[str | Path] = [PYTHON, "-c", RUN, str(port), log, NEIGHBOURS]
    started = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    with ending(started) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield port
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def ask(port: int, path: str, **headers: str) -> httpx.Response:
    return httpx.post(f"http://{NEIGHBOURS}:{port}{path}", json=GARBAGE, headers=headers, trust_env=False)


@pytest.mark.parametrize("host", ["{port}", "host.docker.internal:{port}"])
def test_the_functions_operations_are_served(port: int, host: str) -> None:
    named = {"Host": host.format(port=port)} if host.startswith("host") else {}

    response = ask(port, "/", **{"X-Amz-Target": DEVICES, **named})

    assert response.json() == {"__type": "NotAuthorizedException", "message": "Invalid Access Token"}


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/reset",
        "/_ministack/config",
        "/_ministack/health",
        "//",
        "/?a=b",
        f"/?{presigned('iam', Action='ListRoles')}",
        "/2015-03-31/functions",
        "/_aws/execute-api/x/v1/devices",
    ],
)
@pytest.mark.parametrize("target", [DEVICES, ""])
def test_an_operation_in_a_header_opens_no_other_path(
    port: int, path: str, target: str, connect: Callable[[str, str], Any]
) -> None:
    # Given a queue, which a reset would delete
    queues = connect("sqs", f"http://127.0.0.1:{port}")
    queues.create_queue(QueueName="kept")
    # When
    response = ask(port, path, **{"X-Amz-Target": target, "Authorization": signature("iam")})
    # Then
    assert response.status_code == 403
    assert response.json()["message"] == "Only a user's device operations are served here."
    assert len(queues.list_queues()["QueueUrls"]) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "evil.test:{port}", NEIGHBOURS])
def test_another_name_is_refused(port: int, host: str) -> None:
    response = ask(port, "/", **{"X-Amz-Target": DEVICES, "Host": host.format(port=port)})

    assert response.status_code == 403
    assert f"must be one of these: {NEIGHBOURS}:{port}, host.docker.internal:{port}." in response.json()["message"]


def test_a_container_of_docker_desktop_reaches_no_more(port: int) -> None:
    named = {"Host": f"host.docker.internal:{port}", "X-Amz-Target": "AmazonSQS.ListQueues"}

    response = httpx.post(f"http://127.0.0.1:{port}/", json={}, headers=named, trust_env=False)

    assert response.json()["message"] == "Only a user's device operations are served here."
