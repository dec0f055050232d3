"""The role that GitHub Actions assume, .github/deploy-role.yaml: what it may do, compared with what a deployment needs.

CloudFormation's schema of each type of resource lists the permissions that its handlers need; cfn-lint ships them.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.deployments import (
    DEPLOYING,
    EVERYTHING,
    NOT_NEEDED,
    NOT_NEEDED_BY_PAGE,
    OF_CLOUDFRONT,
    OF_PAGE,
    OF_SAM,
    OF_SERVICES,
    PAGE_RESOURCES,
    PAGE_WEB_ACL,
    RESOURCES,
    statements,
)
from tests.support.local_cloud import PROJECT
from tests.support.policies import allows, many
from tests.support.template import Variant, load, transformed

_READ = """
import json, sys
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from samcli.lib.bootstrap.bootstrap import _get_stack_template
def schema(name): return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", name).schema
handlers = {
    name: schema(name)["handlers"] | {"tags": {"permissions": schema(name)["tagging"].get("permissions", [])}}
    for name in json.load(sys.stdin)
}
json.dump([handlers, json.loads(_get_stack_template())], sys.stdout)
"""


@pytest.fixture(scope="module")
def sam(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the handlers of each type, and the template of SAM's own stack."""
    command = [str(PROJECT / ".tools/sam/bin/python"), "-c", _READ]
    # SAM writes an id of the installation to this folder.
    env = {**os.environ, "__SAM_CLI_APP_DIR": str(tmp_path_factory.mktemp("sam"))}
    handlers, template = json.loads(
        subprocess.run(
            command,
            input=json.dumps(sorted({*RESOURCES, *PAGE_RESOURCES})),
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    )
    return handlers, template


def needed(handlers: dict[str, Any], name: str, not_needed: list[tuple[str, str, str]] = NOT_NEEDED) -> set[str]:
    """Return the permissions that a deployment needs for a type of resource. It lists no resources."""
    listed = {each for kind, handler in handlers[name].items() if kind != "list" for each in handler["permissions"]}
    return {
        each
        for each in listed
        if not any(re.search(kind, name) and re.fullmatch(unused, each) for kind, unused, _ in not_needed)
    }


@pytest.mark.parametrize("name", RESOURCES)
def test_the_role_may_do_what_cloudformation_does_for_a_type_of_resource(name: str, sam: tuple[Any, Any]) -> None:
    context = DEPLOYING | {"iam:PassedToService": f"{name.split('::')[1].lower()}.amazonaws.com"}

    missing = {
        each
        for each in needed(sam[0], name)
        if not any(allows(statements(**EVERYTHING), each, arn, context) for arn in RESOURCES[name])
    }

    assert missing == set()


@pytest.mark.parametrize("name", PAGE_RESOURCES)
def test_the_pages_role_may_do_what_cloudformation_does_for_a_type_of_resource(name: str, sam: tuple[Any, Any]) -> None:
    missing = {
        each
        for each in needed(sam[0], name, NOT_NEEDED_BY_PAGE)
        if not any(allows(statements("DeployPageRole"), each, arn, DEPLOYING) for arn in PAGE_RESOURCES[name])
    }

    assert missing == set()


def test_the_pages_role_may_do_nothing_else(sam: tuple[Any, Any]) -> None:
    allowed = statements("DeployPageRole", PageWebAclArn=PAGE_WEB_ACL)
    actions = {each for statement in allowed for each in many(statement["Action"])}
    wanted = set().union(*(needed(sam[0], name, NOT_NEEDED_BY_PAGE) for name in PAGE_RESOURCES))
    wanted |= OF_SAM | OF_PAGE | OF_CLOUDFRONT

    assert {each["Type"] for each in load("spa/template.yaml")["Resources"].values()} == set(PAGE_RESOURCES)
    assert {each for each in actions if "*" in each} == {"s3:Get*"}
    assert {each for each in actions if "*" not in each} <= wanted


def test_the_types_are_those_of_the_stack_and_of_sams_own(sam: tuple[Any, Any]) -> None:
    gradual = transformed(Variant(), Variant({"DeploymentPreference": "Canary10Percent5Minutes"}))

    assert {each["Type"] for template in [*gradual, sam[1]] for each in template["Resources"].values()} <= set(
        RESOURCES
    )


def test_the_role_may_do_nothing_else(sam: tuple[Any, Any]) -> None:
    actions = {each for statement in statements(**EVERYTHING) for each in many(statement["Action"])}
    wanted = set().union(*(needed(sam[0], name) for name in RESOURCES)) | OF_SAM | OF_SERVICES

    assert {each for each in actions if "*" in each} == {"codedeploy:Get*", "lambda:Get*", "s3:Get*"}
    assert {each for each in actions if "*" not in each} <= wanted


def test_each_reason_is_still_about_a_permission(sam: tuple[Any, Any]) -> None:
    listed = [
        (name, each) for name, kinds in sam[0].items() for handler in kinds.values() for each in handler["permissions"]
    ]

    assert [
        unused
        for kind, unused, _ in NOT_NEEDED + NOT_NEEDED_BY_PAGE
        if not any(re.search(kind, name) and re.fullmatch(unused, each) for name, each in listed)
    ] == []


def test_cfn_lint_finds_a_resource_for_each_action(tmp_path: Path) -> None:
    """cfn-lint compares actions with the types of their resources (I3510), but not in ARNs with references."""
    template = {
        "Resources": {
            "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": statements(**EVERYTHING)}},
            }
        }
    }
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(template))

    options = ["--include-checks", "I", "--ignore-checks", "I3042", "--regions", "us-east-1", "--format", "parseable"]
    ran = subprocess.run(
        [PROJECT / ".tools/sam/bin/cfn-lint", *options, "--template", path], capture_output=True, text=True, check=False
    )

    # The documentation of IAM lacks the ARN of transforms.
    (finding,) = ran.stdout.splitlines()
    assert ":I3510:action 'cloudformation:CreateChangeSet' requires a resource of" in finding
