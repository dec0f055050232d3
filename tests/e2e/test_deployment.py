"""The deployed stack: session file, permissions, origin of the packages, demo devices and logs."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local import stable_ids
from tests.support.local_cloud import outcome, ports
from tests.support.user_pools import attributes, devices_of
from tools.verify.discovery import of_session


def test_the_session_file_has_what_a_caller_needs(session: dict[str, Any]) -> None:
    assert set(session) - {"shown", "directory"} == {
        "page_url",
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


def test_the_function_has_no_permission_for_cognito(aws: Any, session: Any) -> None:
    role = of_session(session).resource("DevicesRole")

    policy = aws("iam").get_role_policy(RoleName=role, PolicyName="logs-and-traces")["PolicyDocument"]

    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert sorted(actions) == [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ]
    assert aws("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


def test_the_function_imports_only_the_layer_and_itself(session: dict[str, Any]) -> None:
    # Given a Python with its standard library, the deployed layer and the deployed function only
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

    # Then no module is missing, and none comes from elsewhere
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_demo_user_has_two_list_pages_of_devices_and_one_that_is_not_remembered(
    aws: Any, session: dict[str, Any]
) -> None:
    # Given all devices, including those on which other tests signed in
    devices = list(devices_of(aws("cognito-idp"), session["user_pool_id"], session["username"]))

    # Then
    facts = [attributes(device) for device in devices]
    hidden = [each["device_name"] for each in facts if each["dev:device_remembered_status"] == "not_remembered"]
    assert hidden == ["Library computer"]
    assert len(session["device_keys"]) > 60
    assert set(session["device_keys"]) <= {device["DeviceKey"] for device in devices}


def test_the_demos_past_devices_are_old_and_the_pool_has_only_the_pages_app_client(
    aws: Any, session: dict[str, Any]
) -> None:
    cognito, pool_id = aws("cognito-idp"), session["user_pool_id"]

    oldest = cognito.admin_get_device(
        UserPoolId=pool_id, Username=session["username"], DeviceKey=session["device_keys"][-1]
    )["Device"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"]

    assert datetime.now(UTC) - oldest["DeviceLastAuthenticatedDate"] > timedelta(days=300)
    assert oldest["DeviceCreateDate"].replace(microsecond=0) <= oldest["DeviceLastAuthenticatedDate"]
    assert [each["ClientId"] for each in clients] == [session["user_pool_client_id"]]


def test_the_ids_are_the_same_each_time(session: dict[str, Any]) -> None:
    assert session["user_pool_id"] == stable_ids.USER_POOL_ID
    assert session["user_pool_client_id"] == stable_ids.APP_CLIENT_ID
    assert session["api_url"] == f"{session['cognito_endpoint']}/_aws/execute-api/{stable_ids.API_ID}/v1"


def test_the_function_logs_the_outcome_but_no_data_of_the_user(
    aws: Any, api: Any, bearer: dict[str, str], session: dict[str, Any]
) -> None:
    # Given a request
    response = api.get("/devices/us-east-1_00000000-0000-0000-0000-000000000000", headers=bearer)
    request_id = response.json()["requestId"]
    assert response.headers["x-amzn-RequestId"] == request_id

    # When its log lines are read
    groups = [group["logGroupName"] for group in aws("logs").describe_log_groups()["logGroups"]]
    events = [
        event["message"]
        for group in groups
        for event in aws("logs").filter_log_events(logGroupName=group)["events"]
        if "{" in event["message"]
    ]
    text = "\n".join(events)

    # Then the request ID finds the line, and no line has a secret, even at log level DEBUG
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


def test_a_second_local_cloud_does_not_disturb_the_first(session: dict[str, Any]) -> None:
    directory = Path(session["directory"])

    code, errors = outcome(*ports(), "--directory", str(directory))

    assert (code, errors) == (1, f"error: a local cloud already runs in {directory}: stop it first with Ctrl-C.\n")
    assert json.loads((directory / "session.json").read_text())["access_token"] == session["access_token"]
    assert (directory / "emulator.log").exists()
