"""No response reaches another user's request, whatever an upstream sends, over TCP and TLS. `make faults` runs it.

The packaged function runs under AWS's runtime client and emulator, in several environments at once.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests.support.certificates import Server, create_server
from tests.support.pairs import DIFFERENT, SAME, Pair, mixed_up
from tests.support.upstream_cases import EVENTS
from tests.support.wire_cognito import User, WireCognito
from tests.support.wire_scripts import ENDLESS, GREETED, SCRIPTS
from tools.perf.cognito import StandIn
from tools.perf.environment import Environment
from tools.perf.variables import variables
from tools.perf.variants import Variant

ENVIRONMENTS = 8
PAIRS = [*SAME, *DIFFERENT]

type Running = tuple[Environment, WireCognito]


@pytest.fixture(scope="module", params=["TCP", "TLS"])
def environments(
    request: pytest.FixtureRequest, packaged: tuple[Variant, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleQueue[Running]]:
    """Return environments of the function, each with a Cognito of its own."""
    folder = tmp_path_factory.mktemp("environments")
    server = create_server(folder) if request.param == "TLS" else None
    idle: SimpleQueue[Running] = SimpleQueue()
    with contextlib.ExitStack() as stack:
        for number in range(ENVIRONMENTS):
            idle.put(stack.enter_context(_running(packaged, server, folder / f"log-{number}")))
        yield idle


@contextlib.contextmanager
def _running(packaged: tuple[Variant, Path], server: Server | None, log: Path) -> Iterator[Running]:
    variant, runtime = packaged
    with WireCognito(server.context if server else None) as fake:
        settings = variables(variant, runtime, StandIn(fake.url, "127.0.0.1:9"))
        settings |= {"AWS_CA_BUNDLE": str(server.bundle)} if server else {}
        with Environment(variant, settings, log) as environment:
            yield environment, fake


@pytest.fixture(scope="module")
def runs(figure: Callable[[str], None]) -> Iterator[list[bool]]:
    """Collect for each run of a pair whether all of its users got their own responses."""
    collected: list[bool] = []
    yield collected
    figure(f"connections: {len(collected)} runs of pairs, of which {collected.count(False)} mixed responses up")


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_user_gets_the_response_to_another_one(
    name: str, environments: SimpleQueue[Running], runs: list[bool]
) -> None:
    def run(pair: Pair) -> list[str]:
        environment, fake = idle = environments.get()
        try:
            return mixed_up(
                lambda event: _post(environment, event), fake, SCRIPTS[name], [pair], greets=name in GREETED
            )
        finally:
            environments.put(idle)

    with ThreadPoolExecutor(ENVIRONMENTS) as pool:
        found = list(pool.map(run, PAIRS))

    runs += [not sentences for sentences in found]
    assert [sentence for sentences in found for sentence in sentences] == []


def test_400_mb_do_not_reach_the_functions_memory(
    packaged: tuple[Variant, Path], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    user = User(1)
    with _running(packaged, None, tmp_path / "log") as (environment, fake):
        # Given a warm environment
        assert _post(environment, user.event("GetDevice"))["statusCode"] == 200
        megabytes = environment.peak_mb()
        # When
        for script in ENDLESS.values():
            fake.scripts = {user.token: script}
            for operation in EVENTS:
                assert _post(environment, user.event(operation))["statusCode"] == 502
        # Then
        more = environment.peak_mb() - megabytes
        figure(f"connections: 400 MB from Cognito took {more:.1f} MB of memory")
        assert more < 10


def _post(environment: Environment, event: dict[str, Any]) -> dict[str, Any]:
    return environment.post(json.dumps(event).encode())
