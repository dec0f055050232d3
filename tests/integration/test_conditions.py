"""Each condition of template.yaml, true and false, deployed to the local cloud.

The tests update one stack, whose function and layer are empty, with different parameters. test_versions.py covers the
condition DeployGradually.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.template import ALARMS, RESOURCES, Variant, load, transformed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

STACK = "conditions"
TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call"
POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_AbCdEf123"
DOMAIN = "devices.example.com"
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"

type Deploy = Callable[..., dict[str, str]]
type Aws = Callable[[str], Any]


@pytest.fixture(scope="module")
def aws(emulator: str, connect: Callable[[str, str], Any]) -> Aws:
    """Return a function that creates a boto3 client of the local cloud."""
    return lambda service: connect(service, emulator)


@pytest.fixture(scope="module")
def deploy(aws: Aws, cloudformation: "CloudFormationClient") -> Iterator[Deploy]:
    """Return a function that deploys the stack and returns its resources' physical IDs by logical ID."""
    body = json.dumps(_deployable(aws("s3")))
    operations = iter([("create_stack", "stack_create_complete")])

    def deployed(**parameters: str) -> dict[str, str]:
        operation, done = next(operations, ("update_stack", "stack_update_complete"))
        getattr(cloudformation, operation)(
            StackName=STACK,
            TemplateBody=body,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        )
        cloudformation.get_waiter(done).wait(StackName=STACK, WaiterConfig={"Delay": 1})  # type: ignore[call-overload]
        resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}

    yield deployed
    cloudformation.delete_stack(StackName=STACK)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """Return the transformed template for an existing user pool."""
    return transformed(Variant({"UserPoolArn": POOL}))[0]


def _deployable(s3: Any) -> dict[str, Any]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("devices/app.py", "def lambda_handler(event, context): return {}\n")
    s3.create_bucket(Bucket="conditions")
    s3.put_object(Bucket="conditions", Key="any.zip", Body=archive.getvalue())
    template = load()
    resources = template["Resources"]
    resources["DevicesFunction"]["Properties"]["CodeUri"] = "s3://conditions/any.zip"
    resources["DependenciesLayer"]["Properties"]["ContentUri"] = "s3://conditions/any.zip"
    # MiniStack has no metric math, so an alarm with an expression reads the first of its metrics here.
    for alarm in [resources[name]["Properties"] for name in ALARMS if "Metrics" in ALARMS[name]]:
        statistics = [each["MetricStat"] for each in alarm.pop("Metrics") if "MetricStat" in each]
        alarm.update({**statistics[0]["Metric"], "Period": statistics[0]["Period"], "Statistic": "Sum"})
    return template


def keys(aws: Aws) -> dict[str, str | None]:
    """Return the KMS key of each of the stack's log groups; None for CloudWatch Logs' own."""
    groups = aws("logs").describe_log_groups()["logGroups"]
    return {each["logGroupName"]: each.get("kmsKeyId") for each in groups if STACK in each["logGroupName"]}


def outputs(aws: Aws) -> dict[str, str]:
    (stack,) = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def alarms(aws: Aws) -> list[Any]:
    found = aws("cloudwatch").describe_alarms()["MetricAlarms"]
    return [each for each in found if each["AlarmName"].startswith(STACK)]


def test_the_stack_creates_a_user_pool_or_uses_a_given_one(deploy: Deploy, template: dict[str, Any]) -> None:
    """CreateUserPool. MiniStack transforms without parameters, so the authorizer's pool is read from `template`."""
    created, taken = deploy(), deploy(UserPoolArn=POOL)

    assert {"UserPool", "UserPoolClient"} <= set(created)
    assert not {"UserPool", "UserPoolClient"} & set(taken)
    (authorizer,) = template["Resources"]["Api"]["Properties"]["Body"]["components"]["securitySchemes"].values()
    assert authorizer["x-amazon-apigateway-authorizer"]["providerARNs"] == [
        {"Fn::If": ["CreateUserPool", {"Fn::GetAtt": ["UserPool", "Arn"]}, POOL]}
    ]


def test_the_stack_has_a_domain_name_of_its_own_only_with_a_certificate(
    deploy: Deploy, aws: Aws, emulator: str
) -> None:
    """UseDomainName, and the rules."""
    generated = deploy()
    before = outputs(aws)
    own = deploy(DomainName=DOMAIN, CertificateArn=CERTIFICATE)
    after = outputs(aws)

    assert not {"CustomDomain", "CustomDomainMapping"} & set(generated)
    assert set(after) - set(before) == {"DomainTarget", "DomainTargetHostedZoneId"}
    assert before["ApiUrl"] == f"https://{generated['Api']}.execute-api.us-east-1.amazonaws.com/v1"
    assert after["ApiUrl"] == f"https://{DOMAIN}/v1"
    domain = aws("apigateway").get_domain_name(domainName=own["CustomDomain"])
    assert domain["regionalCertificateArn"] == CERTIFICATE
    assert (domain["regionalDomainName"], domain["regionalHostedZoneId"]) == (
        after["DomainTarget"],
        after["DomainTargetHostedZoneId"],
    )
    # Both names reach the authorizer, which refuses a request without a token. Other paths of the domain reach nothing.
    paths = ["/v1/devices", "/devices", "/v2/devices"]
    statuses = {path: httpx.get(emulator + path, headers={"Host": DOMAIN}).status_code for path in paths}
    assert [path for path, status in statuses.items() if status == 401] == ["/v1/devices"]
    assert httpx.get(f"{emulator}/_aws/execute-api/{own['Api']}/v1/devices").status_code == 401


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"DomainName": DOMAIN}, "Set CertificateArn to the ARN of a certificate for DomainName."),
        ({"CertificateArn": CERTIFICATE}, "Set DomainName to the domain name of CertificateArn, or leave both empty."),
    ],
)
def test_a_domain_name_and_its_certificate_are_refused_alone(
    deploy: Deploy, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        deploy(**parameters)


def test_the_domain_name_is_as_strict_as_the_api() -> None:
    api, domain = RESOURCES["Api"]["Properties"], RESOURCES["CustomDomain"]["Properties"]

    for name in ("SecurityPolicy", "EndpointAccessMode"):
        assert domain[name] == api[name]
    assert domain["EndpointConfiguration"]["Types"] == [api["EndpointConfiguration"]["Type"]]
    assert RESOURCES["CustomDomainMapping"]["Properties"]["BasePath"] == api["StageName"]


def test_access_logs_are_enabled_only_by_their_parameter(deploy: Deploy) -> None:
    """WriteAccessLogs. MiniStack writes no access logs, so their settings are read from the template."""
    silent, logged = deploy(), deploy(AccessLogs="enabled")

    assert "AccessLogGroup" not in silent
    assert logged["AccessLogGroup"] == f"/aws/apigateway/{STACK}"
    condition, settings, nothing = RESOURCES["Api"]["Properties"]["AccessLogSetting"]["Fn::If"]
    assert (condition, nothing) == ("WriteAccessLogs", {"Ref": "AWS::NoValue"})
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["AccessLogGroup", "Arn"]}
    assert set(json.loads(settings["Format"])) >= {"requestId", "status", "error"}


