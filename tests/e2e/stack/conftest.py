"""The stack under test: the local cloud's in `make test`, and the one that `make verify` was given."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.support import people, temporary
from tests.support.people import KnownDevice, Person, SignedIn, browser_client
from tests.support.transport_facts import connected
from tests.support.users import User
from tools.stages import StackError
from tools.verify.discovery import of_session
from tools.verify.report import Report
from tools.verify.stack import Stack


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Stack:
    """Return the stack under test."""
    for plugin in request.config.pluginmanager.get_plugins():
        if isinstance(plugin, Report):
            return plugin.stack
    return of_session(request.getfixturevalue("session"))


@pytest.fixture(scope="session", autouse=True)
def _ready(stack: Stack) -> None:
    if stack.made_pool:
        temporary.remove_abandoned(stack)
    elif stack.username:
        try:
            people.check_user(stack)
        except StackError as error:
            pytest.exit(str(error))


@pytest.fixture
def came(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Return a function that tells the report what came."""
    return lambda text: record_property("came", text)


@pytest.fixture
def fact(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Return a function that compares what Cognito did with what is known of it. A difference does not fail a test."""

    def compare(came: object, expected: object = "") -> None:
        record_property("came", came)
        record_property("expected", expected)

    return compare


@pytest.fixture
def caller(stack: Stack, came: Callable[[object], None]) -> Iterator[Callable[..., httpx.Client]]:
    """Return a function that makes clients of the API, whose responses the report shows."""

    def tell(response: httpx.Response) -> None:
        response.read()
        problem = "problem+json" in response.headers.get("content-type", "")
        slug = response.json()["type"].rpartition(":")[2] if problem else ""
        came(f"{response.status_code} {slug}".rstrip())

    with ExitStack() as clients:

        def make(**options: Any) -> httpx.Client:
            local = stack.endpoint is not None  # the developer's proxy cannot reach it
            client = httpx.Client(
                base_url=stack.api_url, timeout=30, trust_env=not local, event_hooks={"response": [tell]}, **options
            )
            return clients.enter_context(client)

        yield make


@pytest.fixture
def api(caller: Callable[..., httpx.Client]) -> httpx.Client:
    """Return a client of the API that sends no token."""
    return caller()


@pytest.fixture
def origin(stack: Stack) -> str:
    """Return an origin whose pages may read the responses."""
    if not stack.origins:
        pytest.skip("AllowedOrigins is empty")
    return stack.origins[0]


@pytest.fixture
def page(caller: Callable[..., httpx.Client], origin: str) -> httpx.Client:
    """Return a client that sends the page's origin."""
    return caller(headers={"Origin": origin})


@pytest.fixture
def own_pool(stack: Stack) -> Stack:
    """Skip a test that creates users or expects the template's settings, unless the stack made the pool."""
    if not stack.made_pool:
        pytest.skip("it needs a user pool that the stack made")
    return stack


@pytest.fixture
def person(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Return a user: a new one, or that of an existing pool."""
    if stack.access_token:
        pytest.skip("it signs in: give USERNAME and PASSWORD instead of ACCESS_TOKEN")
    if not stack.made_pool:
        with people.known_person(stack) as somebody:
            yield somebody
    elif request.node.get_closest_marker("fact"):
        # Facts are about both ways to refresh tokens. The template's app client allows one, because it rotates them.
        with (
            temporary.app_client(stack, ExplicitAuthFlows=temporary.SRP) as client_id,
            temporary.new_person(stack, client_id=client_id) as somebody,
        ):
            yield somebody
    else:
        with temporary.new_person(stack) as somebody:
            yield somebody


@pytest.fixture
def signed_in(person: Person) -> SignedIn:
    """Return a sign-in on a device that Cognito remembers."""
    sign_in = person.sign_in()
    sign_in.confirm("Phone")
    return sign_in


@pytest.fixture
def bearer(stack: Stack, request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the Authorization header of a signed-in user."""
    if stack.access_token:
        return {"Authorization": f"Bearer {stack.access_token}"}
    sign_in: SignedIn = request.getfixturevalue("signed_in")
    return sign_in.bearer


@pytest.fixture
def user(own_pool: Stack) -> Iterator[Callable[..., User]]:
    """Return a function that creates a user with remembered devices of the given names, the last one current."""
    with ExitStack() as everybody:

        def create(*names: str | None) -> User:
            person = everybody.enter_context(temporary.new_person(own_pool))
            sign_in, keys = person.sign_in(), list[str]()
            for name in names:
                if keys:
                    sign_in = person.sign_in()
                keys.append(sign_in.confirm(name).key)
            return User(person.username, browser_client(own_pool), sign_in.result, keys)

        yield create


@pytest.fixture(scope="session", autouse=True)
def _aging(request: pytest.FixtureRequest) -> None:
    """Issue the token of `expiring` and open the connection of `idle` first, so that both age during other tests."""
    needed = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    if "expiring" in needed:
        request.getfixturevalue("expiring")
    if "idle" in needed:
        with suppress(OSError):  # pytest raises it again for the test that needs the connection
            request.getfixturevalue("idle")


@pytest.fixture(scope="session")
def expiring(stack: Stack) -> Iterator[tuple[str, float] | None]:
    """Return an access token that expires soon, and when it does in epoch seconds."""
    if not stack.made_pool:
        yield None
        return
    seconds = 6 if stack.endpoint else 300  # five minutes is Cognito's minimum
    lifetime: dict[str, Any] = {"AccessTokenValidity": seconds, "TokenValidityUnits": {"AccessToken": "seconds"}}
    with (
        temporary.app_client(stack, ExplicitAuthFlows=temporary.SRP, **lifetime) as client_id,
        temporary.new_person(stack, client_id=client_id) as person,
    ):
        yield person.sign_in().token, time.time() + seconds


@pytest.fixture(scope="session")
def cognito_url(stack: Stack) -> str:
    """Return the endpoint that the function calls."""
    return stack.parameters.get("CognitoEndpoint") or str(stack.aws("cognito-idp").meta.endpoint_url)


@pytest.fixture(scope="session")
def idle(cognito_url: str) -> Iterator[tuple[HTTPConnection, float]]:
    """Return a connection to Cognito over which nothing was sent, and when it was opened by the monotonic clock."""
    with closing(connected(cognito_url)) as connection:
        yield connection, time.monotonic()


@pytest.fixture
def known(person: Person) -> tuple[SignedIn, KnownDevice]:
    """Return a sign-in, and its device, which Cognito remembers."""
    sign_in = person.sign_in()
    return sign_in, sign_in.confirm()
