"""Client libraries by others. Each runs every test of this folder."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.support.apps import LIBRARIES, AddUser, App, Install, Library
from tests.support.relay import Relay, relaying
from tests.support.user_pools import PASSWORD, Pool


@pytest.fixture(scope="session")
def relay(emulator: str) -> Iterator[Relay]:
    """Return a relay between the libraries and the emulator."""
    with relaying(emulator) as relay:
        yield relay


@pytest.fixture(scope="module", params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Library:
    return LIBRARIES[request.param]


@pytest.fixture(scope="module")
def install(library: Library) -> Iterator[Install]:
    """Run the library."""
    with library.run() as install:
        yield install


@pytest.fixture
def add_user(install: Install, relay: Relay) -> AddUser:
    """Return a function that creates a user in a pool, and returns what installs the user's app on one more device."""

    def add(pool: Pool) -> Callable[[], App]:
        username = str(uuid.uuid4())
        pool.add_user(username)
        settings = {
            "userPoolId": pool.pool_id,
            "userPoolClientId": pool.client_id,
            "cognitoEndpoint": relay.url,
            "username": username,
            "password": PASSWORD,
        }
        relay.heard()  # forget what an earlier test left
        return lambda: App(install(settings))

    return add
