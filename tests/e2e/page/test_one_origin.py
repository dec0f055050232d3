"""Page and API on one origin, as `make deploy-page` deploys them: no preflights, and no origin to allow."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.page_double import page_double
from tests.support.users import User


@pytest.fixture
def double(session: dict[str, Any], config: dict[str, str], caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """Return the URL of the page, whose server logs each request."""
    caplog.set_level(logging.INFO, logger="local.page")
    with page_double(config, session["api_url"]) as url:
        yield url


def test_a_user_sees_remembers_and_forgets_devices_without_a_preflight(
    visit: Callable[..., DevicesPage],
    double: str,
    owner: User,
    at_cognito: Callable[[User], dict[str, str]],
    session: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Given a user who is signed in
    page = visit(double)
    page.sign_in(owner.email)
    page.expect_names(["Chrome on Linux", "Laptop", "Phone"])

    # When
    page.stop_remembering("Phone")
    expect(page.news).to_contain_text("no longer remembered.")
    page.forget("Laptop")
    expect(page.news).to_have_text("Laptop is forgotten.")

    # Then Cognito has both changes
    assert at_cognito(owner) == {"Phone": "not_remembered", "Linux x": "remembered"}
    # And the API got one request for the list, for the details and for each change. None is a preflight or from another
    # origin
    methods = re.findall(r'"([A-Z]+) /v1/\S* HTTP/1.1" (\d+)', caplog.text)
    assert methods == [("GET", "200"), ("GET", "200"), ("PATCH", "204"), ("DELETE", "204")]
    assert [each.url for each in page.requests if each.url.startswith(session["api_url"])] == []


def test_the_api_answers_an_origin_that_it_does_not_allow(double: str, bearer: dict[str, str]) -> None:
    """Browsers send Origin with PATCH and DELETE to their own origin too."""
    own = {**bearer, "Origin": double.rstrip("/")}

    with httpx.Client(base_url=double, headers=own, trust_env=False) as browser:
        listed = browser.get("/v1/devices")
        changed = browser.patch("/v1/devices/a_b", json={"remembered": True})
        forgotten = browser.delete("/v1/devices/a_b")

    assert (listed.status_code, changed.status_code, forgotten.status_code) == (200, 404, 404)
    assert "access-control-allow-origin" not in listed.headers
    assert changed.json()["type"] == forgotten.json()["type"] == "urn:problem-type:device-not-found"


def test_a_signed_out_user_gets_the_gateways_problem(double: str) -> None:
    response = httpx.get(f"{double}v1/devices", trust_env=False)

    assert (response.status_code, response.json()["type"]) == (401, "urn:problem-type:invalid-token")
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert response.headers["x-amzn-requestid"]
