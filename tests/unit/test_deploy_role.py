"""The role that GitHub Actions assume, .github/deploy-role.yaml: who may assume it, and what it cannot reach.

tests/integration/test_deploy_role.py compares its permissions with what a deployment needs.
"""

import json
import re

import pytest

from tests.support.deployments import (
    APIS,
    BUCKET,
    DEPLOYING,
    DEVICES_ROLE,
    DISTRIBUTION,
    DOMAINS,
    EVERYTHING,
    FUNCTION,
    KEY,
    OF_ANY_RESOURCE,
    OF_SAM,
    PAGE_BUCKET,
    PAGE_STACK,
    PAGE_WEB_ACL,
    POOL,
    ROLE,
    STACK,
    WEB_ACL,
    statements,
)
from tests.support.policies import PSEUDO, allows, many, resolved
from tests.support.template import PARAMETERS, RESOURCES

STACK_NAME = {"Ref": "AWS::StackName"}


def test_only_actions_that_have_no_arn_hold_for_all_resources() -> None:
    everywhere = [each for each in statements(**EVERYTHING) if "*" in many(each["Resource"])]

    assert {action for each in everywhere for action in many(each["Action"])} == OF_ANY_RESOURCE


@pytest.mark.parametrize("action", sorted(OF_SAM - {"s3:PutObject"}))
@pytest.mark.parametrize("stack", [STACK, "aws-sam-cli-managed-default"])
def test_the_sam_cli_may_deploy_its_stack_and_this_one(action: str, stack: str) -> None:
    stacks = "arn:aws:cloudformation:us-east-1:123456789012:stack"

    assert allows(statements(), action, f"{stacks}/{stack}/1a2b", {})
    assert not allows(statements(), action, f"{stacks}/{stack}-2/1a2b", {})


def test_the_sam_cli_may_use_the_transform_and_upload() -> None:
    transform = "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31"

    assert allows(statements(), "cloudformation:CreateChangeSet", transform, {})
    assert allows(statements(), "s3:PutObject", f"{BUCKET}/code", {})


