"""template.yaml: what API Gateway answers by itself has the form of the function's problems."""

import json
from typing import Any

import pytest

from devices import problems
from devices.parameters import METHODS
from tests.support.template import RESOURCES, TEMPLATE
from tools.openapi.answers import REQUEST_TOO_LARGE

RESPONSES: dict[str, Any] = TEMPLATE["Resources"]["Api"]["Properties"]["GatewayResponses"]

EXPECTED = {
    "ACCESS_DENIED": problems.FORBIDDEN,
    "DEFAULT_4XX": problems.INVALID_REQUEST,
    "DEFAULT_5XX": problems.INTERNAL_ERROR,
    "INTEGRATION_FAILURE": problems.INTERNAL_ERROR,
    "INTEGRATION_TIMEOUT": problems.UPSTREAM_TIMEOUT,
    "INVALID_SIGNATURE": problems.NOT_FOUND,
    "MISSING_AUTHENTICATION_TOKEN": problems.NOT_FOUND,
    "REQUEST_TOO_LARGE": REQUEST_TOO_LARGE,
    "RESOURCE_NOT_FOUND": problems.NOT_FOUND,
    "THROTTLED": problems.TOO_MANY_REQUESTS,
    "UNAUTHORIZED": problems.INVALID_TOKEN,
    "WAF_FILTERED": problems.FORBIDDEN,
}
EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "method.request.header.Origin",
    "Access-Control-Expose-Headers": "'Retry-After,x-amzn-RequestId'",
    "Cache-Control": "'no-store'",
    "Content-Type": "'application/problem+json'",
    "Vary": "'Origin'",
    "X-Content-Type-Options": "'nosniff'",
}


def test_every_response_type_that_a_caller_can_meet_is_shaped() -> None:
    assert set(RESPONSES) == set(EXPECTED)


@pytest.mark.parametrize("response_type", EXPECTED)
def test_a_gateway_response_is_the_problem_of_the_contract(response_type: str) -> None:
    problem, response = EXPECTED[response_type], RESPONSES[response_type]

    body = json.loads(response["ResponseTemplates"]["application/json"])

    assert response["StatusCode"] == problem.status
    assert body == json.loads(problem.body("$context.requestId"))
    constants = {name: f"'{value}'" for name, value in problem.headers.items()}
    assert response["ResponseParameters"]["Headers"] == {**EVERY_ANSWER, **constants}


def test_each_method_of_each_resource_is_routed_to_the_function() -> None:
    events = TEMPLATE["Resources"]["DevicesFunction"]["Properties"]["Events"].values()

    routed = [(each["Properties"]["Path"], each["Properties"]["Method"]) for each in events]

    assert sorted(routed) == sorted((path, each) for path, methods in METHODS.items() for each in methods.split(", "))
    for each in events:
        preflight = each["Properties"]["Method"] == "OPTIONS"
        assert each["Properties"].get("Auth") == ({"Authorizer": "NONE"} if preflight else None)


def test_preflights_are_throttled_later_than_what_they_are_for() -> None:
    # CloudFormation wants the slashes of a path as ~1
    all_settings = RESOURCES["Api"]["Properties"]["MethodSettings"]
    settings = {(each["ResourcePath"], each["HttpMethod"]): each for each in all_settings}
    limit = TEMPLATE["Parameters"]["ThrottlingRateLimit"]["Default"]
    everything = settings.pop(("/*", "*"))

    assert everything["ThrottlingRateLimit"] == {"Ref": "ThrottlingRateLimit"}
    assert settings.keys() == {("/" + path.replace("/", "~1"), "OPTIONS") for path in METHODS}
    for each in settings.values():
        assert each["MetricsEnabled"] is everything["MetricsEnabled"] is True
        assert min(each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"]) > limit


def test_what_checkov_may_not_find_fault_with_has_a_reason() -> None:
    skipped = [
        skip
        for resource in RESOURCES.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]

    assert skipped != []
    for skip in skipped:
        assert skip.keys() == {"id", "comment"}
        assert len(skip["comment"].split()) > 5
