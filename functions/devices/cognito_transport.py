"""A call to Amazon Cognito, within its time: the only module that knows boto3. Errors leave here as problems."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from devices import observability
from devices.deadlines import DeadlineExceededError, within
from devices.problems import COGNITO_ERRORS, UPSTREAM_ERROR, UPSTREAM_TIMEOUT, Problem, ProblemError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# The SDK's loggers write whole requests at DEBUG, access token included, and at WARNING what Cognito's headers say.
for _name in ("boto3", "botocore", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

# Two attempts of 1 s to connect and 2 s to answer, and a backoff of at most 1 s where Cognito throttles, of 50 ms where
# it fails. `standard` retries both.
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
_CONFIG = Config(
    signature_version=UNSIGNED,  # the operations are authorised by the access token alone, IAM has no part in them
    connect_timeout=1,
    read_timeout=2,
    retries={"total_max_attempts": 2, "mode": "standard"},
    parameter_validation=False,  # `auth`, `app` and `requests` have looked at the parameters
    # Otherwise put together twice for each call, which takes a tenth of it.
    user_agent=f"Boto3/{boto3.__version__} Botocore/{botocore.__version__} cognito-device-api",
)

# Those limits hold for one address and one read. This one holds for all of a call, so that the function's 10 s are
# never over before it has answered for itself.
_MOST_SECONDS = 8.0
# A page of 60 devices is far smaller. More than this is not worth the time that it takes to parse.
_MOST_BYTES = 1_000_000
# The form of a request id. What is recorded of Cognito's answer must not be what anybody likes.
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{1,64}")
# What a call must leave of the invocation's time: 1 s for a lookup of the name that is under way (RES_OPTIONS in
# template.yaml), and 0.5 s for the answer.
_SPARED_SECONDS = 1.5


@dataclass
class _Sent:
    attempts: int = 0


# Requests sent to Cognito in this environment; botocore tells it of answered ones alone.
_sent = _Sent()


@cache
def client() -> "CognitoIdentityProviderClient":
    """Return this environment's client; its connections outlive an invocation."""
    core = botocore.session.get_session()
    # UTC is what is shown; the default is the local time zone, which is looked up for each timestamp.
    parsers = core.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=lambda seconds: datetime.fromtimestamp(seconds, UTC))
    made = boto3.session.Session(botocore_session=core).client("cognito-idp", config=_CONFIG)
    made.meta.events.register("before-send.cognito-identity-provider", _count)
    made.meta.events.register("before-parse.cognito-identity-provider", _refuse_excess)
    made.meta.events.register_first("needs-retry.cognito-identity-provider", _wait_no_longer)
    return made


def _count(**_: object) -> None:
    _sent.attempts += 1


def _refuse_excess(response_dict: Mapping[str, Any], **_: object) -> None:
    if len(response_dict["body"]) > _MOST_BYTES:
        raise ValueError


def _wait_no_longer(response: "tuple[AWSResponse, object] | None", **_: object) -> None:
    # botocore would wait for up to 5 s if it is told to; the page waits better than an environment of the function.
    if response:
        response[0].headers.pop("x-amz-retry-after", None)


def call[Result](
    operation: str,
    seconds_left: float,
    send: Callable[[], Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], Result],
) -> Result:
    """Send one request in a subsegment of the trace, record how it went, and return what `read` makes of the answer.

    Parameters
    ----------
    operation : str
        Its name in Cognito's API, for the trace.
    seconds_left : float
        What is left of the invocation's time. At 1.5 or less Cognito is not asked.
    send : callable
        Sends the request by `client`.
    read : callable
        Makes the result of the answer; any exception means that the answer cannot be read.

    Raises
    ------
    ProblemError
        With the problem that `problems.COGNITO_ERRORS` names for Cognito's error; `upstream-timeout` if it did not
        answer in time; `upstream-error` if it could not be reached or its answer is not what the service promises.
    """
    started, sent = time.perf_counter(), _sent.attempts
    with observability.cognito_subsegment(operation) as record:
        # Nothing may be raised in here: X-Ray would keep the exception's text, and with it Cognito's.
        answer, result = _attempt(min(_MOST_SECONDS, seconds_left - _SPARED_SECONDS), send, read)
        record(
            outcome=result.slug if isinstance(result, Problem) else "ok",
            milliseconds=(time.perf_counter() - started) * 1000,
            attempts=_sent.attempts - sent,
            request_id=_request_id(answer),
        )
    if isinstance(result, Problem):
        raise ProblemError(result)
    return result


def _request_id(answer: Mapping[str, Any]) -> str | None:
    given = (answer.get("ResponseMetadata") or {}).get("RequestId") or ""
    return given if _REQUEST_ID.fullmatch(given) else None


def _attempt[Result](
    seconds: float, send: Callable[[], Mapping[str, Any]], read: Callable[[Mapping[str, Any]], Result]
) -> tuple[Mapping[str, Any], Result | Problem]:
    answer: Mapping[str, Any] = {}

    def work() -> Result:
        nonlocal answer
        answer = send()
        return read(answer)

    result: Result | Problem
    try:
        result = within(seconds, work)
    except ClientError as error:
        return error.response, COGNITO_ERRORS.get(error.response["Error"]["Code"], UPSTREAM_ERROR)
    except (ConnectTimeoutError, ReadTimeoutError, DeadlineExceededError):
        result = UPSTREAM_TIMEOUT
    except Exception:  # noqa: BLE001 - botocore and pydantic raise many kinds over an answer that cannot be read
        result = UPSTREAM_ERROR
    return answer, result
