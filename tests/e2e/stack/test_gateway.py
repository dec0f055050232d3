"""What API Gateway does by itself: limits, gateway responses, TLS."""

import ssl
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.responses import assert_problem, assert_response
from tests.support.template import RESOURCES
from tests.support.tls import refusal
from tools.verify.stack import Stack

_MOST_SECONDS = 20
# API Gateway may admit more than the limits, which it calls targets.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
_TOLERANCE = 2
_10_MB = 10 * 1024 * 1024  # API Gateway's quota for the payload of a REST API


@pytest.fixture
def gateway(stack: Stack) -> dict[str, str]:
    """Return the parameters that name the stage at API Gateway."""
    return {"restApiId": stack.resource("Api"), "stageName": "v1"}


@pytest.fixture
def limits(stack: Stack) -> tuple[int, int]:
    """Return how many requests a method admits per second, and at once."""
    return int(stack.parameters["ThrottlingRateLimit"]), int(stack.parameters["ThrottlingBurstLimit"])


def test_each_method_has_its_throttling_limits(
    stack: Stack, gateway: dict[str, str], limits: tuple[int, int], came: Callable[[object], None]
) -> None:
    settings = stack.aws("apigateway").get_stage(**gateway)["methodSettings"]

    found = {
        name.removeprefix("/"): (int(each["throttlingRateLimit"]), int(each["throttlingBurstLimit"]))
        for name, each in settings.items()
    }
    came(", ".join(f"{name}: {rate} per second, {burst} at once" for name, (rate, burst) in sorted(found.items())))
    preflights = {"~1devices/OPTIONS": (500, 500), "~1devices~1{deviceKey}/OPTIONS": (500, 500)}
    wanted = {"*/*": limits, **preflights}
    wrong = [
        f"the throttling limits of {name} are {found.get(name)}, not {each}"
        for name, each in wanted.items()
        if found.get(name) != each
    ]
    assert not wrong, "; ".join(wrong)


def test_the_gateway_responses_are_those_of_the_template(
    stack: Stack, gateway: dict[str, str], came: Callable[[object], None]
) -> None:
    wanted: dict[str, Any] = RESOURCES["Api"]["Properties"]["GatewayResponses"]

    items = stack.aws("apigateway").get_gateway_responses(restApiId=gateway["restApiId"], limit=500)["items"]

    found = {each["responseType"]: each for each in items if not each.get("defaultResponse")}
    came(f"{len(found)} gateway responses")
    assert set(found) == set(wanted), f"{sorted(set(found) ^ set(wanted))} are only here or only in the template"
    for name, each in wanted.items():
        values: dict[str, str] = each["ResponseParameters"]["Headers"]
        headers = {f"gatewayresponse.header.{header}": value for header, value in values.items()}
        assert found[name]["responseParameters"] == headers, f"the headers of {name} differ"
        assert found[name]["responseTemplates"] == each["ResponseTemplates"], f"the body of {name} differs"
        if "StatusCode" in each:  # a status that the template sets makes API Gateway count a 5xx as 4XXError
            assert found[name]["statusCode"] == str(each["StatusCode"]), f"the status of {name} differs"


def test_the_parameters_are_those_of_samconfig(stack: Stack, came: Callable[[object], None]) -> None:
    if stack.endpoint:
        pytest.skip("make run sets parameters of its own")
    if not stack.wanted:
        pytest.skip("the environment in samconfig.toml has no table of parameters")

    wrong = [
        f"{name} is {stack.parameters.get(name)!r}, not {value!r}"
        for name, value in stack.wanted.items()
        if stack.parameters.get(name) != value
    ]

    came(f"{len(stack.wanted)} parameters")
    assert not wrong, "; ".join(wrong)


def test_a_request_of_more_than_10_mb_is_refused(page: httpx.Client, stack: Stack, bearer: dict[str, str]) -> None:
    if stack.endpoint:
        pytest.skip("the local cloud has no limit")

    try:
        response = page.patch("/devices/current", headers=bearer, content=b" " * (_10_MB + 1))
    except httpx.TransportError as error:
        pytest.skip(f"the connection ended before a response could be read: {error}")

    assert_problem(response, 413, "request-too-large", by_gateway=True)


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_an_old_version_of_tls_is_refused(stack: Stack, version: str, came: Callable[[object], None]) -> None:
    if not stack.api_url.startswith("https:"):
        pytest.skip("the local cloud has no TLS")

    try:
        refused = refusal(stack.api_url, version)
    except ssl.SSLError as error:
        pytest.skip(f"this machine cannot offer {version}: {error}")

    came(refused or "accepted")
    assert refused, f"{version} is accepted"


def test_requests_above_the_limits_are_throttled(
    page: httpx.Client,
    stack: Stack,
    limits: tuple[int, int],
    bearer: dict[str, str],
    came: Callable[[object], None],
) -> None:
    if not stack.made_pool:
        pytest.skip("the users of an existing pool would have to wait")
    page.event_hooks = {}
    responses: list[httpx.Response] = []

    # Given requests that the function refuses without Cognito. A new account has only ten concurrent executions
    with ThreadPoolExecutor(8) as threads:
        started = time.monotonic()
        while time.monotonic() < started + _MOST_SECONDS and not any(each.status_code == 429 for each in responses):
            responses += threads.map(lambda _: page.patch("/devices/no-underscore", headers=bearer), range(100))
        seconds = time.monotonic() - started

    statuses = Counter(response.status_code for response in responses)
    came(", ".join(f"{count} x {status}" for status, count in sorted(statuses.items())))
    assert set(statuses) <= {400, 429}, f"{len(responses)} requests in a row got {sorted(statuses)}, not 400 and 429"
    rate, burst = limits
    if 429 not in statuses and len(responses) < _TOLERANCE * (burst + rate * seconds):
        pytest.skip(f"from here, {len(responses) / seconds:.0f} requests per second are too few for limits of {rate}")
    assert 429 in statuses, f"none of {len(responses)} requests in {seconds:.0f} seconds was throttled"
    for response in responses:
        if response.status_code == 429:
            assert_problem(response, 429, "too-many-requests", by_gateway=True)
            assert_response(response, 429, {"retry-after": "1"})
    time.sleep(2)  # the method admits requests again
