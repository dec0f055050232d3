"""The product, deployed once into the local cloud by the command of `make run`."""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from local import build, docker
from local.deployment import client
from tests.support import builds
from tests.support.browsers import chromium
from tests.support.local_cloud import local_cloud, ports
from tests.support.optional import skipping
from tests.support.users import User, create
from tests.support.xray_daemon import XRayDaemon, xray_daemon


@pytest.fixture(scope="session")
def daemon() -> Iterator[XRayDaemon]:
    """Return an X-Ray daemon, to which the deployed function sends its traces."""
    with xray_daemon() as daemon:
        yield daemon


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory, daemon: XRayDaemon) -> Iterator[dict[str, Any]]:
    """Run the local cloud; return the content of `session.json`, the text that was shown, and the directory."""
    directory = tmp_path_factory.mktemp("local")
    shutil.copytree(builds.built(tmp_path_factory), build.template_in(directory).parent)
    # Nothing listens on port 9: the local cloud must call itself without the developer's proxy.
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "NO_PROXY": "example.com"}
    environment = {"AWS_XRAY_DAEMON_ADDRESS": daemon.address, **proxy, "no_proxy": ""}
    with local_cloud(*ports(), "--directory", str(directory), **environment) as process:
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
def config(session: dict[str, Any]) -> dict[str, str]:
    """Return the page's config.json."""
    response = httpx.get(f"{session['page_url']}/config.json", trust_env=False)
    return dict(response.raise_for_status().json())


@pytest.fixture(scope="session")
def aws(session: dict[str, Any]) -> Callable[[str], Any]:
    """Return a function that makes clients of the local cloud."""
    return partial(client, endpoint=session["cognito_endpoint"])


# One for each module: while Playwright runs, no other test of the process can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser. Skip the test if there is none, unless BROWSER=required."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def container_engine() -> None:
    """Skip the test if there is no Docker engine, unless CONTAINER_ENGINE=required."""
    with skipping(docker.EngineError, "CONTAINER_ENGINE"):
        docker.require()


@pytest.fixture(scope="session")
def api(session: dict[str, Any]) -> Iterator[httpx.Client]:
    """Return a client of the deployed API that sends no token."""
    with httpx.Client(base_url=session["api_url"], timeout=30, trust_env=False) as caller:
        yield caller


@pytest.fixture
def bearer(session: dict[str, Any]) -> dict[str, str]:
    """Return the demo user's Authorization header."""
    return {"Authorization": f"Bearer {session['access_token']}"}


@pytest.fixture
def user(session: dict[str, Any]) -> Callable[..., User]:
    """Return a function that creates a user with devices of the given names."""
    return partial(create, session)
