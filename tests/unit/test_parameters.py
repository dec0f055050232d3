"""template.yaml's parameters: each is explained, and refuses what cannot work; samconfig.toml sets them.

CloudFormation compares the whole value with the pattern. test_origins.py has the cases of AllowedOrigins.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest
from boto3 import Session

from tests.support.local_cloud import PROJECT
from tests.support.template import PARAMETERS, TEMPLATE

SAMCONFIG: dict[str, Any] = tomllib.loads((PROJECT / "samconfig.toml").read_text())
ENVIRONMENTS = ["default", "dev", "prod"]
ACCOUNT = "us-east-1:123456789012"
ACCEPTED = [
    ("UserPoolArn", ""),
    ("UserPoolArn", f"arn:aws:cognito-idp:{ACCOUNT}:userpool/us-east-1_AbCdEf123"),
    ("DomainName", ""),
    ("DomainName", "devices.example.com"),
    ("DomainName", "api-2.example.xn--p1ai"),
    ("CertificateArn", ""),
    ("CertificateArn", f"arn:aws:acm:{ACCOUNT}:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("CognitoEndpoint", ""),
    ("CognitoEndpoint", "https://cognito-idp-fips.us-east-1.amazonaws.com"),
    ("CognitoEndpoint", "https://localhost:4566"),
    ("WebAclArn", ""),
    ("WebAclArn", f"arn:aws:wafv2:{ACCOUNT}:regional/webacl/pages/473e64fd-f30b-4765-81a0-62ad96dd167a"),
    ("LogKey", ""),
    ("LogKey", "create"),
    ("LogKey", f"arn:aws-us-gov:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("AlarmTopicArn", ""),
    ("AlarmTopicArn", f"arn:aws:sns:{ACCOUNT}:on-call"),
]
REFUSED = [
    ("UserPoolArn", "us-east-1_AbCdEf123"),
    ("DomainName", "https://devices.example.com"),
    ("DomainName", "devices.example.com/v1"),
    ("DomainName", "Devices.example.com"),  # API Gateway has domain names in lower case only
    ("DomainName", "*.example.com"),  # ApiUrl would not be a URL
    ("DomainName", "localhost"),
    ("DomainName", "-devices.example.com"),
    ("CertificateArn", "arn:aws:iam::123456789012:server-certificate/devices"),
    ("CognitoEndpoint", "http://cognito.example.com"),  # an access token is sent there
    ("CognitoEndpoint", "cognito.example.com"),
    ("CognitoEndpoint", "https://a/b"),
    ("CognitoEndpoint", "https://a b"),
    ("WebAclArn", f"arn:aws:wafv2:{ACCOUNT}:global/webacl/pages/473e64fd-f30b-4765-81a0-62ad96dd167a"),
    ("LogKey", "alias/logs"),  # CloudWatch Logs takes no alias
    ("LogKey", "yes"),
    ("AlarmTopicArn", "on-call"),
]


def _overrides(settings: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in settings["parameters"]["parameter_overrides"].items()}


def test_every_parameter_and_output_is_described() -> None:
    for section in ("Parameters", "Outputs"):
        for name, entry in TEMPLATE[section].items():
            assert entry.get("Description"), name


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_admits(name: str) -> None:
    parameter = PARAMETERS[name]

    if "AllowedValues" in parameter:
        assert parameter["Default"] in parameter["AllowedValues"]
    elif parameter["Type"] == "Number":
        assert parameter["Default"] >= parameter["MinValue"]
    else:
        assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
        assert parameter["ConstraintDescription"]


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_a_parameter_admits_what_works(name: str, value: str) -> None:
    assert re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_parameter_refuses_what_cannot_work(name: str, value: str) -> None:
    assert not re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


def test_arns_are_of_partitions_in_which_user_pools_exist() -> None:
    session = Session()
    partitions = session.get_available_partitions()
    expected = {each for each in partitions if session.get_available_regions("cognito-idp", each)}
    examples = {name: value for name, value in ACCEPTED if value.startswith("arn:")}

    admitted = {
        name: {
            each
            for each in partitions
            if re.search(PARAMETERS[name]["AllowedPattern"], re.sub(r"^arn:[a-z-]+:", f"arn:{each}:", value))
        }
        for name, value in examples.items()
    }

    assert admitted == dict.fromkeys(examples, expected)
    assert {name for name, each in PARAMETERS.items() if "arn:" in each.get("AllowedPattern", "")} == set(examples)
    assert set(TEMPLATE["Mappings"]["Partitions"]) == expected


def test_the_console_shows_each_parameter_in_one_group() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)


def test_the_deployment_page_has_each_parameter_with_its_default() -> None:
    page = (PROJECT / "docs/deploy.md").read_text()

    rows = re.findall(r"^\| `([A-Z]\w+)` \| (.*?) \| .* \|$", page, re.MULTILINE)

    assert len(rows) == len(dict(rows))
    assert {name: default.strip("`").replace("empty", "") for name, default in rows} == {
        name: str(parameter["Default"]) for name, parameter in PARAMETERS.items()
    }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_environment_sets_every_parameter_of_the_template(environment: str) -> None:
    """SAM asks CloudFormation for the previous value of a parameter that an environment does not name."""
    overrides = _overrides(SAMCONFIG[environment]["global"])

    assert list(overrides) == list(PARAMETERS)
    for name, value in overrides.items():
        assert re.fullmatch(PARAMETERS[name].get("AllowedPattern", ".*"), value), name
        assert value in map(str, PARAMETERS[name].get("AllowedValues", [value])), name


def test_production_is_watched_deploys_gradually_and_keeps_logs_with_a_key_of_its_own() -> None:
    overrides = _overrides(SAMCONFIG["prod"]["global"])

    assert overrides["Monitoring"] == "enabled"
    assert overrides["DeploymentPreference"] != "AllAtOnce"
    assert overrides["LogKey"] == "create"


@pytest.mark.parametrize("command", ["local_invoke", "local_start_api"])
def test_plain_sam_local_finds_the_local_cloud_where_make_run_puts_it(command: str) -> None:
    settings = SAMCONFIG["default"][command]
    run_port = int(re.findall(r"^run: export PORT \?= (\d+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)[0])

    endpoint = urlsplit(_overrides(settings)["CognitoEndpoint"])

    assert settings["parameters"]["add_host"] == [f"{endpoint.hostname}:host-gateway"]
    assert endpoint.port == run_port


def test_a_deployment_finds_cognito_in_its_region() -> None:
    assert PARAMETERS["CognitoEndpoint"]["Default"] == ""
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"][
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
    ] == {"Ref": "CognitoEndpoint"}
