"""Adds devices to sign-ins: NewDeviceMetadata, the device's proof, and the access token's claim `device_key`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

import json
from http import HTTPStatus
from typing import Any

from local.asgi import Response
from local.cognito import device_challenge
from local.cognito.device_challenge import check_user
from local.cognito.exceptions import NotEmulatedError
from local.cognito.step import Step
from local.cognito.store import Attempt, DeviceStore, User
from local.cognito.upstream import WrappedCognito, claims_of, is_on, user_of

_TRACKED_FLOW = "USER_SRP_AUTH"
# In a pool that tracks devices, the refresh token of these flows never works.
_PASSWORD_FLOWS = frozenset({"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"})
_MFA = frozenset({"EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"})
# The wrapped emulator ties the responses to these challenges to their sign-in, but believes all others.
_TIED_BY_EMULATOR = frozenset({"CUSTOM_CHALLENGE", "PASSWORD_VERIFIER"})


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
    if attempt is None or response.status != HTTPStatus.OK:
        return response
    # Each response needs the key, says botocore's model: without it Amplify's retries go on as new devices.
    attempt.device_key = step.device_key
    attempt.passed_mfa |= step.name in _MFA
    content = json.loads(response.body)
    attempt.result = _issued_tokens(content)
    if attempt.result is None:
        await _continue(store, cognito, attempt, content)
    if attempt.result is None:
        return response
    if step.name not in _TIED_BY_EMULATOR:
        store.attempts.pop(step.handle, None)
    return response.with_body(json.dumps(_completed(store, cognito, attempt, step.ip)).encode())


async def _attempt(store: DeviceStore, cognito: WrappedCognito, step: Step) -> Attempt | None:
    """Return the sign-in that a step starts or continues, or None if the wrapped emulator will reject the step."""
    if not step.starts:
        if step.name in _TIED_BY_EMULATOR:
            return store.attempts.get(step.handle)
        attempt = store.resume(step.handle, step.client_id)
        await check_user(cognito, attempt, step)
        return attempt
    pool_id = cognito.internals.pool_of(step.client_id)
    if pool_id is None:
        return None
    tracks = await cognito.device_configuration(pool_id) is not None
    return store.begin(
        pool_id,
        step.client_id,
        is_tracked=tracks and step.name == _TRACKED_FLOW,
        # CUSTOM_AUTH: unconfirmed.
        refreshes=not (tracks and step.name in _PASSWORD_FLOWS),
    )


async def _continue(store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, content: dict[str, Any]) -> None:
    """Keep a sign-in until the response to its next challenge, or give it tokens if a device stands in for MFA."""
    name, parameters = content["ChallengeName"], content["ChallengeParameters"]
    if name not in _TIED_BY_EMULATOR:
        user = attempt.user = await cognito.user_named(attempt.pool_id, parameters["USER_ID_FOR_SRP"])
        if name in _MFA and await _device_replaces_mfa(store, cognito, attempt, user):
            attempt.result = cognito.internals.issue_tokens(user, attempt.client_id)
            return
    store.keep(content.get("Session") or parameters["SECRET_BLOCK"], attempt)


async def _device_replaces_mfa(store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, user: User) -> bool:
    """Return whether the device is remembered and has passed MFA before, in a pool that asks new devices only."""
    if not attempt.is_tracked or attempt.device_key is None:
        return False
    device = store.find(user, attempt.device_key)
    configuration = await cognito.device_configuration(attempt.pool_id) or {}
    return is_on(configuration, "ChallengeRequiredOnNewDevice") and device.remembered and device.passed_mfa


def _issued_tokens(content: dict[str, Any]) -> dict[str, Any] | None:
    result: dict[str, Any] | None = content.get("AuthenticationResult")
    return result if result and "AccessToken" in result else None


def _completed(store: DeviceStore, cognito: WrappedCognito, attempt: Attempt, ip: str) -> dict[str, Any]:
    """Return the content of a response with tokens, or with the challenge that asks for the device's proof."""
    result = attempt.result or {}
    claims = claims_of(result["AccessToken"])
    user = attempt.user = user_of(claims)
    if not attempt.is_tracked:
        store.complete(claims["origin_jti"], None, refreshes=attempt.refreshes)
        return {"AuthenticationResult": result, "ChallengeParameters": {}}
    if attempt.device_key is None:
        device = store.create(user, ip)
        result["NewDeviceMetadata"] = {"DeviceKey": device.key, "DeviceGroupKey": device.group_key}
        return device_challenge.complete(store, cognito, attempt, device, ip)
    device = store.find(user, attempt.device_key)
    if device.remembered:
        return device_challenge.ask(store, attempt, device)
    return device_challenge.complete(store, cognito, attempt, device, ip)
