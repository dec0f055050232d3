"""Amazon Cognito: the only module that knows boto3. Its errors leave here as problems."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from pydantic import ValidationError

from devices import observability
from devices.auth import AccessToken
from devices.models import CognitoDevice
from devices.problems import COGNITO_ERRORS, UPSTREAM_ERROR, UPSTREAM_TIMEOUT, Problem, ProblemError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# At DEBUG the SDK's loggers write whole requests, access token included, wherever the root logger sends them.
for _name in ("boto3", "botocore", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# Two attempts of at most 3 s and a backoff of at most 1 s leave room in the function's 10 s, so that it always answers
# for itself. `standard` retries throttling and 5xx, with jitter.
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
_CONFIG = Config(
    signature_version=UNSIGNED,  # the operations are authorised by the access token alone, IAM has no part in them
    connect_timeout=1,
    read_timeout=2,
    retries={"total_max_attempts": 2, "mode": "standard"},
)


@cache
def client() -> "CognitoIdentityProviderClient":
    """Return this environment's client; its connections outlive an invocation."""
    return boto3.client("cognito-idp", config=_CONFIG)


def get_device(token: AccessToken, device_key: str) -> CognitoDevice:
    """Return one remembered device of the user that `token` belongs to.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html

    Parameters
    ----------
    token : AccessToken
        The user's token; Cognito verifies it.
    device_key : str
        1 to 55 characters.

    Raises
    ------
    ProblemError
        With the problem that `problems.COGNITO_ERRORS` names for Cognito's error; `upstream-timeout` if it did not
        answer in time; `upstream-error` if it could not be reached or its answer is not what the service promises.
    """
    answer = _call("GetDevice", lambda: client().get_device(AccessToken=token.value, DeviceKey=device_key))
    try:
        return CognitoDevice.model_validate(answer.get("Device"))
    except ValidationError:
        raise ProblemError(UPSTREAM_ERROR) from None


def _call(operation: str, send: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Send one request in a subsegment of the trace, and record how it went."""
    started = time.perf_counter()
    with observability.cognito_subsegment(operation) as record:
        # Nothing may be raised in here: X-Ray would keep the exception's text, and with it Cognito's.
        answer, problem = _attempt(send)
        record(
            outcome=problem.slug if problem else "ok",
            milliseconds=(time.perf_counter() - started) * 1000,
            metadata=answer.get("ResponseMetadata") or {},
        )
    if problem:
        raise ProblemError(problem)
    return answer


def _attempt(send: Callable[[], Mapping[str, Any]]) -> tuple[Mapping[str, Any], Problem | None]:
    try:
        return send(), None
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        return error.response, COGNITO_ERRORS.get(code, UPSTREAM_ERROR)
    except (ConnectTimeoutError, ReadTimeoutError):
        return {}, UPSTREAM_TIMEOUT
    except Exception:  # noqa: BLE001 - botocore raises many kinds over an answer that it cannot read
        return {}, UPSTREAM_ERROR
