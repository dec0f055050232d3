"""Which changes publish a new version of the function, in template.yaml as SAM transforms it.

CloudFormation publishes a version when the version's resource has a new logical ID or a new description, since both
replace the resource. The local cloud uses the same transform as AWS, but without the parameters' values, so these
tests read the transformed template.
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
# Parameters of the function that VersionDescription leaves out, so that changing them publishes no version.
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


def test_an_unchanged_template_publishes_no_version(templates: dict[str, Any]) -> None:
    assert templates["again"] == templates["plain"]


@pytest.mark.parametrize("changed", ["layer", "code"])
def test_a_changed_layer_or_code_publishes_a_version(changed: str, templates: dict[str, Any]) -> None:
    assert version_of(templates[changed])[0] != version_of(templates["plain"])[0]


def test_each_parameter_of_the_functions_configuration_publishes_a_version(plain: dict[str, Any]) -> None:
    (function,) = of_type(plain, "AWS::Lambda::Function").values()
    configured = set(references(function["Properties"])) & set(PARAMETERS)

    described = set(references(version_of(plain)[1]["Properties"]["Description"]))

    # A described parameter that does not configure the function would publish an equal version, which Lambda refuses.
    assert described == configured - OF_NO_VERSION
    assert {"LogLevel", "AllowedOrigins", "CognitoEndpoint"} <= described


def test_a_change_that_lambda_does_not_count_publishes_no_version(plain: dict[str, Any]) -> None:
    """SAM publishes a version for each change of a property. Lambda refuses a version without a change."""
    (function,) = of_type(plain, "AWS::Lambda::Function").values()

    assert function["Properties"]["Tags"] == [{"Key": "lambda:createdBy", "Value": "SAM"}]
    assert "Fn::If" in function["Properties"]["ReservedConcurrentExecutions"]


def test_the_longest_version_description_fits_lambdas_limit() -> None:
    description: str = RESOURCES["DevicesFunction"]["Properties"]["VersionDescription"]["Fn::Sub"]

    for name in references({"Fn::Sub": description}):
        parameter = PARAMETERS[name]
        longest = parameter.get("MaxLength") or max(len(each) for each in parameter["AllowedValues"])
        description = description.replace(f"${{{name}}}", "x" * longest)

    assert len(description) <= LAMBDA_DESCRIPTION


def test_the_api_calls_the_alias_and_nothing_else_may(plain: dict[str, Any]) -> None:
    ((alias, properties),) = of_type(plain, "AWS::Lambda::Alias").items()

    assert properties["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version_of(plain)[0], "Version"]}
    for permission in of_type(plain, "AWS::Lambda::Permission").values():
        assert permission["Properties"]["FunctionName"] == {"Ref": alias}
        assert "${__ApiId__}" in permission["Properties"]["SourceArn"]["Fn::Sub"][0]
    for path in plain["Resources"]["Api"]["Properties"]["Body"]["paths"].values():
        for method in path.values():
            assert f"/functions/${{{alias}}}/" in method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]


def test_old_versions_are_deleted(plain: dict[str, Any]) -> None:
    assert version_of(plain)[1]["DeletionPolicy"] == "Delete"
    assert "UpdateReplacePolicy" not in version_of(plain)[1]  # the default is Delete


def test_deployments_all_at_once_use_no_codedeploy(plain: dict[str, Any]) -> None:
    """DeployGradually is false. MiniStack has no CodeDeploy, so test_conditions.py cannot deploy this condition."""
    (alias,) = of_type(plain, "AWS::Lambda::Alias").values()

    assert "UpdatePolicy" not in alias
    assert [each for each in plain["Resources"].values() if "CodeDeploy" in each["Type"]] == []


def test_gradual_deployments_shift_the_alias_and_their_role_can_do_little_else(gradual: dict[str, Any]) -> None:
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


def test_the_mapping_says_of_each_preference_whether_it_is_gradual() -> None:
    gradual = TEMPLATE["Mappings"]["Gradual"]
    preferences = PARAMETERS["DeploymentPreference"]["AllowedValues"]

    assert gradual == {name: {"Enabled": name != "AllAtOnce"} for name in preferences}
