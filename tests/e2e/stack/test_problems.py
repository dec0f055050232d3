"""Errors of the API, which the page can read."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.responses import assert_problem
from tests.support.tokens import access_token
from tests.support.users import User
from tools.verify.stack import Stack

KEY = "/devices/us-east-1_00000000-0000-0000-0000-000000000000"
LONG = "/devices/" + "a" * 30 + "_" + "b" * 25


def shortened(value: object) -> str:
    """Return a parameter for the name of a test."""
    return str(value).replace(KEY, "/devices/UNKNOWN").replace(LONG, "/devices/TOO_LONG")


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

    assert_problem(response, 401, "invalid-token", by_gateway=True)
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_api_gateway_refuses_an_id_token(page: httpx.Client, user: Callable[..., User]) -> None:
    response = page.get(KEY, headers={"Authorization": f"Bearer {user().tokens['IdToken']}"})

    assert_problem(response, 401, "invalid-token", by_gateway=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/devices"), ("GET", "/devices/current"), ("PATCH", "/devices/current"), ("DELETE", "/devices/current")],
)
def test_every_operation_needs_a_token(page: httpx.Client, method: str, path: str) -> None:
    assert_problem(page.request(method, path), 401, "invalid-token", by_gateway=True)


def test_cognito_refuses_a_token_of_a_signed_out_user(page: httpx.Client, user: Callable[..., User]) -> None:
    # Given a token that the authorizer still accepts
    owner = user()
    owner.cognito.global_sign_out(AccessToken=owner.token)

    # When
    response = page.get(KEY, headers=owner.bearer)

    # Then
    assert_problem(response, 401, "invalid-token", by_gateway=False)


def test_a_deleted_user_is_not_found(page: httpx.Client, user: Callable[..., User]) -> None:
    owner = user()
    owner.cognito.delete_user(AccessToken=owner.token)

    response = page.get(KEY, headers=owner.bearer)

    assert_problem(response, 401, "user-not-found", by_gateway=False)


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        (KEY, 404, "device-not-found"),
        ("/devices/no-underscore", 400, "invalid-request"),
        (LONG, 400, "invalid-request"),
        ("/devices/a%22_b", 400, "invalid-request"),
        ("/devices/a%0A_b", 400, "invalid-request"),
        ("/devices/%E5%B1%B1_%E5%B7%9D", 400, "invalid-request"),
        ("/devices?limit=0", 400, "invalid-request"),
        ("/devices?limit=61", 400, "invalid-request"),
        ("/devices?limit=5&limit=6", 400, "invalid-request"),
    ],
    ids=shortened,
)
def test_the_function_refuses(
    page: httpx.Client, stack: Stack, bearer: dict[str, str], path: str, status: int, slug: str
) -> None:
    response = page.get(path.replace("us-east-1", stack.region), headers=bearer)

    assert_problem(response, status, slug, by_gateway=False)


@pytest.mark.parametrize("body", ["", "{}", '{"remembered": 1}', "remembered=true"], ids=["none", "{}", "1", "a form"])
def test_the_function_refuses_a_change_with_the_body(page: httpx.Client, bearer: dict[str, str], body: str) -> None:
    response = page.patch(KEY, headers=bearer, content=body)

    assert_problem(response, 400, "invalid-request", by_gateway=False)


@pytest.mark.parametrize("signed", [True, False], ids=["with a token", "without"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/elsewhere"), ("PUT", KEY), ("POST", "/devices")], ids=shortened)
def test_an_unknown_resource_or_method_is_not_found(
    page: httpx.Client,
    bearer: dict[str, str],
    method: str,
    path: str,
    signed: bool,  # noqa: FBT001 - a table
) -> None:
    response = page.request(method, path, headers=bearer if signed else {})

    assert_problem(response, 404, "not-found", by_gateway=True)


def test_a_device_key_with_a_slash_is_refused(page: httpx.Client, bearer: dict[str, str]) -> None:
    response = page.get("/devices/a%2F_b", headers=bearer)

    # AWS does not document whether API Gateway decodes the slash before it looks for the resource
    by_gateway = response.status_code == 404
    assert_problem(response, *((404, "not-found") if by_gateway else (400, "invalid-request")), by_gateway=by_gateway)
