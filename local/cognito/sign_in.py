"""Adds devices to sign-ins: NewDeviceMetadata, the device's proof, and the access token's claim `device_key`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from local.asgi import Response
from local.cognito import device_challenge
from local.cognito.attempts import Attempt
from local.cognito.exceptions import NotEmulatedError, SessionError
from local.cognito.step import Step
from local.cognito.store import Device, DeviceStore
from local.cognito.upstream import WrappedCognito, claims_of, is_on, user_of
from local.cognito.user import User

_PASSWORD = "PASSWORD_VERIFIER"  # noqa: S105 - a challenge
# In a pool that tracks devices, the refresh token of these flows never works.
_PASSWORD_FLOWS = frozenset({"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"})
_MFA = frozenset({"EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"})
# The wrapped emulator ties the responses to these challenges to their sign-in. To all others it accepts any Session.
_TIED_BY_EMULATOR = frozenset({"CUSTOM_CHALLENGE", _PASSWORD})


async def respond(store: DeviceStore, cognito: WrappedCognito, step: Step, body: bytes) -> Response:
    """Return the response to one step of a sign-in that is neither a refresh nor a device's challenge.

    Raises
    ------
    NotEmulatedError
        The flow is USER_AUTH.
    NotAuthorizedError
        The step responds to no challenge of this user, or too late.
    DeviceNotFoundError
        DEVICE_KEY does not name a confirmed device of the user.
    """
    if step.name == "USER_AUTH":
        raise NotEmulatedError("the flow USER_AUTH", "use USER_SRP_AUTH")
    attempt = await _attempt(store, cognito, step)
    response = await cognito.respond(body)
    if response.status != HTTPStatus.OK:
        return response
    if attempt is None:  # the wrapped emulator accepts a Session that was never issued
        raise SessionError
    # botocore's model asks for the key in each response. Amplify repeats one without it to sign in as a new device.
    attempt.device_key, attempt.ip = step.device_key, step.ip
    attempt.passed_mfa |= step.name in _MFA
    attempt.is_tracked |= attempt.is_custom and (step.name == _PASSWORD or step.device_key is not None)
    content = json.loads(response.body)
    if "AuthenticationResult" in content:
        changed = _completed(store, cognito, attempt, content["AuthenticationResult"])
    else:
        changed = await _continued(store, cognito, attempt, content)
    if step.session and step.name not in _TIED_BY_EMULATOR:
        store.attempts.spend(step.session)
    return response.with_body(json.dumps(changed).encode())


async def _attempt(store: DeviceStore, cognito: WrappedCognito, step: Step) -> Attempt | None:
    """Return the sign-in that a step starts or continues, or None if the wrapped emulator should reject the step."""
    if step.starts:
        return await _begun(store, cognito, step)
    if step.name == _PASSWORD:
        known = store.attempts.kept.get(step.secret_block)
        if known and known.asked == _PASSWORD:
            # One challenge takes any number of proofs, each of which is a sign-in of its own.
            return replace(known, number=next(store.attempts.numbers))
    if step.name in _TIED_BY_EMULATOR:
        kept = store.attempts.kept.get(step.session)
        return kept if kept and kept.asked == step.name else None
    attempt = store.attempts.resume(step.session, step.client_id)
    if attempt.user is None or attempt.asked != step.name:
        raise SessionError
    await cognito.check_user(attempt.user, step.parameters.get("USERNAME", ""))
    return attempt


async def _begun(store: DeviceStore, cognito: WrappedCognito, step: Step) -> Attempt | None:
    pool_id = cognito.internals.pool_of(step.client_id)
    if pool_id is None:
        return None
    tracks = await cognito.device_configuration(pool_id) is not None
    return Attempt(
        next(store.attempts.numbers),
        pool_id,
        step.client_id,
        is_tracked=tracks and step.name == "USER_SRP_AUTH",
        is_custom=tracks and step.name == "CUSTOM_AUTH",
        refreshes=not (tracks and step.name in _PASSWORD_FLOWS),
    )


async def _continued(
    store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, content: dict[str, Any]
) -> dict[str, Any]:
    """Keep a sign-in until the response to its next challenge; return that challenge.

    The challenge is the device's if a device stands in for MFA.
    """
    name, parameters = content["ChallengeName"], content["ChallengeParameters"]
    if name not in _TIED_BY_EMULATOR:
        user = attempt.user = await cognito.user_named(attempt.pool_id, parameters["USER_ID_FOR_SRP"])
        device = _device_of(store, attempt, user)
        if name in _MFA and device and device.remembered and device.passed_mfa:
            configuration = await cognito.device_configuration(attempt.pool_id) or {}
            if is_on(configuration, "ChallengeRequiredOnNewDevice"):
                return device_challenge.ask(store, attempt, user, device)
    store.attempts.keep(content.get("Session") or parameters["SECRET_BLOCK"], replace(attempt, asked=name))
    return content


def _completed(store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, result: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a response with tokens, or with the challenge that asks for the device's proof."""
    claims = claims_of(result["AccessToken"])
    user = user_of(claims)
    device = _device_of(store, attempt, user)
    if device and device.remembered:
        return device_challenge.ask(store, attempt, user, device)
    if attempt.is_tracked:
        if device is None:
            device = store.create(user, attempt.ip)
            result["NewDeviceMetadata"] = {"DeviceKey": device.key, "DeviceGroupKey": device.group_key}
        return device_challenge.complete(store, cognito, attempt, device, result)
    store.complete(claims["origin_jti"], None, refreshes=attempt.refreshes)
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


def _device_of(store: DeviceStore, attempt: Attempt, user: User) -> Device | None:
    if not attempt.is_tracked or attempt.device_key is None:
        return None
    return store.find(user, attempt.device_key)
