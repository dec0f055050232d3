"""What remains of the user pool, its app client and the log key when a deployment fails or a stack is deleted."""

import json
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import WaiterError

from tests.support.template import load

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

KEPT = ("UserPool", "UserPoolClient", "LogsKey")
BROKEN = {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": "none", "Timeout": "1"}}

type Template = dict[str, Any]
type Change = Callable[..., dict[str, str]]

_numbers = count()


@pytest.fixture
def stack() -> str:
    return f"retention-{next(_numbers)}"


@pytest.fixture
def create(cloudformation: "CloudFormationClient", stack: str) -> Change:
    """Return a function that creates the stack, and returns its resources' physical IDs by logical ID."""
    return lambda template, **parameters: _change(cloudformation, "create", stack, template, parameters)


@pytest.fixture
def update(cloudformation: "CloudFormationClient", stack: str) -> Change:
    """Return a function that updates the stack, and returns its resources' physical IDs by logical ID."""
    return lambda template, **parameters: _change(cloudformation, "update", stack, template, parameters)


def _change(
    cloudformation: "CloudFormationClient", operation: str, stack: str, template: Template, parameters: dict[str, str]
) -> dict[str, str]:
    getattr(cloudformation, f"{operation}_stack")(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    waiter: Any = cloudformation.get_waiter(f"stack_{operation}_complete")  # type: ignore[call-overload]
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1})
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}


def kept() -> Template:
    """Return the part of the template that must outlive a stack."""
    template = load()
    return {
        "Parameters": {name: template["Parameters"][name] for name in ("UserPoolArn", "LogKey")},
        "Conditions": {name: template["Conditions"][name] for name in ("CreateUserPool", "CreateLogKey")},
        "Resources": {name: template["Resources"][name] for name in KEPT},
    }


def pools(cognito: "CognitoIdentityProviderClient", stack: str) -> list[str]:
    found = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
    return [each["Id"] for page in found for each in page["UserPools"] if each["Name"] == stack]


def key_states(connect: Callable[[str, str], Any], emulator: str, stack: str) -> list[str]:
    kms = connect("kms", emulator)
    keys = [kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in kms.list_keys()["Keys"]]
    return [each["KeyState"] for each in keys if each["Description"] == f"Logs of {stack}"]


def test_a_failed_first_deployment_leaves_nothing_behind(
    create: Change,
    cognito: "CognitoIdentityProviderClient",
    connect: Callable[[str, str], Any],
    emulator: str,
    stack: str,
) -> None:
    template = kept()
    template["Resources"]["Broken"] = BROKEN | {"DependsOn": list(KEPT)}

    with pytest.raises(WaiterError):
        create(template, LogKey="create")

    assert pools(cognito, stack) == []
    assert key_states(connect, emulator, stack) == ["PendingDeletion"]


def test_a_deleted_stack_leaves_its_users_and_old_logs_readable(
    create: Change,
    cloudformation: "CloudFormationClient",
    cognito: "CognitoIdentityProviderClient",
    connect: Callable[[str, str], Any],
    emulator: str,
    stack: str,
) -> None:
    made = create(kept(), LogKey="create")

    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})

    assert pools(cognito, stack) == [made["UserPool"]]
    assert cognito.describe_user_pool_client(UserPoolId=made["UserPool"], ClientId=made["UserPoolClient"])
    assert key_states(connect, emulator, stack) == ["Enabled"]


def test_a_replaced_resource_is_kept_too() -> None:
    """MiniStack replaces none of the three. RetainExceptOnCreate is no value of UpdateReplacePolicy."""
    resources = kept()["Resources"]

    assert {name: each["UpdateReplacePolicy"] for name, each in resources.items()} == dict.fromkeys(KEPT, "Retain")


def test_a_pool_with_case_sensitive_names_leaves_the_stack_and_nothing_is_lost(
    create: Change, update: Change, cognito: "CognitoIdentityProviderClient", stack: str
) -> None:
    """docs/deploy.md, "A pool with case-sensitive user names"."""
    # Given a stack of an older template
    older, sensitive = kept(), kept()
    for template in (older, sensitive):
        del template["Resources"]["UserPool"]["Properties"]["UsernameConfiguration"]
    for resource in older["Resources"].values():
        resource["DeletionPolicy"] = "Retain"
    del older["Resources"]["UserPoolClient"]["DeletionPolicy"]
    made = create(older)
    pool = cognito.describe_user_pool(UserPoolId=made["UserPool"])["UserPool"]

    # When the new template is deployed at once, then in the documented steps
    with pytest.raises(WaiterError):
        update(kept())
    update(sensitive)
    remaining = update(kept(), UserPoolArn=pool["Arn"])

    # Then the pool and its app client are as they were, outside of the stack
    assert not {"UserPool", "UserPoolClient"} & set(remaining)
    assert pools(cognito, stack) == [pool["Id"]]
    assert cognito.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=made["UserPoolClient"])


def test_a_new_pool_has_user_names_that_are_not_case_sensitive(
    create: Change, cognito: "CognitoIdentityProviderClient"
) -> None:
    """MiniStack 1.5.33 stores the setting, but compares names case-sensitively all the same."""
    pool = cognito.describe_user_pool(UserPoolId=create(kept())["UserPool"])["UserPool"]

    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
