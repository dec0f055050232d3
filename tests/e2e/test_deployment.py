"""What was deployed: settings, permissions, where the function's packages come from, and what it logs."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local.deployment import client


@pytest.fixture(scope="module")
def aws(session: dict[str, Any]) -> Any:
    """Return a function that makes clients of the local cloud."""

    return partial(client, endpoint=session["cognito_endpoint"])


def resource(aws: Any, logical_id: str) -> str:
    described = aws("cloudformation").describe_stack_resource(
        StackName="cognito-device-api", LogicalResourceId=logical_id
    )
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def test_the_session_file_has_what_a_caller_needs(session: dict[str, Any]) -> None:
    assert set(session) - {"shown", "directory"} == {
        "api_url",
        "cognito_endpoint",
        "region",
        "user_pool_id",
        "user_pool_client_id",
        "username",
        "password",
        "access_token",
        "device_keys",
    }
    assert session["api_url"].endswith("/v1")


def test_the_function_has_no_permission_for_cognito(aws: Any) -> None:
    role = resource(aws, "DevicesRole")

    policy = aws("iam").get_role_policy(RoleName=role, PolicyName="logs-and-traces")["PolicyDocument"]

    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert sorted(actions) == [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ]
    assert aws("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


def test_what_the_function_imports_comes_from_the_layer(session: dict[str, Any]) -> None:
    # Given a Python with nothing but its standard library, the layer and the function, as they were deployed
    build = Path(session["directory"]) / "build"
    places = [str(build / "DependenciesLayer" / "python"), str(build / "DevicesFunction")]
    program = f"""
import sys, sysconfig
sys.path[:0] = {places}
import devices.app
expected = (sysconfig.get_path("stdlib"), *{places})
for name, module in sorted(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    if file and (not file.startswith(expected) or "site-packages" in file):
        print(name, file)
"""

    # When it imports the handler
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    # Then nothing is missing, and nothing comes from elsewhere
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_three_devices_are_remembered_and_one_is_not(aws: Any, session: dict[str, Any]) -> None:
    devices = aws("cognito-idp").admin_list_devices(UserPoolId=session["user_pool_id"], Username=session["username"])

    names = {
        attributes["device_name"]: attributes["dev:device_remembered_status"]
        for device in devices["Devices"]
        if "device_name" in (attributes := {each["Name"]: each["Value"] for each in device["DeviceAttributes"]})
    }
    assert names == {
        "Chrome on Windows": "remembered",
        "Firefox on Linux": "remembered",
        "Library computer": "not_remembered",
        "花子のスマートフォン 📱": "remembered",
    }


def test_the_function_logs_its_outcome_and_nothing_of_the_user(
    aws: Any, api: Any, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    # Given a request
    answer = api.get("/devices/us-east-1_00000000-0000-0000-0000-000000000000", headers=bearer)
    request_id = answer.json()["requestId"]

    # When its log lines are read
    groups = [group["logGroupName"] for group in aws("logs").describe_log_groups()["logGroups"]]
    events = [
        event["message"]
        for group in groups
        for event in aws("logs").filter_log_events(logGroupName=group)["events"]
        if "{" in event["message"]
    ]
    text = "\n".join(events)

    # Then the request is found by its id, at DEBUG level too, and holds no secret
    line = next(
        json.loads(part)
        for event in events
        for part in event.splitlines()
        if f'"correlation_id":"{request_id}"' in part
    )
    assert (line["outcome"], line["status"]) == ("device-not-found", 404)
    assert line["cognito_request_id"]
    assert line["cognito_latency_ms"] > 0
    for secret in (session["access_token"], session["username"], "Chrome on Windows", "192.0.2.17"):
        assert secret not in text
