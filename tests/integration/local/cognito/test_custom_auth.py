"""Devices in CUSTOM_AUTH, with a Lambda function as its triggers: boto3 and pycognito call the emulator."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from local.cognito.upstream import claims_of
from tests.integration.conftest import Connect
from tests.support.srp import Known, prove_device
from tests.support.user_pools import REMEMBERED_AT_ONCE, Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# It asks for a word, and before that for the password if the client begins with SRP.
TRIGGERS = """
def handler(event, context):
    asked, response = event["request"].get("session") or [], event["response"]
    if event["triggerSource"].startswith("CreateAuthChallenge"):
        response["privateChallengeParameters"] = {"answer": "please"}
    elif event["triggerSource"].startswith("VerifyAuthChallenge"):
        response["answerCorrect"] = event["request"]["challengeAnswer"] == "please"
    elif asked and asked[-1]["challengeName"] == "CUSTOM_CHALLENGE":
        response["issueTokens"] = asked[-1]["challengeResult"]
        response["failAuthentication"] = not asked[-1]["challengeResult"]
    else:
        by_srp = [each["challengeName"] for each in asked] == ["SRP_A"]
        response["challengeName"] = "PASSWORD_VERIFIER" if by_srp else "CUSTOM_CHALLENGE"
        response["issueTokens"] = response["failAuthentication"] = False
    return event
"""


@pytest.fixture(scope="module")
def pool(cognito: "CognitoIdentityProviderClient", connect: Connect, emulator: str) -> Pool:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", TRIGGERS)
    role = connect("iam", emulator).create_role(RoleName="triggers", AssumeRolePolicyDocument="{}")["Role"]
    functions = connect("lambda", emulator)
    arn = functions.create_function(
        FunctionName="triggers",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role["Arn"],
        Code={"ZipFile": package.getvalue()},
    )["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="triggers", WaiterConfig={"Delay": 1})
    names = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
    return create_pool(cognito, REMEMBERED_AT_ONCE, LambdaConfig=dict.fromkeys(names, arn))


def answered(pool: Pool, challenge: Any, device_key: str | None = None) -> Any:
    """Answer CUSTOM_CHALLENGE, with a device key or without."""
    assert challenge["ChallengeName"] == "CUSTOM_CHALLENGE"
    device = {"DEVICE_KEY": device_key} if device_key else {}
    return pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "dart", "ANSWER": "please", **device},
    )


def started(pool: Pool, **parameters: str) -> Any:
    return pool.cognito.initiate_auth(
        ClientId=pool.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "dart", **parameters}
    )


def with_password(pool: Pool, device: Known | None = None) -> Any:
    """Start with SRP and give the password; return the challenge that follows."""
    srp = pool.srp(device=device)
    first = started(pool, CHALLENGE_NAME="SRP_A", SRP_A=f"{srp.large_a_value:x}")
    proof = srp.process_challenge(first["ChallengeParameters"], srp.get_auth_params())
    return pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        Session=first["Session"],
        ChallengeResponses=proof,
    )


def test_without_a_password_or_a_device_the_sign_in_has_no_device(pool: Pool) -> None:
    result = answered(pool, started(pool))["AuthenticationResult"]

    assert "NewDeviceMetadata" not in result
    assert "device_key" not in claims_of(result["AccessToken"])
    assert pool.refresh(result["RefreshToken"])["AccessToken"]


def test_a_known_device_proves_itself_after_the_challenge(pool: Pool) -> None:
    # Given
    device = pool.sign_in().known()
    # When
    challenge = answered(pool, started(pool), device.key)
    # Then
    assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
    # When
    last = prove_device(pool.srp(device=device), challenge)
    # Then
    assert claims_of(last["AuthenticationResult"]["AccessToken"])["device_key"] == device.key


def test_with_srp_the_sign_in_announces_a_new_device(pool: Pool) -> None:
    result = answered(pool, with_password(pool))["AuthenticationResult"]

    assert claims_of(result["AccessToken"])["device_key"] == result["NewDeviceMetadata"]["DeviceKey"]


def test_with_srp_a_known_device_proves_itself_at_the_end(pool: Pool) -> None:
    device = pool.sign_in().known()

    challenge = answered(pool, with_password(pool, device), device.key)

    assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
