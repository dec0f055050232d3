"""Random requests: each gets a response of the contract without an upstream error, and nothing leaks a secret.

`make fuzz` runs these tests with more examples.
"""

import json
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings

from devices import cognito_client
from devices.app import lambda_handler
from devices.observability import logger
from tests.support import canaries
from tests.support.fake_cognito import FakeCognito
from tests.support.fuzzing import assert_of_the_contract, damaged, requests, values
from tests.support.handler import Context

# Of the examples that a profile asks for, so many times.
MOST = settings(max_examples=2 * settings().max_examples)
FEW = settings(max_examples=settings().max_examples // 7)
TRACE = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"


@dataclass
class Recorded:
    """What the function logs at DEBUG, with its metrics, and sends to X-Ray."""

    daemon: socket.socket
    log: StringIO = field(default_factory=StringIO)

    def taken(self) -> str:
        """Return what was recorded since the last call."""
        written = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        segment = self.daemon.recv(65536).decode()
        return written + segment


@pytest.fixture(scope="module")
def recorded() -> Iterator[Recorded]:
    with (
        pytest.MonkeyPatch.context() as patch,
        socket.socket(type=socket.SOCK_DGRAM) as daemon,
        FakeCognito(successes=canaries.SUCCESSES) as fake,
    ):
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(1)
        recorded = Recorded(daemon)
        patch.setenv("AWS_ENDPOINT_URL", fake.url)
        patch.setenv("AWS_XRAY_DAEMON_ADDRESS", "{}:{}".format(*daemon.getsockname()))
        patch.setenv("_X_AMZN_TRACE_ID", TRACE)
        patch.setattr(logger.registered_handler, "stream", recorded.log)
        level = logger.log_level
        logger.setLevel(logging.DEBUG)
        cognito_client.client.cache_clear()
        yield recorded
        cognito_client.client().close()
        cognito_client.client.cache_clear()
        logger.setLevel(level)


@pytest.fixture(scope="module")
def statuses(figure: Callable[[str], None]) -> Iterator[Counter[str]]:
    """How many cases were answered with which status."""
    counted: Counter[str] = Counter()
    yield counted
    figure(
        f"fuzz: {counted.total()} cases of the handler: {', '.join(f'{n} x {s}' for s, n in sorted(counted.items()))}"
    )


def check(event: Any, recorded: Recorded, statuses: Counter[str]) -> None:
    response = lambda_handler(event, Context())

    statuses[str(response["statusCode"])] += 1
    assert_of_the_contract(response)
    written = (str(_without_devices(response)) + recorded.taken()).lower()
    assert [each for each in canaries.PLAIN if each in written] == []


def _without_devices(response: dict[str, Any]) -> dict[str, Any]:
    """Return an response without what its devices may show, and without the position that Cognito named."""
    if response["statusCode"] != 200:
        return response
    body = json.loads(response["body"])
    assert body.pop("nextToken", "canary-position") == "canary-position"
    for device in body.get("devices", [body]):
        assert device.pop("name") == "canary-name"
        assert device.pop("lastIpUsed") == "203.0.113.0/24"
    return response | {"body": body}


@MOST
@given(requests())
def test_any_request_is_answered_as_the_contract_says(
    recorded: Recorded, statuses: Counter[str], event: dict[str, Any]
) -> None:
    check(event, recorded, statuses)


@given(damaged())
def test_any_damaged_event_is_answered_as_the_contract_says(
    recorded: Recorded, statuses: Counter[str], event: dict[str, Any]
) -> None:
    check(event, recorded, statuses)


@FEW
@given(values)
def test_anything_at_all_is_answered_as_the_contract_says(
    recorded: Recorded, statuses: Counter[str], event: Any
) -> None:
    check(event, recorded, statuses)


def test_the_requests_reached_each_kind_of_answer(statuses: Counter[str]) -> None:
    if not statuses:
        pytest.skip("no request was sent: this test looks at what the others did")
    assert statuses.keys() >= {"200", "204", "400", "401", "403", "404", "405"}
