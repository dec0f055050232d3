"""The client, and failures of the network that loopback cannot show."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.exceptions
import pytest
import urllib3.exceptions
from botocore import UNSIGNED
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
from tests.support.start import started

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
(FUNCTION_TIMEOUT_SECONDS,) = map(int, re.findall(r"^    Timeout: (\d+)$", TEMPLATE.read_text(), re.MULTILINE))
MOST_BACKOFF_SECONDS = 1
CALLER = Caller("a.b.c", None, Deadline.after(3600))
URL = "https://cognito-idp.us-east-1.amazonaws.com/"


@pytest.fixture(autouse=True)
def _own_client() -> Iterator[None]:
    cognito_client.client.cache_clear()
    yield
    cognito_client.client.cache_clear()


def test_the_client_is_made_once_for_this_region_and_signs_nothing() -> None:
    client = cognito_client.client()

    assert cognito_client.client() is client
    assert client.meta.endpoint_url == URL.rstrip("/")
    assert vars(client.meta.config)["signature_version"] is UNSIGNED


def test_an_empty_endpoint_is_the_region_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    # template.yaml sets the variable for every deployment, empty by default
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "")

    assert cognito_client.client().meta.endpoint_url == URL.rstrip("/")


def test_another_endpoint_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    fips = "https://cognito-idp-fips.us-east-1.amazonaws.com"
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", fips)

    assert cognito_client.client().meta.endpoint_url == fips


def test_both_attempts_can_time_out_before_the_deadline() -> None:
    config = vars(cognito_client.client().meta.config)
    attempts = config["retries"]["total_max_attempts"]
    seconds = attempts * (config["connect_timeout"] + config["read_timeout"]) + MOST_BACKOFF_SECONDS

    assert (attempts, config["retries"]["mode"]) == (2, "standard")
    assert seconds < cognito_transport.MAX_SECONDS


def test_the_environment_changes_no_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    # `legacy` does not try again when Cognito throttles; botocore looks at the variables when the first client is made
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")

    retries, _ = started("""
import json
from devices import cognito_client
print(json.dumps(vars(cognito_client.client().meta.config)["retries"]))
""")

    assert (retries["total_max_attempts"], retries["mode"]) == (2, "standard")


def test_the_function_has_time_to_answer_after_the_deadline_and_a_lookup_that_it_cannot_end() -> None:
    # The alarm waits for a lookup's end: as long as the resolver asks each nameserver (resolv.conf(5)).
    (timeout, tries) = map(int, re.findall(r"RES_OPTIONS: timeout:(\d+) attempts:(\d+)", TEMPLATE.read_text())[0])
    spared = cognito_transport.RESERVED_SECONDS

    assert timeout * tries + deadlines.REPEAT_SECONDS < spared
    assert cognito_transport.MAX_SECONDS + spared < FUNCTION_TIMEOUT_SECONDS


@pytest.mark.parametrize("name", ["boto3", "botocore", "botocore.endpoint", "botocore.parsers", "urllib3"])
def test_the_sdk_does_not_log_requests_even_if_all_else_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)

    assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


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
def test_a_failure_of_the_network_is_a_problem(
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
    ("module", "others"),
    [
        # A broken service model is a fault of the layer.
        (botocore.exceptions, {"MissingServiceIdError", "UndefinedModelAttributeError"}),
        # botocore wraps whatever it meets while sending in an HTTPClientError.
        (urllib3.exceptions, {"ProxySchemeUnsupported"}),
    ],
)
def test_every_exception_of_the_sdk_is_a_failure_of_cognito(module: ModuleType, others: set[str]) -> None:
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Exception)]
    errors = [each for each in classes if each.__module__ == module.__name__ and not issubclass(each, Warning)]

    assert len(errors) > 20
    assert {each.__name__ for each in errors if not issubclass(each, cognito_transport.FAILURES)} == others


@pytest.mark.parametrize("error", [ValueError("canary"), AttributeError("canary"), KeyError("canary")], ids=repr)
def test_an_exception_of_the_functions_own_code_is_not_taken_for_cognitos(error: Exception) -> None:
    def fail(_: object) -> None:
        raise error

    answer = {"Device": {"DeviceKey": "us-east-1_a"}}
    events: Any = cognito_client.client().meta.events
    events.register("before-call.cognito-identity-provider.GetDevice", _respond(answer))

    with pytest.raises(type(error)):
        ask(CALLER, Operation("GetDevice", fail), DeviceKey="us-east-1_a")


def test_an_operation_that_the_layer_lacks_is_not_taken_for_a_failure_of_cognito() -> None:
    with pytest.raises(AttributeError, match="get_colour"):
        ask(CALLER, Operation("GetColour", lambda _: None))


def _respond(answer: dict[str, Any]) -> Callable[..., tuple[AWSResponse, dict[str, Any]]]:
    """Return a handler that responds before the request is sent."""
    parsed = answer | {"ResponseMetadata": {"HTTPHeaders": {}}}
    return lambda **_: (AWSResponse(URL, 200, HTTPHeaders(), None), parsed)
