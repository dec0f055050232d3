"""template.yaml's alarms: what they watch exists, and they ring when users feel something, not before."""

import re
from typing import Any

import pytest

from devices.parameters import METHODS
from tests.support.problems import PROBLEMS
from tests.support.template import ALARMS, RESOURCES, TEMPLATE

API = RESOURCES["Api"]["Properties"]
VARIABLES = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
SLUGS = {each.slug for each in PROBLEMS}
FUNCTIONS: dict[str, Any] = {"IF": lambda condition, yes, no: yes if condition else no, "MAX": max}


def metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the metrics that an alarm reads, each with Namespace, MetricName and Dimensions."""
    if "Metrics" not in alarm:
        return [alarm]
    return [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]


def rings(name: str, **measured: float) -> bool:
    """Return whether a period with these values is one over the threshold."""
    (expression,) = [each["Expression"] for each in ALARMS[name]["Metrics"] if "Expression" in each]
    text = expression["Fn::Sub"].replace("${ThrottlingRateLimit}", "50") if isinstance(expression, dict) else expression
    value = eval(text, {"__builtins__": {}, **FUNCTIONS, **measured})  # noqa: S307 - the template's own expression
    return bool(value >= ALARMS[name]["Threshold"])


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_this_stack_counts(name: str) -> None:
    for metric in metrics(ALARMS[name]):
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}

        if metric["Namespace"] == "AWS/ApiGateway":
            assert (dimensions.pop("ApiName"), dimensions.pop("Stage")) == (API["Name"], API["StageName"])
            if dimensions:
                assert dimensions.pop("Method") in METHODS[dimensions.pop("Resource")].split(", ")
        elif metric["Namespace"] == "AWS/Lambda":
            assert dimensions.pop("FunctionName") == {"Ref": "DevicesFunction"}
        else:  # tests/integration/devices/test_records.py: what the function counts
            assert (metric["Namespace"], metric["MetricName"]) == (
                VARIABLES["POWERTOOLS_METRICS_NAMESPACE"],
                "Requests",
            )
            assert dimensions.pop("service") == VARIABLES["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
            assert dimensions.pop("outcome") in SLUGS
        assert dimensions == {}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_can_ring_is_silent_without_traffic_and_says_what_it_means(name: str) -> None:
    alarm = ALARMS[name]

    assert 1 <= alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"]
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] > 0
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].endswith(f". See docs/operations.md, {name}.")


@pytest.mark.parametrize(
    ("name", "failed", "requests", "ringing"),
    [
        ("FailureShareAlarm", 1, 1, False),
        ("FailureShareAlarm", 3, 3, True),
        ("FailureShareAlarm", 3, 150, True),
        ("FailureShareAlarm", 3, 151, False),
        ("FailureShareAlarm", 100, 2250, True),  # a tenth on a version that fails always, preflights, expired tokens
        ("FailureShareAlarm", 0, 1000, False),
        ("OutageAlarm", 1, 1, False),  # one failure at night
        ("OutageAlarm", 2, 2, False),
        ("OutageAlarm", 3, 3, True),  # a quiet API that is down
        ("OutageAlarm", 3, 7, True),  # with their preflights, and an expired token
        ("OutageAlarm", 3, 12, True),
        ("OutageAlarm", 3, 13, False),
    ],
)
def test_failures_ring_by_their_share_from_three_on(name: str, failed: int, requests: int, *, ringing: bool) -> None:
    assert rings(name, failed=failed, requests=requests) is ringing


@pytest.mark.parametrize(("busiest", "ringing"), [(2699, False), (2700, True)])
def test_throttling_rings_near_the_limit_of_one_method(busiest: int, *, ringing: bool) -> None:
    quiet = {"list": 1, "get": 1, "update": 1, "forget": 1}

    for method in quiet:
        assert rings("StageThrottlingAlarm", **quiet | {method: busiest}) is ringing


def test_every_alarm_brings_the_old_version_back_and_is_on_the_dashboard() -> None:
    condition, rollback, otherwise = RESOURCES["DevicesFunction"]["Properties"]["DeploymentPreference"]["Alarms"][
        "Fn::If"
    ]
    shown = re.findall(r"\$\{(\w+)\.Arn\}", RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])

    assert (condition, otherwise) == ("Monitor", [{"Ref": "AWS::NoValue"}])
    assert rollback == [{"Ref": name} for name in ALARMS]
    assert shown == list(ALARMS)
    assert len(rollback) <= 10  # CodeDeploy takes no more


@pytest.mark.parametrize("slug", ["internal-error", "user-pool-misconfigured", "too-many-requests"])
def test_the_outcomes_that_someone_must_act_on_have_an_alarm(slug: str) -> None:
    assert [
        name for name, alarm in ALARMS.items() if {"Name": "outcome", "Value": slug} in alarm.get("Dimensions", [])
    ] != []
