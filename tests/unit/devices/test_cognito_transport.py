"""The time limits of a call, and exceptions that a fake Cognito on loopback cannot cause."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.exceptions
import pytest
import urllib3.exceptions
from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

from devices import cognito_client, cognito_transport, deadlines
from devices.auth import Caller
from devices.cognito import GET_DEVICE, ask
from devices.cognito_transport import Operation
from devices.deadlines import Deadline
from devices.problems import UPSTREAM_ERROR, UPSTREAM_TIMEOUT, Problem, ProblemError

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
(FUNCTION_TIMEOUT_SECONDS,) = map(int, re.findall(r"^    Timeout: (\d+)$", TEMPLATE.read_text(), re.MULTILINE))
MAX_BACKOFF_SECONDS = 1
CALLER = Caller("a.b.c", None, Deadline(3600))
URL = "https://cognito-idp.us-east-1.amazonaws.com/"

pytestmark = pytest.mark.usefixtures("own_client")


def test_both_attempts_can_time_out_before_the_deadline() -> None:
    config = vars(cognito_client.client().meta.config)
    attempts = config["retries"]["total_max_attempts"]
    seconds = attempts * (config["connect_timeout"] + config["read_timeout"]) + MAX_BACKOFF_SECONDS

    assert (attempts, config["retries"]["mode"]) == (2, "standard")
    assert seconds < cognito_transport.MAX_SECONDS


def test_the_reserved_time_is_enough_for_a_dns_lookup_and_the_response() -> None:
    # A signal cannot interrupt a lookup, which takes the resolver's timeout for each try (resolv.conf(5)).
    (timeout, tries) = map(int, re.findall(r"RES_OPTIONS: timeout:(\d+) attempts:(\d+)", TEMPLATE.read_text())[0])
    reserved = cognito_transport.RESERVED_SECONDS

    assert timeout * tries + deadlines.REPEAT_SECONDS < reserved
    assert cognito_transport.MAX_SECONDS + reserved < FUNCTION_TIMEOUT_SECONDS


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ConnectTimeoutError(endpoint_url=URL), UPSTREAM_TIMEOUT),
        (ReadTimeoutError(endpoint_url=URL), UPSTREAM_TIMEOUT),
        (EndpointConnectionError(endpoint_url=URL), UPSTREAM_ERROR),
        (ConnectionClosedError(endpoint_url=URL), UPSTREAM_ERROR),
        (SSLError(endpoint_url=URL, error=OSError("certificate verify failed")), UPSTREAM_ERROR),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_network_exception_becomes_a_problem(
    error: Exception, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("time.sleep", lambda _: None)
    cognito_client.client().meta.events.register("before-send.cognito-identity-provider.GetDevice", fail)

    # When
    with pytest.raises(ProblemError) as caught:
        ask(CALLER, GET_DEVICE, DeviceKey="us-east-1_a")

    # Then
    assert caught.value.problem is problem
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("module", "exceptions"),
    [
        # botocore raises these two if a service model is broken: a bug of the layer, not a failure of Cognito.
        (botocore.exceptions, {"MissingServiceIdError", "UndefinedModelAttributeError"}),
        # botocore wraps any exception of urllib3 while sending in an HTTPClientError.
        (urllib3.exceptions, {"ProxySchemeUnsupported"}),
    ],
)
def test_failures_include_every_exception_of_the_sdk(module: ModuleType, exceptions: set[str]) -> None:
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Exception)]
    errors = [each for each in classes if each.__module__ == module.__name__ and not issubclass(each, Warning)]

    assert len(errors) > 20
    assert {each.__name__ for each in errors if not issubclass(each, cognito_transport.FAILURES)} == exceptions


@pytest.mark.parametrize("error", [ValueError("canary"), AttributeError("canary"), KeyError("canary")], ids=repr)
def test_an_exception_of_the_functions_own_code_passes_through(error: Exception) -> None:
    def fail(_: object) -> None:
        raise error

    response = {"Device": {"DeviceKey": "us-east-1_a"}}
    events: Any = cognito_client.client().meta.events
    events.register("before-call.cognito-identity-provider.GetDevice", _respond(response))

    with pytest.raises(type(error)):
        ask(CALLER, Operation("GetDevice", fail), DeviceKey="us-east-1_a")


def test_the_exception_for_an_unknown_operation_passes_through() -> None:
    with pytest.raises(AttributeError, match="get_colour"):
        ask(CALLER, Operation("GetColour", lambda _: None))


def _respond(response: dict[str, Any]) -> Callable[..., tuple[AWSResponse, dict[str, Any]]]:
    """Return an event handler that gives botocore a response instead of sending the request."""
    parsed = response | {"ResponseMetadata": {"HTTPHeaders": {}}}
    return lambda **_: (AWSResponse(URL, 200, HTTPHeaders(), None), parsed)
