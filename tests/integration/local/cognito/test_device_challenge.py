"""How a remembered device proves that it is this device: pycognito's client side of SRP calls the emulator."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.cognito.srp import N
from local.cognito.upstream import claims_of
from tests.support.errors import NO_DEVICE, refusal
from tests.support.srp import Known, values_of
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, Pool, attributes, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

WRONG = ("NotAuthorizedException", "Incorrect username or password.")
SESSION = ("NotAuthorizedException", "Invalid session for the user.")
USED = ("NotAuthorizedException", "Invalid session for the user, session can only be used once.")


def asked(pool: Pool, device: Known, *, admin: bool = False) -> tuple[Any, Any]:
    """Give the password on a known device; return the client side of SRP, and the challenge that follows."""
    srp = pool.srp(device=device)
    start, respond = calls(pool, admin=admin)
    started = start(AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params())
    responses = srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params())
    return srp, respond(ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses)


def calls(pool: Pool, *, admin: bool = False) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the operations that start a sign-in and respond to challenges."""
    named = {"ClientId": pool.client_id, **({"UserPoolId": pool.pool_id} if admin else {})}
    names = (
        ("admin_initiate_auth", "admin_respond_to_auth_challenge")
        if admin
        else (
            "initiate_auth",
            "respond_to_auth_challenge",
        )
    )
    start, respond = (getattr(pool.cognito, name) for name in names)
    return lambda **given: start(**named, **given), lambda **given: respond(**named, **given)


@dataclass(frozen=True)
class HalfWay:
    """A sign-in on a known device, with the challenges DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER."""

    pool: Pool
    srp: Any
    first: Any
    second: Any


@pytest.fixture(scope="module")
def half_way(cognito: "CognitoIdentityProviderClient") -> HalfWay:
    pool = create_pool(cognito, REMEMBERED_AT_ONCE)
    pool.add_user("other")
    srp, challenge = asked(pool, pool.sign_in().known())
    _, respond = calls(pool)
    second = respond(ChallengeName="DEVICE_SRP_AUTH", Session=challenge["Session"], ChallengeResponses=values_of(srp))
    return HalfWay(pool, srp, challenge, second)


@pytest.mark.parametrize("admin", [False, True])
def test_a_remembered_device_gets_tokens_for_its_proof(pool: Pool, *, admin: bool) -> None:
    # Given
    device = pool.sign_in().known()
    srp, challenge = asked(pool, device, admin=admin)
    assert "AuthenticationResult" not in challenge
    assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
    _, respond = calls(pool, admin=admin)
    # When
    second = respond(ChallengeName="DEVICE_SRP_AUTH", Session=challenge["Session"], ChallengeResponses=values_of(srp))
    # Then
    assert second["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    parameters = second["ChallengeParameters"]
    assert set(parameters) == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "DEVICE_KEY"}
    assert (parameters["USERNAME"], parameters["DEVICE_KEY"]) == ("dart", device.key)
    # When
    third = respond(
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        Session=second["Session"],
        ChallengeResponses=srp.process_device_challenge(parameters),
    )
    # Then
    result = third["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result
    assert claims_of(result["AccessToken"])["device_key"] == device.key
    assert pool.cognito.get_user(AccessToken=result["AccessToken"])["Username"] == "dart"
    assert pool.refresh(result["RefreshToken"], device.key)["AccessToken"]
    # Then one password is worth one proof
    proof = srp.process_device_challenge(parameters)
    replay = {"ChallengeName": "DEVICE_PASSWORD_VERIFIER", "ChallengeResponses": proof}
    assert refusal(lambda: respond(**replay)) == USED
    for session in ({"Session": challenge["Session"]}, {}):
        again = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp), **session}
        assert refusal(lambda: respond(**again)) == SESSION  # noqa: B023


