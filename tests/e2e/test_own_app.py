"""A developer's own app, which calls the local cloud from its development server."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local import demo
from local.origins import DEVELOPMENT
from local.proxies import loopback_exceptions
from tests.support.local_cloud import NODE, PROJECT
from tests.support.processes import output_of
from tests.support.users import User

PAGE = PROJECT / "docs/local.md"
# What an app does after the lines of the documentation
SIGNS_IN = """
import { fetchAuthSession, fetchDevices, signIn } from "aws-amplify/auth";
const { username, password, apiUrl } = JSON.parse(process.env.SESSION);
const { nextStep } = await signIn({ username, password });
const token = (await fetchAuthSession()).tokens.accessToken.toString();
const headers = { Authorization: `Bearer ${token}` };
const response = await fetch(`${apiUrl}/devices/current`, { headers });
const devices = (await fetchDevices()).map(({ id }) => id);
console.log(JSON.stringify({ step: nextStep.signInStep, current: await response.json(), devices }));
"""


@pytest.mark.parametrize("origin", DEVELOPMENT)
def test_the_api_allows_development_servers(api: httpx.Client, bearer: dict[str, str], origin: str) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}

    preflight = api.options("/devices", headers=asks)
    response = api.get("/devices/current", headers={"Origin": origin, **bearer})

    assert [each.headers["access-control-allow-origin"] for each in (preflight, response)] == [origin, origin]
    assert response.status_code == 200


def test_another_port_is_not_allowed(api: httpx.Client, bearer: dict[str, str]) -> None:
    response = api.get("/devices/current", headers={"Origin": "http://localhost:5174", **bearer})

    assert "access-control-allow-origin" not in response.headers


def test_the_documented_configuration_of_amplify_signs_in(session: dict[str, Any], user: Callable[..., User]) -> None:
    # Given the ten lines of the documentation, and the port of this local cloud
    (code,) = re.findall(r"```js\n(import \{ Amplify \}.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code.count("\n") <= 10
    documented = "http://127.0.0.1:4566"
    assert documented in code

    # When an app with these lines signs in. Nothing listens on port 9, so it must not use this proxy
    facts = {"username": user().email, "password": demo.PASSWORD, "apiUrl": session["api_url"]}
    proxy = {"NODE_USE_ENV_PROXY": "1", "HTTP_PROXY": "http://127.0.0.1:9", **loopback_exceptions()}
    printed = output_of(
        [NODE, "--input-type=module", "--eval", code.replace(documented, session["cognito_endpoint"]) + SIGNS_IN],
        cwd=PROJECT / "tests/spa",
        env={"SESSION": json.dumps(facts), **proxy},
        timeout=60,
    )

    # Then it is a device of the user, which the API returns
    found = json.loads(printed)
    assert found["step"] == "DONE"
    assert found["current"]["current"] is True
    assert found["current"]["deviceKey"] in found["devices"]


def test_the_documentation_names_the_ids_and_origins(session: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")

    for fact in (session["user_pool_id"], session["user_pool_client_id"], session["api_url"].partition("/_aws")[2]):
        assert fact in text
    for origin in DEVELOPMENT:
        assert origin.rpartition(":")[2] in text
