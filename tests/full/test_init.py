"""Each fault during init, and each way in which the connection goes stale before the first request.

The packaged function runs under AWS's runtime client and emulator, in several environments at once. `make faults` runs
it.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support import canaries
from tests.support.function_log import ANSWERED
from tests.support.init_faults import DURING_INIT, HEALTHY
from tests.support.init_runs import Observed, Package, event_for, observe, settle
from tests.support.scene import Row
from tests.support.stale_connections import STALE
from tests.support.wire_cognito import User
from tools.perf.variants import Variant

ROWS = [*HEALTHY, *DURING_INIT, *STALE]
AT_ONCE = 4
# Lambda ends an init after 10 s, and an invocation after the function's timeout of 10 s.
MAX_INIT_MS = 8000
MAX_SECONDS = 9
PROBLEMS = {502: "upstream-error", 504: "upstream-timeout"}
NOT_CONNECTED = '"message":"not connected to Cognito during init"'


@pytest.fixture(scope="module")
def package(packaged: tuple[Variant, Path], tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package.create(*packaged, tmp_path_factory.mktemp("init"))


@pytest.fixture(scope="module")
def observations(request: pytest.FixtureRequest, package: Package) -> Iterator[dict[str, Future[Observed]]]:
    """Run the rows of the selected tests, several at once: most of them wait."""
    functions = [item for item in request.session.items if isinstance(item, pytest.Function)]
    rows: list[Any] = [item.callspec.params["row"] for item in functions if "row" in item.fixturenames]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {row.name: pool.submit(observe, row, package) for row in rows}


@pytest.fixture(scope="module")
def inits(figure: Callable[[str], None]) -> Iterator[dict[str, float]]:
    """Collect the milliseconds that each init took."""
    collected: dict[str, float] = {}
    yield collected
    slowest = max(collected, key=collected.__getitem__)
    figure(f"init: {len(collected)} rows, {collected[slowest]:.0f} ms at most ({slowest})")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_init_finishes_and_the_first_requests_get_their_responses(
    row: Row, observations: dict[str, Future[Observed]], inits: dict[str, float]
) -> None:
    seen = observations[row.name].result()
    inits[row.name] = seen.init_ms
    # Init finished in time, connected or not
    assert 0 < seen.init_ms < MAX_INIT_MS
    errors = [json.loads(line)["error_type"] for line in seen.logged.splitlines() if NOT_CONNECTED in line]
    assert [bool(re.fullmatch(row.error or "", each)) for each in errors] == [True] * bool(row.error), errors
    # Nothing but handshakes was sent before the first request
    assert seen.received == 0
    assert all(each[:2] == b"\x16\x03" if row.over == "TLS" else not each for each in seen.heard)
    # The responses are the expected ones, in time, and the caller's own
    assert seen.first["statusCode"] == row.status, seen.first
    assert seen.seconds < MAX_SECONDS
    assert seen.second["statusCode"] == 200, seen.second
    if row.status in PROBLEMS:
        assert json.loads(seen.first["body"])["type"] == f"urn:problem-type:{PROBLEMS[row.status]}"
        assert canaries.found(seen.first["body"], event_for(row.operation)) == []
    for response in (seen.first, seen.second):
        if response["statusCode"] == 200:
            body = json.loads(response["body"])
            assert {device["name"] for device in body.get("devices", [body])} == {"canary-user"}
    # And took as many attempts and connections as expected
    answered = [json.loads(line) for line in seen.logged.splitlines() if ANSWERED in line]
    assert [line.get("cognito_attempts") for line in answered] == [None, row.attempts, 1]
    if row.connections:
        assert (seen.opened, seen.connections) == row.connections
    # And the log has no secret
    assert canaries.found(seen.logged, event_for(row.operation)) == []


def test_environments_share_nothing(package: Package) -> None:
    users = [User(number) for number in range(1, 9)]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(len(users)) as pool:
        scene = stack.enter_context(package.scene("shared", "TLS"))
        scene.work()
        environments = [stack.enter_context(package.started(scene)) for _ in users]
        # Given one connection for each
        settle(scene, len(users))
        assert (scene.cognito.connections, scene.cognito.received) == (len(users), 0)
        # When
        posted = pool.map(
            lambda environment, user: environment.post(json.dumps(user.event("GetDevice")).encode()),
            environments,
            users,
        )
        # Then
        assert [json.loads(response["body"])["name"] for response in posted] == [user.name for user in users]
        assert (scene.cognito.connections, scene.cognito.requests) == (len(users), len(users))
