"""template.yaml's API: gateway responses, routes and limits; and a reason for each suppressed check."""

import json
from typing import Any

import pytest

from devices import problems
from devices.inputs import METHODS
from tests.support.template import RESOURCES, TEMPLATE, load
from tools.openapi.responses import REQUEST_TOO_LARGE

RESPONSES: dict[str, Any] = TEMPLATE["Resources"]["Api"]["Properties"]["GatewayResponses"]

EXPECTED = {
    "ACCESS_DENIED": problems.FORBIDDEN,
    "DEFAULT_4XX": problems.INVALID_REQUEST,
    "DEFAULT_5XX": problems.INTERNAL_ERROR,
    "EXPIRED_TOKEN": problems.INVALID_TOKEN,
    "INTEGRATION_TIMEOUT": problems.UPSTREAM_TIMEOUT,
    "INVALID_SIGNATURE": problems.NOT_FOUND,
    "MISSING_AUTHENTICATION_TOKEN": problems.NOT_FOUND,
    "REQUEST_TOO_LARGE": REQUEST_TOO_LARGE,
    "RESOURCE_NOT_FOUND": problems.NOT_FOUND,
    "THROTTLED": problems.TOO_MANY_REQUESTS,
    "UNAUTHORIZED": problems.INVALID_TOKEN,
    "WAF_FILTERED": problems.FORBIDDEN,
}
COMMON_HEADERS = {
    "Access-Control-Allow-Origin": "'*'",
    "Access-Control-Expose-Headers": "'Retry-After,x-amzn-RequestId'",
    "Cache-Control": "'no-store'",
    "Content-Type": "'application/problem+json'",
    "X-Content-Type-Options": "'nosniff'",
}


def test_the_template_defines_each_gateway_response_that_a_caller_can_get() -> None:
    assert set(RESPONSES) == set(EXPECTED)


@pytest.mark.parametrize("response_type", EXPECTED)
def test_a_gateway_response_has_the_status_body_and_headers_of_its_problem(response_type: str) -> None:
    problem, response = EXPECTED[response_type], RESPONSES[response_type]

    body = json.loads(response["ResponseTemplates"]["application/json"])

    whole = json.loads(problem.body("$context.requestId"))
    if response_type == "DEFAULT_5XX":
        del whole["status"]  # it serves several
    assert body == whole
    constants = {name: f"'{value}'" for name, value in problem.headers.items()}
    assert response["ResponseParameters"]["Headers"] == {**COMMON_HEADERS, **constants}


def test_api_gateway_counts_its_own_failures_as_5xx() -> None:
    """A status that the template sets counts as 4XXError, also one of 500 or above."""
    statuses = {name: response.get("StatusCode") for name, response in RESPONSES.items()}

    assert statuses == {name: each.status if each.status < 500 else None for name, each in EXPECTED.items()}


def test_each_method_has_a_route_and_only_preflights_skip_the_authorizer() -> None:
    events = TEMPLATE["Resources"]["DevicesFunction"]["Properties"]["Events"].values()

    routed = [(each["Properties"]["Path"], each["Properties"]["Method"]) for each in events]

    assert sorted(routed) == sorted((path, each) for path, methods in METHODS.items() for each in methods.split(", "))
    for each in events:
        preflight = each["Properties"]["Method"] == "OPTIONS"
        assert each["Properties"].get("Auth") == ({"Authorizer": "NONE"} if preflight else None)


def test_preflights_have_higher_limits_than_other_requests() -> None:
    # CloudFormation escapes each slash of the path as ~1.
    all_settings = RESOURCES["Api"]["Properties"]["MethodSettings"]
    settings = {(each["ResourcePath"], each["HttpMethod"]): each for each in all_settings}
    limit = TEMPLATE["Parameters"]["ThrottlingRateLimit"]["Default"]
    everything = settings.pop(("/*", "*"))

    assert everything["ThrottlingRateLimit"] == {"Ref": "ThrottlingRateLimit"}
    assert settings.keys() == {("/" + path.replace("/", "~1"), "OPTIONS") for path in METHODS}
    for each in settings.values():
        assert each["MetricsEnabled"] is everything["MetricsEnabled"] is True
        assert min(each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"]) > limit


@pytest.mark.parametrize("resources", [RESOURCES, load("spa/template.yaml")["Resources"]], ids=["API", "page"])
def test_each_suppressed_checkov_rule_has_a_reason(resources: dict[str, Any]) -> None:
    skipped = [
        skip
        for resource in resources.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]

    assert skipped != []
    for skip in skipped:
        assert skip.keys() == {"id", "comment"}
        assert len(skip["comment"].split()) > 5
