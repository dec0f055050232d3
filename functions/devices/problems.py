"""The problems of the contract (RFC 9457), and the table from Cognito's exceptions to them.

The function raises a `ProblemError` for every expected failure. `responses` turns it into the response.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SCOPE = "aws.cognito.signin.user.admin"
MEDIA_TYPE = "application/problem+json"

# Cognito's quotas are per second, so a retry within the same second would fail.
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
_RETRY_AFTER_SECONDS = "1"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of failure.

    Attributes
    ----------
    slug : str
        The end of the problem's type, `urn:problem-type:{slug}`, which programs switch on.
    status : int
        The HTTP status, 400 to 599.
    title, detail : str
        For the developer of the page. Constant, so that they cannot quote the request or Cognito's response.
    headers : mapping
        The headers that this problem adds to the response.
    """

    slug: str
    status: int
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def body(self, request_id: str | None) -> str:
        """Return the body as `application/problem+json` (RFC 9457 section 3.1, with the extension `requestId`)."""
        return json.dumps(
            {
                "type": f"urn:problem-type:{self.slug}",
                "title": self.title,
                "status": self.status,
                "detail": self.detail,
                "requestId": request_id,
            }
        )


class ProblemError(Exception):
    """The request ends with this problem as its response. `headers` are added to the problem's own."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.slug)
        self.problem = problem
        self.headers: Mapping[str, str] = {**problem.headers, **(headers or {})}


def _challenge(parameters: str) -> Mapping[str, str]:
    """Return the WWW-Authenticate header with these parameters (RFC 6750 section 3)."""
    return MappingProxyType({"WWW-Authenticate": f"Bearer {parameters}".rstrip()})


_BEARER = _challenge("")
_INVALID = _challenge('error="invalid_token"')
_INSUFFICIENT = _challenge(f'error="insufficient_scope", scope="{SCOPE}"')
_RETRY = MappingProxyType({"Retry-After": _RETRY_AFTER_SECONDS})

INVALID_REQUEST = Problem(
    "invalid-request", 400, "Invalid request", "The device key, the query or the body is not of the form it must have."
)
MISSING_TOKEN = Problem(
    "missing-token",
    401,
    "Missing access token",
    "Send the user's access token as `Authorization: Bearer …`.",
    _BEARER,
)
INVALID_TOKEN = Problem(
    "invalid-token",
    401,
    "Invalid access token",
    "The token is malformed, expired, revoked or no access token: get a new one and try again.",
    _INVALID,
)
USER_NOT_FOUND = Problem(
    "user-not-found", 401, "User not found", "The user that the token was issued to no longer exists.", _INVALID
)
INSUFFICIENT_SCOPE = Problem(
    "insufficient-scope", 403, "Insufficient scope", f"The access token lacks the scope {SCOPE}.", _INSUFFICIENT
)
PASSWORD_RESET_REQUIRED = Problem(
    "password-reset-required", 403, "Password reset required", "The user must reset the password first.", _INSUFFICIENT
)
USER_NOT_CONFIRMED = Problem(
    "user-not-confirmed", 403, "User not confirmed", "The user must confirm the account first.", _INSUFFICIENT
)
FORBIDDEN = Problem("forbidden", 403, "Forbidden", "The user pool refuses this request.", _INSUFFICIENT)
DEVICE_NOT_FOUND = Problem(
    "device-not-found", 404, "Device not found", "The user has no remembered device with this key."
)
NOT_FOUND = Problem("not-found", 404, "Not found", "There is no such resource in this API.")
METHOD_NOT_ALLOWED = Problem(
    "method-not-allowed", 405, "Method not allowed", "The resource does not offer this method; see the Allow header."
)
TOO_MANY_REQUESTS = Problem(
    "too-many-requests", 429, "Too many requests", "Wait as long as Retry-After says, then try again.", _RETRY
)
USER_POOL_MISCONFIGURED = Problem(
    "user-pool-misconfigured",
    500,
    "User pool misconfigured",
    "The user pool does not exist or is not set up to remember devices.",
)
INTERNAL_ERROR = Problem("internal-error", 500, "Internal error", "Something unforeseen went wrong in this API.")
UPSTREAM_ERROR = Problem(
    "upstream-error", 502, "Upstream error", "Amazon Cognito could not be reached or gave no usable answer."
)
UPSTREAM_TIMEOUT = Problem("upstream-timeout", 504, "Upstream timeout", "Amazon Cognito did not answer in time.")

# Cognito's exception -> problem. Any other exception is TOO_MANY_REQUESTS if botocore takes it for throttling, else
# UPSTREAM_ERROR.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html#API_GetDevice_Errors
COGNITO_ERRORS: Mapping[str, Problem] = MappingProxyType(
    {
        "ForbiddenException": FORBIDDEN,
        "InternalErrorException": UPSTREAM_ERROR,
        "InvalidParameterException": INVALID_REQUEST,
        "InvalidUserPoolConfigurationException": USER_POOL_MISCONFIGURED,
        "NotAuthorizedException": INVALID_TOKEN,
        "OperationNotEnabledException": USER_POOL_MISCONFIGURED,
        "PasswordResetRequiredException": PASSWORD_RESET_REQUIRED,
        "ResourceNotFoundException": DEVICE_NOT_FOUND,
        "TooManyRequestsException": TOO_MANY_REQUESTS,
        "UserNotConfirmedException": USER_NOT_CONFIRMED,
        "UserNotFoundException": USER_NOT_FOUND,
    }
)
# ListDevices names no device, so Cognito can miss only the user pool. Unconfirmed: AWS says "the requested resource".
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html#API_ListDevices_Errors
COGNITO_LIST_ERRORS: Mapping[str, Problem] = MappingProxyType(
    {**COGNITO_ERRORS, "ResourceNotFoundException": USER_POOL_MISCONFIGURED}
)
