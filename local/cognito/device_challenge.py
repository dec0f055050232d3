"""The challenges by which a remembered device proves that it has the password that it chose at ConfirmDevice.

DEVICE_SRP_AUTH asks for the device's public value A, and DEVICE_PASSWORD_VERIFIER for its proof. Source:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
The parameters of the challenges are those that AWS's own clients read.
"""

import base64
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from local.cognito.attempts import DEVICE, Attempt
from local.cognito.exceptions import InvalidParameterError, SessionError, WrongPasswordError
from local.cognito.srp import Challenge, padded
from local.cognito.step import Step
from local.cognito.store import Device, DeviceStore
from local.cognito.upstream import WrappedCognito, claims_of
from local.cognito.user import User

# Each returns the content of the response to a step.
type Respond = Callable[[DeviceStore, WrappedCognito, Step], Awaitable[dict[str, Any]]]

_PROOF = "DEVICE_PASSWORD_VERIFIER"
_TIMESTAMP = "%a %b %d %H:%M:%S UTC %Y"


def ask(store: DeviceStore, attempt: Attempt, user: User, device: Device) -> dict[str, Any]:
    """Return the challenge DEVICE_SRP_AUTH for a sign-in that is complete but for the device's proof."""
    session = secrets.token_urlsafe(32)
    store.attempts.keep(session, replace(attempt, user=user, asked=DEVICE))
    return {
        "ChallengeName": DEVICE,
        "Session": session,
        "ChallengeParameters": {"USERNAME": user.username, "DEVICE_KEY": device.key},  # unconfirmed
    }


async def exchange_values(store: DeviceStore, cognito: WrappedCognito, step: Step) -> dict[str, Any]:
    """Respond to DEVICE_SRP_AUTH with the challenge DEVICE_PASSWORD_VERIFIER.

    Raises
    ------
    InvalidParameterError
        A parameter is missing, or SRP_A is not hexadecimal.
    NotAuthorizedError
        The user has not given the password before, the device has no verifier, or SRP_A is a multiple of N.
    DeviceNotFoundError
        The device has been forgotten meanwhile.
    """
    _require(step, "USERNAME", "DEVICE_KEY", "SRP_A")
    attempt = _waiting(store, step)
    user, device = await _owner_and_device(store, cognito, attempt, step)
    a_public = step.parameters["SRP_A"]
    if not re.fullmatch("[0-9a-fA-F]+", a_public):
        raise InvalidParameterError(
            f"1 validation error detected: Value '{a_public}' at 'sRPA' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: ^[0-9a-fA-F]+$"
        )
    if device.verifier is None:  # unconfirmed: ConfirmDevice without a verifier makes a device that cannot sign in
        raise WrongPasswordError
    try:
        challenge = Challenge.of(device.verifier.verifier, int(a_public, 16))
    except ValueError:
        raise WrongPasswordError from None
    attempt.was_asked = True
    secret_block = base64.b64encode(secrets.token_bytes(64)).decode()
    store.attempts.keep(secret_block, replace(attempt, asked=_PROOF, challenge=challenge))
    return {
        "ChallengeName": _PROOF,
        "Session": secrets.token_urlsafe(32),  # clients return it, but SECRET_BLOCK identifies the exchange
        "ChallengeParameters": {
            "USERNAME": user.username,
            "DEVICE_KEY": device.key,
            "SALT": padded(device.verifier.salt).hex(),
            "SRP_B": f"{challenge.b_public:x}",
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
    attempt = store.attempts.resume(step.secret_block, step.client_id)
    if attempt.challenge is None:
        raise SessionError
    user, device = await _owner_and_device(store, cognito, attempt, step)
    timestamp = step.parameters["TIMESTAMP"]
    block = base64.b64decode(step.secret_block)
    signed = (device.group_key.encode(), device.key.encode(), block, timestamp.encode())
    signature = _signature_of(step)
    if not (_is_canonical(timestamp) and attempt.challenge.is_proof(signature, *signed)):
        raise WrongPasswordError
    # A global sign-out since the password would have revoked tokens that were issued then.
    result = cognito.internals.issue_tokens(user, attempt.client_id)
    store.attempts.end(attempt)
    attempt.ip = step.ip
    return complete(store, cognito, attempt, device, result)


def complete(
    store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, device: Device, result: dict[str, Any]
) -> dict[str, Any]:
    """Return the content of the response that ends a sign-in on a device, with its key in the access token.

    `result` is the AuthenticationResult.
    """
    claims = claims_of(result["AccessToken"])
    device.authenticated = store.now()
    device.ip = attempt.ip
    device.passed_mfa |= attempt.passed_mfa
    store.complete(claims["origin_jti"], device.key, refreshes=True)
    token = cognito.internals.sign_token({**claims, "device_key": device.key}, attempt.pool_id)
    return {"AuthenticationResult": {**result, "AccessToken": token}, "ChallengeParameters": {}}


def _waiting(store: DeviceStore, step: Step) -> Attempt:
    """Return the sign-in that waits for the device: that of the Session, or else the newest of the device."""
    # pycognito returns no Session; after MFA, amazon-cognito-identity-js returns that of SOFTWARE_TOKEN_MFA.
    if not step.session or step.session in store.attempts.used:
        return store.attempts.newest(step.client_id, step.device_key or "")
    attempt = store.attempts.resume(step.session, step.client_id)
    if attempt.asked != DEVICE:
        raise SessionError
    return attempt


async def _owner_and_device(
    store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, step: Step
) -> tuple[User, Device]:
    if attempt.user is None or step.device_key is None or step.device_key != attempt.device_key:  # unconfirmed
        raise SessionError
    await cognito.check_user(attempt.user, step.parameters["USERNAME"])
    return attempt.user, store.find(attempt.user, step.device_key)


def _require(step: Step, *names: str) -> None:
    for name in names:
        if not step.parameters.get(name):
            raise InvalidParameterError(f"Missing required parameter {name}")


def _signature_of(step: Step) -> bytes:
    try:
        return base64.b64decode(step.parameters["PASSWORD_CLAIM_SIGNATURE"], validate=True)
    except ValueError:
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
    DEVICE: exchange_values,
    _PROOF: check_proof,
}