def test_a_sign_in_on_a_known_device_updates_it(pool: Pool, emulator: str) -> None:
    # Given
    signed_in = pool.sign_in()
    device = signed_in.known()
    before = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=device.key)["Device"]
    time.sleep(1.1)  # DeviceLastAuthenticatedDate has whole seconds
    srp, challenge = asked(pool, device)
    second = pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="DEVICE_SRP_AUTH",
        Session=challenge["Session"],
        ChallengeResponses=values_of(srp),
    )
    # When
    response = httpx.post(
        emulator,
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.RespondToAuthChallenge",
            "X-Forwarded-For": "2001:db8::7, 192.0.2.1",
        },
        json={
            "ClientId": pool.client_id,
            "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
            "ChallengeResponses": srp.process_device_challenge(second["ChallengeParameters"]),
        },
    )
    # Then
    assert response.status_code == 200
    after = pool.cognito.get_device(AccessToken=signed_in.token, DeviceKey=device.key)["Device"]
    assert attributes(after)["last_ip_used"] == "2001:db8::7"
    assert after["DeviceLastAuthenticatedDate"] > before["DeviceLastAuthenticatedDate"]
    assert after["DeviceLastModifiedDate"] == before["DeviceLastModifiedDate"]


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_a_wrong_secret_is_refused(pool: Pool, secret: str) -> None:
    device = pool.sign_in().known()

    assert refusal(lambda: pool.sign_in(device=replace(device, secret=secret))) == WRONG
    assert pool.sign_in(device=device).token


def test_the_secret_of_another_device_is_refused(pool: Pool) -> None:
    device, other = pool.sign_in().known(), pool.sign_in().known()

    assert refusal(lambda: pool.sign_in(device=replace(device, secret=other.secret))) == WRONG
    assert refusal(lambda: pool.sign_in(device=replace(device, group_key=other.group_key))) == WRONG


@pytest.mark.parametrize("case", ["not confirmed", "another user's", "forgotten", "never issued"])
def test_a_device_that_cognito_does_not_know_is_refused_with_the_password(pool: Pool, case: str) -> None:
    # Given
    pool.add_user("other")
    signed_in = pool.sign_in()
    match case:
        case "not confirmed":
            key = signed_in.device_key
        case "another user's":
            key = pool.sign_in("other").confirmed()
        case "forgotten":
            key = signed_in.confirmed()
            pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=key)
        case _:
            key = "us-east-1_00000000-0000-0000-0000-000000000000"
    # Then
    assert refusal(lambda: asked(pool, Known(key, "-group", "secret"))) == NO_DEVICE


def test_a_device_key_in_the_first_request_only_does_not_count(pool: Pool) -> None:
    # Given
    device = pool.sign_in().known()
    srp = pool.srp(device=device)
    started = pool.cognito.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params()
    )
    responses = srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params())
    del responses["DEVICE_KEY"]
    # When
    signed_in = pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
    )
    # Then
    assert signed_in["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"] != device.key


def test_a_device_that_is_not_remembered_needs_no_proof(prompting_pool: Pool) -> None:
    # Given
    pool = prompting_pool
    signed_in = pool.sign_in()
    device = signed_in.known()
    unproven = replace(device, secret="unknown")  # noqa: S106
    # When
    result = pool.sign_in(device=unproven).answer["AuthenticationResult"]
    # Then
    assert "NewDeviceMetadata" not in result
    assert claims_of(result["AccessToken"])["device_key"] == device.key
    # When
    pool.cognito.update_device_status(
        AccessToken=signed_in.token, DeviceKey=device.key, DeviceRememberedStatus="remembered"
    )
    # Then
    assert refusal(lambda: pool.sign_in(device=unproven)) == WRONG
    assert pool.sign_in(device=device).token


def test_a_device_without_a_verifier_cannot_prove_itself(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    pool.cognito.confirm_device(AccessToken=signed_in.token, DeviceKey=signed_in.device_key)
    # Then
    assert refusal(lambda: pool.sign_in(device=Known(signed_in.device_key, "-group", "secret"))) == WRONG


def test_nobody_gets_past_the_password_with_the_device_alone(pool: Pool) -> None:
    # Given
    device = pool.sign_in().known()
    srp = pool.srp(device=device)
    sessions: list[dict[str, Any]] = [{}, {"Session": "x" * 40}]
    # Then
    for session in sessions:
        assert (
            refusal(
                lambda: pool.cognito.respond_to_auth_challenge(
                    ClientId=pool.client_id,
                    ChallengeName="DEVICE_SRP_AUTH",
                    ChallengeResponses=values_of(srp),
                    **session,  # noqa: B023
                )
            )
            == SESSION
        )


VALUES: dict[str, tuple[dict[str, str], tuple[str, str]]] = {
    "no SRP_A": ({"SRP_A": ""}, ("InvalidParameterException", "Missing required parameter SRP_A")),
    "no USERNAME": ({"USERNAME": ""}, ("InvalidParameterException", "Missing required parameter USERNAME")),
    "no DEVICE_KEY": ({"DEVICE_KEY": ""}, ("InvalidParameterException", "Missing required parameter DEVICE_KEY")),
    "SRP_A of zero, with which no password is needed": ({"SRP_A": "0"}, WRONG),
    "SRP_A of N": ({"SRP_A": f"{N:x}"}, WRONG),
    "SRP_A that is not hexadecimal": (
        {"SRP_A": "0x1"},
        (
            "InvalidParameterException",
            (
                "1 validation error detected: Value '0x1' at 'sRPA' failed to satisfy constraint: Member must satisfy "
                "regular expression pattern: ^[0-9a-fA-F]+$"
            ),
        ),
    ),
    "another user": ({"USERNAME": "other"}, SESSION),
    "another device": ({"DEVICE_KEY": "us-east-1_other"}, SESSION),
}


@pytest.mark.parametrize("case", VALUES)
def test_device_srp_auth_refuses(half_way: HalfWay, case: str) -> None:
    changed, expected = VALUES[case]
    _, respond = calls(half_way.pool)
    answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(half_way.srp, **changed)}

    assert refusal(lambda: respond(**answer, Session=half_way.first["Session"])) == expected


