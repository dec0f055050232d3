"""The whole product, deployed once into the local cloud by the command that `make run` runs."""

import json
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import demo, engine
from local.deployment import client
from tests.support.local_cloud import local_cloud, ports

type User = tuple[dict[str, str], list[str]]


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What `.local/session.json` says, while the local cloud runs."""
    directory = tmp_path_factory.mktemp("local")
    with local_cloud(*ports(), "--directory", str(directory)) as process:
        shown = []
        assert process.stdout
        for line in process.stdout:
            shown.append(line)
            if line.startswith("The token is valid"):
                break
        assert process.poll() is None, "".join(shown)
        facts = json.loads((directory / "session.json").read_text())
        yield {**facts, "shown": "".join(shown), "directory": str(directory)}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert not Path(directory / "session.json").exists()


@pytest.fixture(scope="session")
def container_engine() -> None:
    """Skip what needs a Docker engine where there is none, unless CONTAINER_ENGINE=required."""
    try:
        engine.require()
    except engine.EngineError as error:
        if os.environ.get("CONTAINER_ENGINE") == "required":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def api(session: dict[str, Any]) -> Iterator[httpx.Client]:
    """A client of the deployed API, without a token."""
    with httpx.Client(base_url=session["api_url"], timeout=30, trust_env=False) as caller:
        yield caller


@pytest.fixture
def bearer(session: dict[str, Any]) -> dict[str, str]:
    """The demo user's Authorization header."""
    return {"Authorization": f"Bearer {session['access_token']}"}


@pytest.fixture
def sign_in(session: dict[str, Any]) -> Callable[[], tuple[Any, dict[str, Any]]]:
    """Return a function that signs the demo user in anew."""
    return lambda: _sign_in(session, session["username"])


@pytest.fixture
def another_user(session: dict[str, Any]) -> Callable[[], tuple[Any, dict[str, Any]]]:
    """Return a function that makes a further user, signed in."""

    def make() -> tuple[Any, dict[str, Any]]:
        email = f"{uuid.uuid4()}@example.com"
        demo.create_user(session["cognito_endpoint"], session["user_pool_id"], email)
        return _sign_in(session, email)

    return make


@pytest.fixture
def user(session: dict[str, Any], another_user: Callable[[], Any]) -> Callable[[int], User]:
    """Return a function that makes a user with some devices: the Authorization header, and the keys by age."""

    def make(number: int) -> User:
        cognito, result = another_user()
        keys = []
        for count in range(number):
            if count:
                email = cognito.get_user(AccessToken=result["AccessToken"])["Username"]
                result = demo.sign_in(cognito, session["user_pool_id"], session["user_pool_client_id"], email)
            keys.append(result["NewDeviceMetadata"]["DeviceKey"])
            cognito.confirm_device(AccessToken=result["AccessToken"], DeviceKey=keys[-1])
        return {"Authorization": f"Bearer {result['AccessToken']}"}, keys

    return make


def _sign_in(session: dict[str, Any], username: str) -> tuple[Any, dict[str, Any]]:
    cognito = client("cognito-idp", session["cognito_endpoint"])
    return cognito, demo.sign_in(cognito, session["user_pool_id"], session["user_pool_client_id"], username)
