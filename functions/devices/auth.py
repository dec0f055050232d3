"""Authorization header -> access token, and what the token says of itself.

The claims are read without verifying the signature: they may refuse early and so spare Cognito a call, but only
Cognito's own answer admits.
"""

import base64
import binascii
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from devices.problems import INSUFFICIENT_SCOPE, INVALID_TOKEN, MISSING_TOKEN, SCOPE, ProblemError

# A JWT in compact form: three base64url parts (RFC 7515 section 7.1).
_JWT = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


class _Claims(BaseModel):
    """The claims of a Cognito access token that this API looks at.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """

    model_config = ConfigDict(strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    token_use: Literal["access"]
    exp: int | float
    scope: str = ""
    device_key: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class AccessToken:
    """A user's access token; it has no repr, so that it cannot slip into a log.

    Attributes
    ----------
    value : str
        The token as Cognito issued it.
    device_key : str or None
        Key of the device that the token was issued to; None for a sign-in without a tracked device.
    """

    value: str
    device_key: str | None


def access_token(authorization: Sequence[str]) -> AccessToken:
    """Return the access token of a request.

    Parameters
    ----------
    authorization : sequence of str
        The values of all Authorization headers of the request.

    Raises
    ------
    ProblemError
        `missing-token`: no header, or a scheme other than Bearer (RFC 6750 section 2.1).
        `invalid-token`: not one well-formed JWT, not an access token, or expired.
        `insufficient-scope`: without the scope `aws.cognito.signin.user.admin`.
    """
    schemes = [word.lower() for value in authorization for word in value.split()[:1]]
    if "bearer" not in schemes:
        raise ProblemError(MISSING_TOKEN)
    if len(authorization) > 1:
        raise ProblemError(INVALID_TOKEN)
    token = authorization[0].partition(" ")[2].strip(" ")
    claims = _claims(token)
    if claims.exp <= time.time():
        raise ProblemError(INVALID_TOKEN)
    if SCOPE not in claims.scope.split():
        raise ProblemError(INSUFFICIENT_SCOPE)
    return AccessToken(token, claims.device_key)


def _claims(token: str) -> _Claims:
    jwt = _JWT.fullmatch(token)
    if jwt is None:
        raise ProblemError(INVALID_TOKEN)
    payload = jwt[1]
    try:
        return _Claims.model_validate_json(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValidationError):
        raise ProblemError(INVALID_TOKEN) from None