PROOFS: dict[str, tuple[dict[str, str], tuple[str, str]]] = {
    "no TIMESTAMP": ({"TIMESTAMP": ""}, ("InvalidParameterException", "Missing required parameter TIMESTAMP")),
    "a timestamp in another format": (
        {"TIMESTAMP": "2026-11-26T12:00:00Z"},
        ("InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."),
    ),
    "a day with a zero": ({"TIMESTAMP": "Thu Nov 05 12:00:00 UTC 2026"}, WRONG),
    "another day than was signed": ({"TIMESTAMP": "Thu Nov 26 12:00:00 UTC 2026"}, WRONG),
    "a signature that is not ASCII": (
        {"PASSWORD_CLAIM_SIGNATURE": "é"},
        ("InvalidParameterException", "Invalid PASSWORD_CLAIM_SIGNATURE format. Must be a Base64 string."),
    ),
    "a signature that is not Base64": (
        {"PASSWORD_CLAIM_SIGNATURE": "*"},
        ("InvalidParameterException", "Invalid PASSWORD_CLAIM_SIGNATURE format. Must be a Base64 string."),
    ),
    "another signature": ({"PASSWORD_CLAIM_SIGNATURE": "c2lnbmF0dXJl"}, WRONG),
    "a secret block that Cognito never issued": ({"PASSWORD_CLAIM_SECRET_BLOCK": "YmxvY2s="}, SESSION),
    "another device": ({"DEVICE_KEY": "us-east-1_other"}, SESSION),
    "another user": ({"USERNAME": "other"}, SESSION),
}


@pytest.mark.parametrize("case", PROOFS)
def test_device_password_verifier_refuses(half_way: HalfWay, case: str) -> None:
    changed, expected = PROOFS[case]
    _, respond = calls(half_way.pool)
    proof = {**half_way.srp.process_device_challenge(half_way.second["ChallengeParameters"]), **changed}

    assert refusal(lambda: respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=proof)) == expected


def test_the_secret_block_of_the_password_is_not_one_of_the_device(pool: Pool) -> None:
    # Given
    srp = pool.srp(device=pool.sign_in().known())
    start, respond = calls(pool)
    started = start(AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params())
    block = started["ChallengeParameters"]["SECRET_BLOCK"]
    responses = srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params())
    proof = {**responses, "PASSWORD_CLAIM_SECRET_BLOCK": block}
    # Then
    assert refusal(lambda: respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=proof)) == SESSION
    # Given
    respond(ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses)
    # Then
    assert refusal(lambda: respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=proof)) == SESSION


def test_a_device_that_is_forgotten_between_its_challenges_is_refused(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    device = signed_in.known()
    srp, challenge = asked(pool, device)
    pool.cognito.forget_device(AccessToken=signed_in.token, DeviceKey=device.key)
    _, respond = calls(pool)
    # Then
    answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp)}
    assert refusal(lambda: respond(**answer, Session=challenge["Session"])) == NO_DEVICE


def test_two_sign_ins_on_one_device_do_not_disturb_each_other(pool: Pool) -> None:
    # Given a device, on which two sign-ins have given the password
    device = pool.sign_in().known()
    clients = [asked(pool, device)[0] for _ in range(2)]
    _, respond = calls(pool)
    # When both prove the device in turn, without a Session
    challenges = [
        respond(ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses=values_of(srp))["ChallengeParameters"]
        for srp in clients
    ]
    results = [
        respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=srp.process_device_challenge(parameters))[
            "AuthenticationResult"
        ]
        for srp, parameters in zip(clients, challenges, strict=True)
    ]
    # Then each gets tokens of its own
    assert len({claims_of(result["AccessToken"])["origin_jti"] for result in results}) == 2
    pool.cognito.revoke_token(Token=results[0]["RefreshToken"], ClientId=pool.client_id)
    assert pool.refresh(results[1]["RefreshToken"], device.key)["AccessToken"]