REFUSED = {
    "a user pool, without CloudFormation": ("cognito-idp:DeleteUserPool", POOL, {}),
    "an API, without CloudFormation": ("apigateway:DELETE", f"{APIS}/a1b2c3", {}),
    "a key, without CloudFormation": ("kms:ScheduleKeyDeletion", KEY, {}),
    "another stack's function": ("lambda:UpdateFunctionCode", FUNCTION.replace(STACK, "other"), DEPLOYING),
    "another stack's role": ("iam:PutRolePolicy", DEVICES_ROLE.replace(STACK, "other"), DEPLOYING),
    "the role itself": ("iam:PutRolePolicy", f"arn:aws:iam::123456789012:role/{STACK}-role-DeployRole-1ABC", DEPLOYING),
    "a role for another service": ("iam:PassRole", DEVICES_ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    "another service's own role": (
        "iam:CreateServiceLinkedRole",
        "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        {"iam:AWSServiceName": "ecs.amazonaws.com"},
    ),
    "other objects": ("s3:GetObject", "arn:aws:s3:::documents/1", DEPLOYING),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_the_role_may_not_reach(case: str) -> None:
    assert not allows(statements(**EVERYTHING), *REFUSED[case])


def test_api_gateway_may_make_its_own_role() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html"""
    service = "ops.apigateway.amazonaws.com"
    arn = f"arn:aws:iam::123456789012:role/aws-service-role/{service}/AWSServiceRoleForAPIGateway"

    assert allows(statements(), "iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": service})


@pytest.mark.parametrize(
    ("parameters", "service", "used"),
    [
        ({}, "cognito-idp", True),
        ({"UserPoolArn": POOL}, "cognito-idp", False),
        ({}, "wafv2", False),
        ({"WebAclArn": WEB_ACL}, "wafv2", True),
    ],
)
def test_a_service_that_the_stack_does_not_use_is_left_out(
    parameters: dict[str, str], service: str, *, used: bool
) -> None:
    actions = [each for statement in statements(**parameters) for each in many(statement["Action"])]

    assert any(each.startswith(f"{service}:") for each in actions) is used


def test_a_domain_may_be_changed_only_if_it_is_the_stacks() -> None:
    domain = f"{DOMAINS}/devices.example.com"

    assert allows(statements(**EVERYTHING), "apigateway:PATCH", domain, DEPLOYING)
    assert not allows(statements(**EVERYTHING), "apigateway:PATCH", f"{DOMAINS}/www.example.com", DEPLOYING)
    assert not allows(statements(), "apigateway:PATCH", domain, DEPLOYING)


@pytest.mark.parametrize("repository", ["owner/repository", "owner@1/repository@2"])
@pytest.mark.parametrize("provider", ["create", "existing"])
@pytest.mark.parametrize("name", ["DeployRole", "DeployPageRole", "VerifyRole"])
def test_only_the_environment_production_of_the_repository_may_assume_a_role(
    name: str, repository: str, provider: str
) -> None:
    role = ROLE["Resources"][name]["Properties"]
    github = "token.actions.githubusercontent.com"

    trust = resolved(role["AssumeRolePolicyDocument"], ROLE, {"Repository": repository, "OidcProvider": provider})

    (statement,) = trust["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"]["Federated"] == (
        "Provider" if provider == "create" else f"arn:aws:iam::123456789012:oidc-provider/{github}"
    )
    assert statement["Condition"] == {
        "StringEquals": {
            f"{github}:aud": "sts.amazonaws.com",
            f"{github}:sub": f"repo:{repository}:environment:production",
        }
    }
    assert re.search(ROLE["Parameters"]["Repository"]["AllowedPattern"], repository)


@pytest.mark.parametrize("repository", ["owner/*", "*", "owner", "owner/repository:ref", "owner/a/b", ""])
def test_a_repository_is_one_repository(repository: str) -> None:
    assert not re.search(ROLE["Parameters"]["Repository"]["AllowedPattern"], repository)


@pytest.mark.parametrize(("partition", "region"), [("aws", "ap-southeast-1"), ("aws-us-gov", "us-gov-west-1")])
def test_the_longest_policy_fits_iams_limit(partition: str, region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters but white space."""
    longest = {"StackName": "x" * 34, "WebAclArn": WEB_ACL + "x" * 80, "DomainName": "x" * 80}
    monkeypatch.setitem(PSEUDO, "AWS::Partition", partition)
    monkeypatch.setitem(PSEUDO, "AWS::Region", region)

    policy = json.dumps(statements(**longest), separators=(",", ":"))

    assert f"arn:{partition}:lambda:{region}:" in policy
    assert re.search(ROLE["Parameters"]["StackName"]["AllowedPattern"], longest["StackName"])
    assert len(policy) <= 10_240


def test_githubs_provider_outlives_the_roles() -> None:
    """Other roles of the account may trust it, and `OidcProvider=existing` must not delete it."""
    provider = ROLE["Resources"]["Provider"]

    assert (provider["DeletionPolicy"], provider["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_parameters_of_the_stack_keep_their_names() -> None:
    assert {"DomainName", "UserPoolArn", "WebAclArn"} <= set(ROLE["Parameters"]) & set(PARAMETERS)


# The tag of the template's pool, because CloudFormation adds none of its own to user pools.
TAG = next(name for name, value in RESOURCES["UserPool"]["Properties"]["UserPoolTags"].items() if value == STACK_NAME)
OWN = {f"aws:ResourceTag/{TAG}": STACK}
STACK_ID = f"arn:aws:cloudformation:us-east-1:123456789012:stack/{STACK}/1a2b"


PAGE_STACK_ID = STACK_ID.replace(STACK, PAGE_STACK)


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        *((action, PAGE_STACK_ID, {}) for action in sorted(OF_SAM - {"s3:PutObject"})),
        ("cloudformation:DescribeStacks", STACK_ID, {}),
        ("s3:PutObject", f"{PAGE_BUCKET}/index.html", {}),
        ("cloudfront:CreateInvalidation", DISTRIBUTION, {}),
        ("cloudfront:GetInvalidation", DISTRIBUTION, {}),
        ("cognito-idp:DescribeUserPool", POOL, OWN),
        ("cognito-idp:DescribeUserPoolClient", POOL, OWN),
    ],
)
def test_a_deployment_of_the_page_may(action: str, arn: str, context: dict[str, str]) -> None:
    assert allows(statements("DeployPageRole"), action, arn, context)


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        ("cloudformation:CreateChangeSet", STACK_ID, {}),
        ("cloudformation:CreateChangeSet", f"{PAGE_STACK_ID.replace(PAGE_STACK, f'{PAGE_STACK}-2')}", {}),
        ("s3:PutObject", f"{BUCKET}/code", DEPLOYING),
        ("s3:GetObject", "arn:aws:s3:::documents/1", DEPLOYING),
        ("cloudfront:UpdateDistribution", DISTRIBUTION, {}),
        ("cognito-idp:DescribeUserPool", POOL, {}),
        ("cognito-idp:DescribeUserPoolClient", POOL, {}),
        ("cognito-idp:UpdateUserPool", POOL, OWN),
        ("lambda:UpdateFunctionCode", FUNCTION, DEPLOYING),
    ],
)
def test_a_deployment_of_the_page_may_not(action: str, arn: str, context: dict[str, str]) -> None:
    assert not allows(statements("DeployPageRole"), action, arn, context)