def test_logs_are_encrypted_with_the_stacks_key_a_given_one_or_cloudwatchs(deploy: Deploy, aws: Aws) -> None:
    """CreateLogKey and UseLogKey."""
    groups = [f"/aws/lambda/{STACK}-devices", f"/aws/apigateway/{STACK}"]

    deploy(AccessLogs="enabled", LogRetentionInDays="7")
    assert keys(aws) == dict.fromkeys(groups)

    deploy(AccessLogs="enabled", LogKey=KEY)
    assert keys(aws) == dict.fromkeys(groups, KEY)

    resources = deploy(AccessLogs="enabled", LogKey="create")
    kms = aws("kms")
    created = kms.describe_key(KeyId=resources["LogsKey"])["KeyMetadata"]["Arn"]
    assert keys(aws) == dict.fromkeys(groups, created)
    assert kms.get_key_rotation_status(KeyId=created)["KeyRotationEnabled"] is True
    policy = json.loads(kms.get_key_policy(KeyId=created, PolicyName="default")["Policy"])
    (cloudwatch,) = [each for each in policy["Statement"] if "Service" in each["Principal"]]
    assert cloudwatch["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert cloudwatch["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": [f"arn:aws:logs:us-east-1:000000000000:log-group:{g}" for g in groups]
        }
    }


def test_alarms_exist_only_with_monitoring_and_notify_only_a_given_topic(deploy: Deploy, aws: Aws) -> None:
    """Monitor and Notify."""
    quiet = deploy(LogLevel="DEBUG")
    assert set(ALARMS) <= set(quiet)
    assert [each["AlarmActions"] + each["OKActions"] for each in alarms(aws)] == [[]] * len(ALARMS)
    shown = json.loads(aws("cloudwatch").get_dashboard(DashboardName=f"{STACK}-us-east-1")["DashboardBody"])
    assert shown["widgets"][0]["properties"]["alarms"] == [
        f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{quiet[name]}" for name in ALARMS
    ]

    deploy(AlarmTopicArn=TOPIC)
    assert [(each["AlarmActions"], each["OKActions"]) for each in alarms(aws)] == [([TOPIC], [TOPIC])] * len(ALARMS)

    console = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
    assert outputs(aws)["DashboardUrl"] == f"{console}#dashboards/dashboard/{STACK}-us-east-1"

    unwatched = deploy(Monitoring="disabled")
    assert not {*ALARMS, "Dashboard"} & set(unwatched)
    assert alarms(aws) == []


def test_a_changed_parameter_publishes_a_version_and_deletes_the_old_one(deploy: Deploy, aws: Aws) -> None:
    """AutoPublishAlias: a deployment does what test_versions.py reads in the template."""
    functions = aws("lambda")

    before = deploy(LastIpVisibility="full")
    after = deploy(LastIpVisibility="hidden")

    function = after["DevicesFunction"]
    (live,) = [each for each in functions.list_versions_by_function(FunctionName=function)["Versions"]
               if each["Version"] != "$LATEST"]  # fmt: skip
    assert functions.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == live["Version"]
    assert live["Environment"]["Variables"]["LAST_IP_VISIBILITY"] == "hidden"
    assert {name for name in before if "Version" in name} == {name for name in after if "Version" in name}


def test_reserved_concurrency_and_the_web_acl_exist_only_if_given(template: dict[str, Any]) -> None:
    """ReserveConcurrency and AssociateWebAcl, as the transformed template has them.

    MiniStack 1.5.33 ignores reserved concurrency and has no AWS::WAFv2::WebACLAssociation. The tests above deploy the
    stack without both.
    """
    assert template["Resources"]["DevicesFunction"]["Properties"]["ReservedConcurrentExecutions"] == {
        "Fn::If": ["ReserveConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]
    }
    assert template["Conditions"]["ReserveConcurrency"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "ReservedConcurrency"}, 0]}]
    }
    association = template["Resources"]["WebAclAssociation"]
    assert association["Condition"] == "AssociateWebAcl"
    assert association["Properties"]["WebACLArn"] == {"Ref": "WebAclArn"}
    assert association["Properties"]["ResourceArn"]["Fn::Sub"].endswith("::/restapis/${Api}/stages/${Apiv1Stage}")
    assert template["Conditions"]["AssociateWebAcl"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebAclArn"}, ""]}]}
