"""The Authorization header, parsed into the caller.

API Gateway's authorizer and Cognito verify the token's signature; this module does not. It reads the claims to learn
the current device, and to refuse a request early, which saves a call to Cognito. Only Cognito accepts a caller.
"""

import base64
import binascii
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from devices.deadlines import Deadline
from devices.problems import INSUFFICIENT_SCOPE, INVALID_TOKEN, MISSING_TOKEN, SCOPE, ProblemError

# A JWT in compact form: three base64url parts (RFC 7515 section 7.1).
_JWT = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


class _Claims(BaseModel):
    """The claims of a Cognito access token that this API reads.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """

    model_config = ConfigDict(strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    token_use: Literal["access"]
    exp: int | float
    scope: str = ""
    device_key: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """The user who sends a request, and the deadline for the response. No repr, so that the token stays out of logs.

    Attributes
    ----------
    access_token : str
        The token as Cognito issued it.
    current_key : str or None
        The token's `device_key` claim: the device that it was issued to. None if the sign-in tracked no device.
    deadline : Deadline
        When Lambda ends the invocation.
    """

    access_token: str
    current_key: str | None
    deadline: Deadline

    @classmethod
    def parse(cls, authorization: Sequence[str], deadline: Deadline) -> Self:
        """Parse the Authorization headers of a request.

        Parameters
        ----------
        authorization : sequence of str
            The values of all Authorization headers.
        deadline : Deadline
            When Lambda ends the invocation.

        Raises
        ------
        ProblemError
            `missing-token`: no header, or a scheme other than Bearer (RFC 6750 section 2.1).
            `invalid-token`: not one well-formed JWT, not an access token, or expired.
            `insufficient-scope`: the token lacks the scope `aws.cognito.signin.user.admin`.
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
        return cls(token, claims.device_key, deadline)


def _claims(token: str) -> _Claims:
    jwt = _JWT.fullmatch(token)
    if jwt is None:
        raise ProblemError(INVALID_TOKEN)
    payload = jwt[1]
    try:
        return _Claims.model_validate_json(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValidationError):
        raise ProblemError(INVALID_TOKEN) from None
