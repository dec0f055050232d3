"""Requests that no client library sends: each gets one of Cognito's errors, and none breaks the emulator."""

import json
from typing import Any

import httpx
import pytest

from tests.support.tokens import DEEP
from tests.support.user_pools import PASSWORD, Pool

TARGET = "AWSCognitoIdentityProviderService."
START = {"ClientId": "CLIENT", "AuthFlow": "USER_SRP_AUTH"}
ANSWER = {"ClientId": "CLIENT", "ChallengeName": "DEVICE_PASSWORD_VERIFIER"}
PROOF = dict.fromkeys(
    ["USERNAME", "TIMESTAMP", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "DEVICE_KEY"], "x"
)


def sent(emulator: str, operation: str, content: bytes, path: str = "/") -> tuple[int, str]:
    """Return the status and the exception of the response to a request."""
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": TARGET + operation}
    response = httpx.post(emulator + path, content=content, headers=headers)
    return response.status_code, response.json().get("__type", "")


@pytest.mark.parametrize("operation", ["InitiateAuth", "RevokeToken", "GlobalSignOut", "SignUp", "GetDevice"])
@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", "[" * 100_000, '{"Limit": ' + "9" * 5000 + "}"])
def test_a_body_that_is_not_an_object_is_refused(emulator: str, operation: str, body: str) -> None:
    assert sent(emulator, operation, body.encode()) == (400, "SerializationException")


TYPES: list[tuple[str, dict[str, Any]]] = [
    ("InitiateAuth", {**START, "ClientId": []}),
    ("InitiateAuth", {**START, "AuthFlow": 1}),
    ("InitiateAuth", {**START, "AuthFlow": "\ud800"}),
    ("InitiateAuth", {**START, "AuthParameters": "x"}),
    ("InitiateAuth", {**START, "AuthParameters": {"USERNAME": 1}}),
    ("InitiateAuth", {**START, "AuthParameters": {"SRP_A": ["1"]}}),
    ("InitiateAuth", {**START, "ClientMetadata": []}),
    ("InitiateAuth", {**START, "Session": {}}),
    ("RespondToAuthChallenge", {**ANSWER, "ChallengeResponses": []}),
    ("RespondToAuthChallenge", {**ANSWER, "ChallengeResponses": {**PROOF, "TIMESTAMP": "\ud800"}}),
    ("RespondToAuthChallenge", {**ANSWER, "ChallengeResponses": {**PROOF, "DEVICE_KEY": 1}}),
    ("GetTokensFromRefreshToken", {"ClientId": "CLIENT", "RefreshToken": 1}),
    ("RevokeToken", {"Token": [], "ClientId": "CLIENT"}),
    ("GlobalSignOut", {"AccessToken": 5}),
]


@pytest.mark.parametrize(("operation", "content"), TYPES, ids=str)
def test_a_member_of_the_wrong_type_is_refused(
    emulator: str, pool: Pool, operation: str, content: dict[str, Any]
) -> None:
    body = json.dumps(content).replace("CLIENT", pool.client_id)

    assert sent(emulator, operation, body.encode()) == (400, "SerializationException")


@pytest.mark.parametrize("operation", ["RevokeToken", "GlobalSignOut", "InitiateAuth", "RespondToAuthChallenge"])
def test_a_request_without_what_it_needs_is_refused(emulator: str, operation: str) -> None:
    assert sent(emulator, operation, b"{}") == (400, "InvalidParameterException")


DEEP_TOKENS: list[tuple[str, dict[str, Any]]] = [
    ("GetDevice", {"AccessToken": DEEP, "DeviceKey": "us-east-1_a"}),
    ("ListDevices", {"AccessToken": DEEP}),
    ("GlobalSignOut", {"AccessToken": DEEP}),
    ("GetTokensFromRefreshToken", {"ClientId": "CLIENT", "RefreshToken": DEEP}),
    (
        "InitiateAuth",
        {"ClientId": "CLIENT", "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": DEEP}},
    ),
]


@pytest.mark.parametrize(("operation", "content"), DEEP_TOKENS, ids=[operation for operation, _ in DEEP_TOKENS])
def test_a_token_that_is_nested_too_deep_is_refused(
    emulator: str, pool: Pool, operation: str, content: dict[str, Any]
) -> None:
    body = json.dumps(content).replace("CLIENT", pool.client_id)

    assert sent(emulator, operation, body.encode()) == (400, "NotAuthorizedException")


@pytest.mark.parametrize("path", ["/x", "//", "/?a=b"])
def test_an_operation_at_another_path_is_refused(emulator: str, pool: Pool, path: str) -> None:
    token = pool.sign_in().refresh_token
    body = json.dumps({"ClientId": pool.client_id, "RefreshToken": token}).encode()

    assert sent(emulator, "GetTokensFromRefreshToken", body, path) == (400, "UnknownOperationException")


@pytest.mark.parametrize("name", ["x.InitiateAuth", ".InitiateAuth", f"{TARGET}InitiateAuth", "Nothing", ""])
def test_an_operation_of_another_name_is_unknown(emulator: str, pool: Pool, name: str) -> None:
    # MiniStack reads what follows the last dot.
    parameters = {"USERNAME": "dart", "PASSWORD": PASSWORD}
    body = {"ClientId": pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}

    assert sent(emulator, name, json.dumps(body).encode()) == (400, "UnknownOperationException")
