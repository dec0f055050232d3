"""Errors of the deployed API over HTTP. An allowed origin can read each of them."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.support.tokens import access_token
from tests.support.users import User

FOREIGN = "https://foreign.example.com"
KEY = "/devices/us-east-1_00000000-0000-0000-0000-000000000000"


@pytest.fixture
def page(api: httpx.Client, session: dict[str, Any]) -> Iterator[httpx.Client]:
    """Return a client that sends the page's origin."""
    api.headers["Origin"] = session["page_url"]
    yield api
    del api.headers["Origin"]


def assert_problem(response: httpx.Response, status: int, slug: str, *, by_api_gateway: bool = False) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "requestId"}
    assert (problem["type"], problem["status"]) == (f"urn:problem-type:{slug}", status)
    assert problem["requestId"]
    readers = "*" if by_api_gateway else response.request.headers["origin"]
    assert response.headers["access-control-allow-origin"] == readers
    assert response.headers.get("vary") == (None if by_api_gateway else "Origin")
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers["access-control-expose-headers"] == "Retry-After,x-amzn-RequestId"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic ZGVtbzpkZW1v",
        "Bearer",
        "Bearer junk",
        f"Bearer {access_token()}",
    ],
    ids=["no token", "another scheme", "no token after Bearer", "junk", "forged"],
)
def test_api_gateway_refuses_tokens_that_the_pool_did_not_issue(page: httpx.Client, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    response = page.get(KEY, headers=headers)

    assert_problem(response, 401, "invalid-token", by_api_gateway=True)
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_api_gateway_refuses_an_id_token(page: httpx.Client, user: Callable[..., User]) -> None:
    response = page.get(KEY, headers={"Authorization": f"Bearer {user().tokens['IdToken']}"})

    assert_problem(response, 401, "invalid-token", by_api_gateway=True)


def test_cognito_refuses_a_token_of_a_signed_out_user(page: httpx.Client, user: Callable[..., User]) -> None:
    # Given a token that the authorizer still accepts
    owner = user()
    owner.cognito.global_sign_out(AccessToken=owner.token)

    # When
    response = page.get(KEY, headers=owner.bearer)

    # Then
    assert_problem(response, 401, "invalid-token")


def test_a_deleted_user_is_not_found(page: httpx.Client, user: Callable[..., User]) -> None:
    owner = user()
    owner.cognito.delete_user(AccessToken=owner.token)

    response = page.get(KEY, headers=owner.bearer)

    assert_problem(response, 401, "user-not-found")


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        (KEY, 404, "device-not-found"),
        ("/devices/no-underscore", 400, "invalid-request"),
        ("/devices/" + "a" * 30 + "_" + "b" * 25, 400, "invalid-request"),
        ("/devices/a%22_b", 400, "invalid-request"),
        ("/devices/a%0A_b", 400, "invalid-request"),
        ("/devices/%E5%B1%B1_%E5%B7%9D", 400, "invalid-request"),
    ],
)
def test_an_invalid_request_gets_a_readable_problem(
    page: httpx.Client, bearer: dict[str, str], path: str, status: int, slug: str
) -> None:
    response = page.get(path, headers=bearer)

    assert_problem(response, status, slug)


@pytest.mark.parametrize(("method", "path"), [("GET", "/devices/a%2F_b"), ("GET", "/elsewhere"), ("PUT", KEY)])
def test_api_gateway_does_not_find_an_unknown_path_or_method(
    page: httpx.Client, bearer: dict[str, str], method: str, path: str
) -> None:
    response = page.request(method, path, headers=bearer)

    assert_problem(response, 404, "not-found", by_api_gateway=True)


def test_a_preflight_from_an_allowed_origin_is_accepted(page: httpx.Client) -> None:
    response = page.options(
        KEY,
        headers={
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        },
    )

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == response.request.headers["origin"]
    assert "GET" in response.headers["access-control-allow-methods"].split(",")
    assert "Authorization" in response.headers["access-control-allow-headers"].split(",")
    assert response.headers["access-control-max-age"] == "3600"
    assert response.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in response.headers


def test_a_preflight_from_a_foreign_origin_is_refused(page: httpx.Client) -> None:
    response = page.options(KEY, headers={"Origin": FOREIGN, "Access-Control-Request-Method": "GET"})

    assert "access-control-allow-origin" not in response.headers


def test_a_foreign_origin_cannot_read_a_device(
    page: httpx.Client, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    response = page.get(f"/devices/{session['device_keys'][0]}", headers={"Origin": FOREIGN, **bearer})

    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers
