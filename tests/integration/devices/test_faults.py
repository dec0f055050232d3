"""Faults of Cognito and the network: the function responds in time, and the next request succeeds.

These tests shorten the deadlines. `make faults` runs the same tables with the deployed ones, and sends each script to
more pairs of operations, over TLS too.
"""

import json
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import StringIO
from socket import socket
from threading import Event
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config

from tests.support.cases import Case, by_name, happening
from tests.support.events import load
from tests.support.fake_cognito import FakeCognito, Reply, drip, stall
from tests.support.faults import LATE, PROMPT
from tests.support.handler import invoke
from tests.support.pairs import DIFFERENT, SAME, Pair, mixed_up
from tests.support.tokens import access_token
from tests.support.wire_cognito import WireCognito
from tests.support.wire_scripts import GREETED, SCRIPTS

DAY = 86_400
_PAIRS = [*SAME, *DIFFERENT]


@pytest.fixture(autouse=True)
def _short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(signature_version=UNSIGNED, read_timeout=1.2, retries={"total_max_attempts": 2, "mode": "standard"})
    monkeypatch.setattr("devices.cognito_client.CONFIG", config)
    monkeypatch.setattr("devices.cognito_transport.MAX_SECONDS", 3)


@pytest.mark.parametrize("case", [*PROMPT, *(case for case in LATE if case.operation == "GetDevice")], ids=by_name)
def test_a_fault_gets_its_response_and_the_next_request_succeeds(
    case: Case, fake: FakeCognito, backoffs: list[float]
) -> None:
    # When
    with happening(case, fake):
        response = invoke(case.event)
    # Then
    assert response.status == case.status
    if case.slug != "ok":
        assert response.body["type"] == f"urn:problem-type:{case.slug}"
    assert len(backoffs) == case.attempts - 1
    assert all(seconds <= 1 for seconds in backoffs)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert invoke(load("get_device")).status == 200


@pytest.mark.parametrize(("name", "pair"), [(name, _PAIRS[i % len(_PAIRS)]) for i, name in enumerate(SCRIPTS)])
def test_no_user_gets_the_response_to_another_one(name: str, pair: Pair, wire_tcp: WireCognito) -> None:
    def call(event: dict[str, Any]) -> dict[str, Any]:
        response = invoke(event)
        return {"statusCode": response.status, "body": response.text}

    assert mixed_up(call, wire_tcp, SCRIPTS[name], [pair], greets=name in GREETED) == []


@pytest.mark.parametrize("send", [stall, drip])
@pytest.mark.parametrize(("milliseconds", "attempts"), [(2500, 1), (1500, 0), (200, 0), (0, 0)])
def test_an_invocation_with_little_time_left_gets_upstream_timeout(
    milliseconds: int, attempts: int, send: Callable[[socket, bytes, Event], None], fake: FakeCognito
) -> None:
    # Given
    fake.replies = [Reply(send=send)]
    # When
    response = invoke(load("get_device"), milliseconds_left=milliseconds)
    # Then
    assert (response.status, response.body["type"]) == (504, "urn:problem-type:upstream-timeout")
    assert fake.connections == attempts


@pytest.mark.parametrize("milliseconds", [1500, 0])
def test_an_invalid_request_gets_its_response_without_time_for_cognito(milliseconds: int) -> None:
    assert invoke(load("missing_token"), milliseconds_left=milliseconds).status == 401
    assert invoke(load("malformed_device_key"), milliseconds_left=milliseconds).status == 400


@pytest.mark.parametrize("jump", [DAY, -DAY, 3650 * DAY, -3650 * DAY], ids=lambda jump: f"{jump // DAY} days")
def test_a_jump_of_the_wall_clock_during_a_request_does_not_change_the_response(
    jump: int, fake: FakeCognito, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a wall clock that jumps while Cognito responds
    real, offset = time.time, 0

    def respond_and_jump(connection: socket, response: bytes, _: Event) -> None:
        nonlocal offset
        offset = jump
        connection.sendall(response)

    monkeypatch.setattr("time.time", lambda: real() + offset)
    fake.replies = [replace(Reply.device(), send=respond_and_jump)]
    # When
    response = invoke(load("get_device"))
    # Then
    assert response.status == 200
    assert 0 < json.loads(logged.getvalue())["cognito_latency_ms"] < 60_000
    assert invoke(load("get_device")).status == 200


def test_a_wrong_wall_clock_rejects_tokens_only_while_it_is_wrong(
    fake: FakeCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    request = partial(invoke, load("get_device", token=access_token({"exp": int(real()) + 3600})))

    statuses = []
    for offset in (0, DAY, -DAY, 0):
        monkeypatch.setattr("time.time", lambda offset=offset: real() + offset)
        statuses.append(request().status)

    assert statuses == [200, 401, 200, 200]
    assert len(fake.requests) == 3
