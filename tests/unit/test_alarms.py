"""template.yaml's alarms: they read metrics that exist, and fire when users notice failures, not before."""

import re
from typing import Any

import pytest

from devices.inputs import METHODS
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


def fires(name: str, **measured: float) -> bool:
    """Return whether these values of the alarm's metrics reach its threshold within one period."""
    (expression,) = [each["Expression"] for each in ALARMS[name]["Metrics"] if "Expression" in each]
    text = expression["Fn::Sub"].replace("${ThrottlingRateLimit}", "50") if isinstance(expression, dict) else expression
    value = eval(text, {"__builtins__": {}, **FUNCTIONS, **measured})  # noqa: S307 - the template's own expression
    return bool(value >= ALARMS[name]["Threshold"])


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_reads_metrics_of_this_stack(name: str) -> None:
    for metric in metrics(ALARMS[name]):
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}

        if metric["Namespace"] == "AWS/ApiGateway":
            assert (dimensions.pop("ApiName"), dimensions.pop("Stage")) == (API["Name"], API["StageName"])
            if dimensions:
                assert dimensions.pop("Method") in METHODS[dimensions.pop("Resource")].split(", ")
        elif metric["Namespace"] == "AWS/Lambda":
            assert dimensions.pop("FunctionName") == {"Ref": "DevicesFunction"}
        else:  # the function's own metrics; tests/integration/devices/test_records.py checks that it writes them
            assert (metric["Namespace"], metric["MetricName"]) == (
                VARIABLES["POWERTOOLS_METRICS_NAMESPACE"],
                "Requests",
            )
            assert dimensions.pop("service") == VARIABLES["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
            assert dimensions.pop("outcome") in SLUGS
        assert dimensions == {}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_can_fire_ignores_missing_data_and_refers_to_its_runbook_entry(name: str) -> None:
    alarm = ALARMS[name]

    assert 1 <= alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"]
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] > 0
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].endswith(f". See docs/operations.md, {name}.")


@pytest.mark.parametrize(
    ("name", "failed", "requests", "firing"),
    [
        ("FailureShareAlarm", 1, 1, False),
        ("FailureShareAlarm", 3, 3, True),
        ("FailureShareAlarm", 3, 150, True),
        ("FailureShareAlarm", 3, 151, False),
        ("FailureShareAlarm", 100, 2250, True),  # a gradual deployment's tenth fails; preflights count
        ("FailureShareAlarm", 0, 1000, False),
        ("OutageAlarm", 1, 1, False),  # one failure at night
        ("OutageAlarm", 2, 2, False),
        ("OutageAlarm", 3, 3, True),  # an outage with few requests
        ("OutageAlarm", 3, 7, True),  # three failures, their preflights and an expired token
        ("OutageAlarm", 3, 12, True),
        ("OutageAlarm", 3, 13, False),
    ],
)
def test_at_least_three_failures_fire_by_their_share(name: str, failed: int, requests: int, *, firing: bool) -> None:
    assert fires(name, failed=failed, requests=requests) is firing


def test_the_throttling_alarm_reads_each_method_but_preflights() -> None:
    methods = {(path, each) for path, allowed in METHODS.items() for each in allowed.split(", ")}

    dimensions = [
        {each["Name"]: each["Value"] for each in metric["Dimensions"]}
        for metric in metrics(ALARMS["StageThrottlingAlarm"])
    ]
    missing = {each for each in methods if each[1] != "OPTIONS"} - {(d["Resource"], d["Method"]) for d in dimensions}

    assert missing == set(), f"template.yaml: add a metric to StageThrottlingAlarm for each of {missing}"


@pytest.mark.parametrize(("busiest", "firing"), [(2699, False), (2700, True)])
def test_the_throttling_alarm_fires_near_the_limit_of_any_method(busiest: int, *, firing: bool) -> None:
    quiet = {each["Id"]: 1 for each in ALARMS["StageThrottlingAlarm"]["Metrics"] if "MetricStat" in each}

    for metric in quiet:
        assert fires("StageThrottlingAlarm", **quiet | {metric: busiest}) is firing, (
            f"template.yaml: the Expression of StageThrottlingAlarm must take the maximum of all metrics, {metric} too"
        )


def test_every_alarm_rolls_deployments_back_and_is_on_the_dashboard() -> None:
    condition, rollback, otherwise = RESOURCES["DevicesFunction"]["Properties"]["DeploymentPreference"]["Alarms"][
        "Fn::If"
    ]
    shown = re.findall(r"\$\{(\w+)\.Arn\}", RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])

    assert (condition, otherwise) == ("Monitor", [{"Ref": "AWS::NoValue"}])
    assert rollback == [{"Ref": name} for name in ALARMS]
    assert shown == list(ALARMS)
    assert len(rollback) <= 10  # CodeDeploy takes no more


@pytest.mark.parametrize("slug", ["internal-error", "user-pool-misconfigured", "too-many-requests"])
def test_each_outcome_that_needs_an_operator_has_an_alarm(slug: str) -> None:
    assert [
        name for name, alarm in ALARMS.items() if {"Name": "outcome", "Value": slug} in alarm.get("Dimensions", [])
    ] != []
