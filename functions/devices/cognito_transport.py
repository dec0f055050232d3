"""One call to Amazon Cognito, within a time limit. Failures become ProblemErrors."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from botocore.retries.standard import RetryContext, RetryEventAdapter, ThrottlingErrorDetector
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from devices.cognito_client import attempts, client
from devices.cognito_response import UnreadableResponseError
from devices.cognito_reuse import reuse
from devices.deadlines import Deadline, DeadlineExceededError, within
from devices.observability import cognito_subsegment
from devices.problems import (
    COGNITO_ERRORS,
    TOO_MANY_REQUESTS,
    UPSTREAM_ERROR,
    UPSTREAM_TIMEOUT,
    Problem,
    ProblemError,
)

# The client's connect timeout applies to each IP address and its read timeout to each read, so neither limits the
# whole call. This limit does, so that the function responds within its timeout of 10 s.
MAX_SECONDS = 8.0
# The time that a call must leave unused: 1 s for a DNS lookup in progress, which a signal cannot interrupt
# (RES_OPTIONS in template.yaml), and 0.5 s to respond.
RESERVED_SECONDS = 1.5

_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError, DeadlineExceededError)
# The expected failures of a call. Any other exception is a bug, so it becomes `internal-error`.
FAILURES = (*_TIMEOUTS, ClientError, BotoCoreError, HTTPError, ValidationError, UnreadableResponseError)
_THROTTLING = ThrottlingErrorDetector(RetryEventAdapter())
# Log a request ID only if it has this form, so that a header cannot inject log text.
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{1,64}")


@dataclass(frozen=True, slots=True)
class Operation[Result]:
    """An operation of Cognito's API, as data.

    Attributes
    ----------
    name : str
        Its name in the API reference, such as `GetDevice`.
    read : callable
        Turns the response into the result. Raises pydantic's ValidationError or UnreadableResponseError if it cannot.
    errors : mapping
        Cognito's exception -> problem.
    device_key : callable, optional
        Returns the key of the device that the result is about. None if the response names no device.
    """

    name: str
    read: Callable[[Mapping[str, Any]], Result]
    errors: Mapping[str, Problem] = COGNITO_ERRORS
    device_key: Callable[[Result], str] | None = None


def call[Result](operation: Operation[Result], parameters: Mapping[str, str | int], deadline: Deadline) -> Result:
    """Call an operation in a subsegment of the trace, record the outcome, and return the parsed response.

    Parameters
    ----------
    operation : Operation
        What to call, and how to parse the response.
    parameters : mapping
        Its parameters, AccessToken among them.
    deadline : Deadline
        When Lambda ends the invocation. With 1.5 s or less left, Cognito is not called.

    Raises
    ------
    ProblemError
        `upstream-timeout` if Cognito did not respond in time, `upstream-error` if the connection failed or the
        response is unreadable, else the problem that the operation has for Cognito's exception. For an exception that
        it lacks, `too-many-requests` if botocore takes it for throttling, else `upstream-error`.
    """
    send = getattr(client(), xform_name(operation.name))
    response: Mapping[str, Any] = {}
    failure: BaseException | None = None
    result: Result

    def work() -> Result:
        nonlocal response
        reuse.expected = (
            (str(parameters["DeviceKey"]), str(parameters["AccessToken"])) if operation.device_key else None
        )
        response = send(**parameters)
        result = operation.read(response)
        if operation.device_key and operation.device_key(result) != parameters["DeviceKey"]:
            raise UnreadableResponseError
        reuse.accept()
        return result

    started, attempts_before = time.perf_counter(), attempts.count
    with cognito_subsegment(operation.name) as record:
        try:
            result = within(min(MAX_SECONDS, deadline.seconds_left() - RESERVED_SECONDS), work)
        except FAILURES as error:
            failure = error
        problem = _problem(failure, operation.errors) if failure else None
        record(
            outcome=problem.slug if problem else "ok",
            milliseconds=(time.perf_counter() - started) * 1000,
            attempts=attempts.count - attempts_before,
            request_id=_request_id(failure.response if isinstance(failure, ClientError) else response),
            error_type=type(failure).__name__ if failure else None,
        )
    # The exception refers to this frame by its traceback. With a reference back, only the garbage collector would free
    # both, and the connection that botocore's frames hold would stay open until then.
    failure = None
    # Raised outside of the subsegment, which would mark a 404 as a fault.
    if problem:
        raise ProblemError(problem)
    return result


def _problem(failure: BaseException, errors: Mapping[str, Problem]) -> Problem:
    if isinstance(failure, ClientError):
        listed = errors.get(failure.response["Error"]["Code"])
        return listed or (TOO_MANY_REQUESTS if _is_throttling(failure) else UPSTREAM_ERROR)
    return UPSTREAM_TIMEOUT if isinstance(failure, _TIMEOUTS) else UPSTREAM_ERROR


def _is_throttling(error: ClientError) -> bool:
    """Ask botocore, which decides about its second attempt in the same way."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    context = RetryContext(
        attempt_number=1,
        operation_model=client().meta.service_model.operation_model(error.operation_name),
        parsed_response=error.response,
        http_response=AWSResponse("", status, HTTPHeaders(), None),
    )
    return _THROTTLING.is_throttling_error_from_context(context)


def _request_id(response: Mapping[str, Any]) -> str | None:
    request_id = (response.get("ResponseMetadata") or {}).get("RequestId") or ""
    return request_id if _REQUEST_ID.fullmatch(request_id) else None