def test_a_second_device_srp_auth_leaves_the_first_one_valid(pool: Pool) -> None:
    # Given
    srp, challenge = asked(pool, pool.sign_in().known())
    _, respond = calls(pool)
    answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp), "Session": challenge["Session"]}
    first, second = respond(**answer), respond(**answer)
    assert first["ChallengeParameters"]["SECRET_BLOCK"] != second["ChallengeParameters"]["SECRET_BLOCK"]
    # When
    proof = srp.process_device_challenge(first["ChallengeParameters"])
    # Then
    assert respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=proof)["AuthenticationResult"]


@pytest.mark.parametrize("device_waits", [False, True])
def test_a_session_that_cognito_never_issued_does_not_replace_the_device(pool: Pool, *, device_waits: bool) -> None:
    # Given
    srp = pool.srp(device=pool.sign_in().known())
    start, respond = calls(pool)
    started = start(AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params())
    proof = srp.process_challenge(started["ChallengeParameters"], srp.get_auth_params())
    made_up = {"Session": "x" * 40}
    # When
    challenge = respond(ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=proof, **made_up)
    # Then
    assert "AuthenticationResult" not in challenge
    if device_waits:
        answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp)}
        assert refusal(lambda: respond(**answer, **made_up)) == SESSION


def test_a_session_that_waits_for_a_password_is_not_one_that_waits_for_a_device(pool: Pool) -> None:
    # Given a device whose user must change the password
    device = pool.sign_in().known()
    pool.cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username="dart", Password=PASSWORD, Permanent=False)
    srp, challenge = asked(pool, device)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    _, respond = calls(pool)
    answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp), "Session": challenge["Session"]}
    # Then
    assert refusal(lambda: respond(**answer)) == SESSION


def test_a_stale_device_is_refused_before_the_password_changes(pool: Pool) -> None:
    # Given
    device = pool.sign_in().known()
    pool.cognito.admin_forget_device(UserPoolId=pool.pool_id, Username="dart", DeviceKey=device.key)
    pool.cognito.admin_set_user_password(UserPoolId=pool.pool_id, Username="dart", Password=PASSWORD, Permanent=False)
    # Then
    assert refusal(lambda: asked(pool, device)) == NO_DEVICE


def test_a_user_who_is_disabled_meanwhile_gets_no_tokens(pool: Pool) -> None:
    # Given
    srp, challenge = asked(pool, pool.sign_in().known())
    pool.cognito.admin_disable_user(UserPoolId=pool.pool_id, Username="dart")
    _, respond = calls(pool)
    answer = {"ChallengeName": "DEVICE_SRP_AUTH", "ChallengeResponses": values_of(srp), "Session": challenge["Session"]}
    # Then
    assert refusal(lambda: respond(**answer)) == ("NotAuthorizedException", "User is disabled.")


def test_a_global_sign_out_after_the_password_does_not_revoke_the_tokens_of_the_proof(pool: Pool) -> None:
    # Given
    signed_in = pool.sign_in()
    srp, challenge = asked(pool, signed_in.known())
    pool.cognito.global_sign_out(AccessToken=signed_in.token)
    _, respond = calls(pool)
    # When
    second = respond(ChallengeName="DEVICE_SRP_AUTH", Session=challenge["Session"], ChallengeResponses=values_of(srp))
    proof = srp.process_device_challenge(second["ChallengeParameters"])
    result = respond(ChallengeName="DEVICE_PASSWORD_VERIFIER", ChallengeResponses=proof)["AuthenticationResult"]
    # Then
    assert pool.cognito.get_user(AccessToken=result["AccessToken"])["Username"] == "dart"


@pytest.mark.parametrize("challenge", ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"])
def test_an_administrators_response_needs_a_signature(emulator: str, challenge: str) -> None:
    target = "AWSCognitoIdentityProviderService.AdminRespondToAuthChallenge"

    response = httpx.post(emulator, headers={"X-Amz-Target": target}, json={"ChallengeName": challenge})

    assert response.json()["__type"] == "MissingAuthenticationTokenException"
