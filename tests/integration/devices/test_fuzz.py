"""Random requests: each gets a response of the contract without an upstream error, and nothing leaks a secret.

`make fuzz` runs these tests with more examples.
"""

import json
import logging
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
from tests.support.fuzzing import assert_contract, damaged, requests, values
from tests.support.handler import Context
from tests.support.xray_daemon import XRayDaemon, xray_daemon

# Multiples of the examples that the Hypothesis profile sets.
MOST = settings(max_examples=2 * settings().max_examples)
FEW = settings(max_examples=settings().max_examples // 7)
TRACE = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"


@dataclass
class Recorded:
    """The function's log at DEBUG, with its metrics, and its traces."""

    daemon: XRayDaemon
    log: StringIO = field(default_factory=StringIO)

    def taken(self) -> str:
        """Return the log lines and the trace since the last call."""
        written = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        (segment,) = self.daemon.received()
        return written + segment


@pytest.fixture(scope="module")
def recorded() -> Iterator[Recorded]:
    with (
        pytest.MonkeyPatch.context() as patch,
        xray_daemon() as daemon,
        FakeCognito(successes=canaries.SUCCESSES) as fake,
    ):
        recorded = Recorded(daemon)
        patch.setenv("AWS_ENDPOINT_URL", fake.url)
        patch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
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
    """How many responses had each status."""
    counted: Counter[str] = Counter()
    yield counted
    figure(
        f"fuzz: {counted.total()} cases of the handler: {', '.join(f'{n} x {s}' for s, n in sorted(counted.items()))}"
    )


def check(event: Any, recorded: Recorded, statuses: Counter[str]) -> None:
    response = lambda_handler(event, Context())

    statuses[str(response["statusCode"])] += 1
    assert_contract(response)
    written = (str(_without_shown(response)) + recorded.taken()).lower()
    assert [each for each in canaries.PLAIN if each in written] == []


def _without_shown(response: dict[str, Any]) -> dict[str, Any]:
    if response["statusCode"] != 200:
        return response
    body = json.loads(canaries.without_shown(response["body"], ["canary-name"]))
    assert body.pop("nextToken", "canary-position") == "canary-position"
    return response | {"body": body}


@MOST
@given(requests())
def test_any_request_gets_a_response_of_the_contract(
    recorded: Recorded, statuses: Counter[str], event: dict[str, Any]
) -> None:
    check(event, recorded, statuses)


@given(damaged())
def test_any_damaged_event_gets_a_response_of_the_contract(
    recorded: Recorded, statuses: Counter[str], event: dict[str, Any]
) -> None:
    check(event, recorded, statuses)


@FEW
@given(values)
def test_any_json_value_gets_a_response_of_the_contract(recorded: Recorded, statuses: Counter[str], event: Any) -> None:
    check(event, recorded, statuses)


def test_the_requests_above_get_every_kind_of_response(statuses: Counter[str]) -> None:
    if not statuses:
        pytest.skip("no request was sent: this test reads the statuses of the others")
    assert statuses.keys() >= {"200", "204", "400", "401", "403", "404", "405"}