def test_a_web_acl_may_be_used_only_if_it_is_the_pages() -> None:
    allowed = statements("DeployPageRole", PageWebAclArn=PAGE_WEB_ACL)

    assert allows(allowed, "wafv2:GetWebACL", PAGE_WEB_ACL, DEPLOYING)
    assert not allows(allowed, "wafv2:GetWebACL", WEB_ACL, DEPLOYING)
    assert not allows(statements("DeployPageRole"), "wafv2:GetWebACL", PAGE_WEB_ACL, DEPLOYING)


def test_the_page_of_an_existing_pool_reads_that_pool_only() -> None:
    allowed = statements("DeployPageRole", UserPoolArn=POOL)

    for action in ("cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient"):
        assert allows(allowed, action, POOL, {})
        assert not allows(allowed, action, POOL.replace("AbCd", "EfGh"), OWN)


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        ("cloudformation:DescribeStacks", STACK_ID, {}),
        ("cloudformation:DescribeStacks", PAGE_STACK_ID, {}),
        ("cloudformation:DescribeStackResource", STACK_ID, {}),
        ("apigateway:GET", f"{APIS}/a1b2c3/stages/v1", {}),
        ("apigateway:GET", f"{APIS}/a1b2c3/gatewayresponses", {}),
        ("cognito-idp:AdminCreateUser", POOL, OWN),
        ("cognito-idp:AdminDeleteUser", POOL, OWN),
        ("cognito-idp:AdminDisableUser", POOL, OWN),
        ("cognito-idp:AdminSetUserPassword", POOL, OWN),
        ("cognito-idp:CreateUserPoolClient", POOL, OWN),
        ("cognito-idp:DeleteUserPoolClient", POOL, OWN),
        ("cognito-idp:DescribeUserPool", POOL, OWN),
        ("cognito-idp:ListUserPoolClients", POOL, OWN),
        ("cognito-idp:ListUsers", POOL, OWN),
    ],
)
def test_a_verification_may(action: str, arn: str, context: dict[str, str]) -> None:
    assert allows(statements("VerifyRole"), action, arn, context)


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        ("cloudformation:CreateChangeSet", STACK_ID, {}),
        ("apigateway:PATCH", f"{APIS}/a1b2c3/stages/v1", {}),
        ("apigateway:GET", f"{APIS}/a1b2c3", {}),
        ("cognito-idp:AdminCreateUser", POOL, {}),
        ("cognito-idp:AdminCreateUser", POOL, {next(iter(OWN)): "other"}),
        ("cognito-idp:DeleteUserPool", POOL, OWN),
        ("lambda:UpdateFunctionCode", FUNCTION, {}),
    ],
)
def test_a_verification_may_not(action: str, arn: str, context: dict[str, str]) -> None:
    assert not allows(statements("VerifyRole"), action, arn, context)


def test_a_verification_changes_nothing_in_an_existing_pool() -> None:
    allowed = statements("VerifyRole", UserPoolArn=POOL)

    assert allows(allowed, "cognito-idp:DescribeUserPool", POOL, {})
    assert allows(allowed, "cognito-idp:ListUserPoolClients", POOL, {})
    assert not allows(allowed, "cognito-idp:AdminCreateUser", POOL, OWN)
