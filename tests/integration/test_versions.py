"""What makes a new version of the function, in template.yaml as SAM transforms it for AWS.

A version is published when its resource has another logical id or another description: both replace it. The transform
is AWS's own; the local cloud uses it too, but without the parameters' values, so this looks at what it makes.
"""

from typing import Any

import pytest

from tests.support.template import PARAMETERS, RESOURCES, TEMPLATE, Variant, of_type, references, transformed

VARIANTS = {
    "plain": Variant(),
    "again": Variant(),
    "layer": Variant(artifacts={"DependenciesLayer": "s3://artifacts/another-layer"}),
    "code": Variant(artifacts={"DevicesFunction": "s3://artifacts/another-function"}),
    "gradual": Variant({"DeploymentPreference": "Canary10Percent5Minutes"}),
}
# What the parameters change of a function without changing its versions.
OF_NO_VERSION = {"ReservedConcurrency"}
LAMBDA_DESCRIPTION = 256  # characters: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html


@pytest.fixture(scope="module")
def templates() -> dict[str, Any]:
    return dict(zip(VARIANTS, transformed(*VARIANTS.values()), strict=True))


@pytest.fixture
def plain(templates: dict[str, Any]) -> dict[str, Any]:
    return dict(templates["plain"])


@pytest.fixture
def gradual(templates: dict[str, Any]) -> dict[str, Any]:
    return dict(templates["gradual"])


def version_of(template: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    ((name, version),) = of_type(template, "AWS::Lambda::Version").items()
    return name, version


def test_nothing_changed_makes_no_new_version(templates: dict[str, Any]) -> None:
    assert templates["again"] == templates["plain"]


@pytest.mark.parametrize("changed", ["layer", "code"])
def test_a_changed_layer_or_code_makes_a_new_version(changed: str, templates: dict[str, Any]) -> None:
    assert version_of(templates[changed])[0] != version_of(templates["plain"])[0]


def test_every_parameter_in_the_functions_configuration_makes_a_new_version(plain: dict[str, Any]) -> None:
    (function,) = of_type(plain, "AWS::Lambda::Function").values()
    configured = set(references(function["Properties"])) & set(PARAMETERS)

    described = set(references(version_of(plain)[1]["Properties"]["Description"]))

    # What is described but not configured would make a version that Lambda refuses: nothing of it is new.
    assert described == configured - OF_NO_VERSION
    assert {"LogLevel", "AllowedOrigins", "CognitoEndpoint"} <= described


def test_the_longest_description_is_one_that_lambda_takes() -> None:
    description: str = RESOURCES["DevicesFunction"]["Properties"]["VersionDescription"]["Fn::Sub"]

    for name in references({"Fn::Sub": description}):
        parameter = PARAMETERS[name]
        longest = parameter.get("MaxLength") or max(len(each) for each in parameter["AllowedValues"])
        description = description.replace(f"${{{name}}}", "x" * longest)

    assert len(description) <= LAMBDA_DESCRIPTION


def test_the_api_calls_the_alias_and_only_it_may(plain: dict[str, Any]) -> None:
    ((alias, properties),) = of_type(plain, "AWS::Lambda::Alias").items()

    assert properties["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version_of(plain)[0], "Version"]}
    for permission in of_type(plain, "AWS::Lambda::Permission").values():
        assert permission["Properties"]["FunctionName"] == {"Ref": alias}
        assert "${__ApiId__}" in permission["Properties"]["SourceArn"]["Fn::Sub"][0]
    for path in plain["Resources"]["Api"]["Properties"]["Body"]["paths"].values():
        for method in path.values():
            assert f"/functions/${{{alias}}}/" in method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]


def test_old_versions_do_not_pile_up(plain: dict[str, Any]) -> None:
    assert version_of(plain)[1]["DeletionPolicy"] == "Delete"
    assert "UpdateReplacePolicy" not in version_of(plain)[1]  # its default is to delete, too


def test_all_at_once_needs_no_codedeploy(plain: dict[str, Any]) -> None:
    """DeployGradually is looked at here, both ways: MiniStack has no CodeDeploy."""
    (alias,) = of_type(plain, "AWS::Lambda::Alias").values()

    assert "UpdatePolicy" not in alias
    assert [each for each in plain["Resources"].values() if "CodeDeploy" in each["Type"]] == []


def test_a_gradual_deployment_shifts_the_alias_with_a_role_that_can_do_little_else(gradual: dict[str, Any]) -> None:
    (alias,) = of_type(gradual, "AWS::Lambda::Alias").values()
    (group,) = of_type(gradual, "AWS::CodeDeploy::DeploymentGroup").values()
    roles = of_type(gradual, "AWS::IAM::Role")

    assert "CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"]
    assert group["Properties"]["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": "Canary10Percent5Minutes"}
    assert group["Properties"]["ServiceRoleArn"] == {"Fn::GetAtt": ["DeploymentRole", "Arn"]}
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["Properties"]["AutoRollbackConfiguration"]["Events"]
    assert group["Properties"]["AlarmConfiguration"]["Fn::If"][1]["Enabled"] is True
    assert set(roles) == {"DevicesRole", "DeploymentRole"}
    assert roles["DeploymentRole"]["Condition"] == "DeployGradually"
    (policy,) = roles["DeploymentRole"]["Properties"]["Policies"]
    changes, reads = policy["PolicyDocument"]["Statement"]
    assert changes["Resource"] == [
        {"Fn::GetAtt": ["DevicesFunction", "Arn"]},
        {"Fn::Sub": "${DevicesFunction.Arn}:*"},
    ]
    assert reads["Action"] == "cloudwatch:DescribeAlarms"


def test_each_preference_is_known_to_be_gradual_or_not() -> None:
    gradual = TEMPLATE["Mappings"]["Gradual"]
    preferences = PARAMETERS["DeploymentPreference"]["AllowedValues"]

    assert gradual == {name: {"Enabled": name != "AllAtOnce"} for name in preferences}
