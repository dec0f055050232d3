"""The challenges by which a remembered device proves that it has the password that it chose at ConfirmDevice.

DEVICE_SRP_AUTH asks for the device's public value A, and DEVICE_PASSWORD_VERIFIER for its proof. Source:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
The parameters of the challenges are those that AWS's own clients read.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from local.cognito.exceptions import InvalidParameterError, SessionError, WrongPasswordError
from local.cognito.srp import Challenge, padded
from local.cognito.step import Step
from local.cognito.store import Attempt, Device, DeviceStore, User
from local.cognito.upstream import WrappedCognito, claims_of

# Each returns the content of the response to a step.
type Respond = Callable[[DeviceStore, WrappedCognito, Step], Awaitable[dict[str, Any]]]

_TIMESTAMP = "%a %b %d %H:%M:%S UTC %Y"


def ask(store: DeviceStore, attempt: Attempt, device: Device) -> dict[str, Any]:
    """Return the challenge DEVICE_SRP_AUTH for a sign-in that is complete but for the device's proof."""
    session = secrets.token_urlsafe(32)
    store.keep(session, attempt)
    return {
        "ChallengeName": "DEVICE_SRP_AUTH",
        "Session": session,
        "ChallengeParameters": {"USERNAME": _user_of(attempt).username, "DEVICE_KEY": device.key},  # unconfirmed
    }


async def exchange_values(store: DeviceStore, cognito: WrappedCognito, step: Step) -> dict[str, Any]:
    """Respond to DEVICE_SRP_AUTH with the challenge DEVICE_PASSWORD_VERIFIER.

    Raises
    ------
    InvalidParameterError
        A parameter is missing, or SRP_A is not hexadecimal.
    NotAuthorizedError
        The user has not given the password before, or no device can know the answer.
    DeviceNotFoundError
        The device has been forgotten meanwhile.
    """
    _require(step, "USERNAME", "DEVICE_KEY", "SRP_A")
    attempt = _waiting(store, step)
    await check_user(cognito, attempt, step)
    device = _device_of(store, attempt, step)
    a_public = step.parameters["SRP_A"]
    if not re.fullmatch("[0-9a-fA-F]+", a_public):
        raise InvalidParameterError(
            f"1 validation error detected: Value '{a_public}' at 'sRPA' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: ^[0-9a-fA-F]+$"
        )
    if device.verifier is None:  # unconfirmed: ConfirmDevice without a verifier makes a device that cannot sign in
        raise WrongPasswordError
    try:
        attempt.challenge = Challenge.of(device.verifier.verifier, int(a_public, 16))
    except ValueError:
        raise WrongPasswordError from None
    secret_block = base64.b64encode(secrets.token_bytes(64)).decode()
    store.keep(secret_block, attempt)
    return {
        "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
        "Session": secrets.token_urlsafe(32),  # clients return it, but SECRET_BLOCK is what counts
        "ChallengeParameters": {
            "USERNAME": _user_of(attempt).username,
            "DEVICE_KEY": device.key,
            "SALT": padded(device.verifier.salt).hex(),
            "SRP_B": f"{attempt.challenge.b_public:x}",
            "SECRET_BLOCK": secret_block,
        },
    }


async def check_proof(store: DeviceStore, cognito: WrappedCognito, step: Step) -> dict[str, Any]:
    """Respond to DEVICE_PASSWORD_VERIFIER with tokens.

    Raises
    ------
    InvalidParameterError
        A parameter is missing or malformed.
    NotAuthorizedError
        The proof is wrong, or it belongs to no challenge.
    DeviceNotFoundError
        The device has been forgotten meanwhile.
    """
    _require(step, "USERNAME", "TIMESTAMP", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "DEVICE_KEY")
    secret_block, timestamp = step.parameters["PASSWORD_CLAIM_SECRET_BLOCK"], step.parameters["TIMESTAMP"]
    attempt = store.resume(secret_block, step.client_id)
    await check_user(cognito, attempt, step)
    if attempt.challenge is None or attempt.result is None:
        raise SessionError
    device = _device_of(store, attempt, step)
    signed = (device.group_key.encode(), device.key.encode(), base64.b64decode(secret_block), timestamp.encode())
    signature = _signature_of(step)
    if not (_is_canonical(timestamp) and attempt.challenge.is_proof(signature, *signed)):
        raise WrongPasswordError
    content = complete(store, cognito, attempt, device, step.ip)
    attempt.result = attempt.challenge = None  # one password is worth one proof
    return content


def complete(store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, device: Device, ip: str) -> dict[str, Any]:
    """Return the content of the response that ends a sign-in on a device, with its key in the access token."""
    result = attempt.result or {}
    claims = claims_of(result["AccessToken"])
    device.authenticated = store.now()
    device.ip = ip
    device.passed_mfa |= attempt.passed_mfa
    store.complete(claims["origin_jti"], device.key, refreshes=True)
    token = cognito.internals.sign_token({**claims, "device_key": device.key}, attempt.pool_id)
    return {"AuthenticationResult": {**result, "AccessToken": token}, "ChallengeParameters": {}}


async def check_user(cognito: WrappedCognito, attempt: Attempt, step: Step) -> None:
    """Raise SessionError if the response names another user than the challenge (unconfirmed: an alias will do)."""
    named = await cognito.user_named(attempt.pool_id, step.parameters.get("USERNAME", ""))
    if named != attempt.user:
        raise SessionError


def _waiting(store: DeviceStore, step: Step) -> Attempt:
    """Return the sign-in that waits for the device: that of the Session, or else the newest of the device."""
    if step.session in store.attempts:
        attempt = store.resume(step.session, step.client_id)
    else:  # pycognito returns no Session; after MFA, amazon-cognito-identity-js returns that of SOFTWARE_TOKEN_MFA
        attempt = store.newest(step.client_id, step.device_key or "")
    if attempt.result is None:
        raise SessionError
    return attempt


def _device_of(store: DeviceStore, attempt: Attempt, step: Step) -> Device:
    if step.device_key != attempt.device_key:  # unconfirmed
        raise SessionError
    return store.find(_user_of(attempt), step.device_key or "")


def _user_of(attempt: Attempt) -> User:
    if attempt.user is None:
        raise SessionError
    return attempt.user


def _require(step: Step, *names: str) -> None:
    for name in names:
        if not step.parameters.get(name):
            raise InvalidParameterError(f"Missing required parameter {name}")


def _signature_of(step: Step) -> bytes:
    try:
        return base64.b64decode(step.parameters["PASSWORD_CLAIM_SIGNATURE"], validate=True)
    except binascii.Error:
        message = "Invalid PASSWORD_CLAIM_SIGNATURE format. Must be a Base64 string."
        raise InvalidParameterError(message) from None


def _is_canonical(timestamp: str) -> bool:
    """Return whether the day has no leading zero and the weekday is that of the date, as Cognito signs it."""
    try:
        when = datetime.strptime(timestamp, _TIMESTAMP)  # noqa: DTZ007 - compared with itself only
    except ValueError:
        message = "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
        raise InvalidParameterError(message) from None
    return timestamp == f"{when:%a %b} {when.day} {when:%H:%M:%S UTC %Y}"


# Challenge -> what responds to a device's answer.
DEVICE_CHALLENGES: Mapping[str, Respond] = {
    "DEVICE_SRP_AUTH": exchange_values,
    "DEVICE_PASSWORD_VERIFIER": check_proof,
}
