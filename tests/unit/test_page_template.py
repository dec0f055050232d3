"""spa/template.yaml: who may read the bucket, and what CloudFront sends where; a reason for each suppressed check."""

import re
import tomllib
from typing import Any

import pytest

from local.page_api import METHODS
from local.page_headers import security_headers, strict_transport_security
from tests.support.deployments import PAGE_WEB_ACL, WEB_ACL
from tests.support.local_cloud import PROJECT
from tests.support.template import TEMPLATE as API
from tests.support.template import load

TEMPLATE = load("spa/template.yaml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
PARAMETERS: dict[str, Any] = TEMPLATE["Parameters"]
DISTRIBUTION = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]
(API_BEHAVIOR,) = DISTRIBUTION["CacheBehaviors"]
PAGE_BEHAVIOR = DISTRIBUTION["DefaultCacheBehavior"]
HEADERS = RESOURCES["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]

# AWS's own policies.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

# Errors that CloudFront always keeps, of those that the API or a failing connection to it makes.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
KEPT_BY_DEFAULT = [404, 405, 500, 502, 503, 504]

CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
ACCEPTED = [
    ("ApiDomainName", "abc123.execute-api.us-east-1.amazonaws.com"),
    ("ApiDomainName", "devices.example.com"),
    ("DomainName", ""),
    ("DomainName", "account.example.com"),
    ("CertificateArn", ""),
    ("CertificateArn", CERTIFICATE.format("us-east-1")),
    ("WebAclArn", ""),
    ("WebAclArn", PAGE_WEB_ACL),
]
REFUSED = [
    ("ApiDomainName", ""),
    ("ApiDomainName", "https://devices.example.com"),
    ("ApiDomainName", "devices.example.com/v1"),
    ("DomainName", "https://account.example.com"),
    ("DomainName", "*.example.com"),  # PageUrl would not be a URL
    ("CertificateArn", CERTIFICATE.format("eu-central-1")),  # CloudFront finds only those of us-east-1
    ("WebAclArn", WEB_ACL),  # its scope is REGIONAL
    ("WebAclArn", PAGE_WEB_ACL.replace("us-east-1", "eu-central-1")),
    ("WebAclArn", "473e64fd-f30b-4765-81a0-62ad96dd167a"),  # an id, of AWS WAF Classic
]


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_a_parameter_accepts(name: str, value: str) -> None:
    assert re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_parameter_refuses(name: str, value: str) -> None:
    assert not re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


def test_each_parameter_and_output_is_described() -> None:
    for each in [*PARAMETERS.values(), *TEMPLATE["Outputs"].values()]:
        assert each["Description"].endswith((".", ";"))
    for each in PARAMETERS.values():
        assert each["ConstraintDescription"]


def test_domain_name_and_certificate_go_together_as_in_the_apis_template() -> None:
    assert {name: [*rule] for name, rule in TEMPLATE["Rules"].items()} == {
        name: [*rule] for name, rule in API["Rules"].items()
    }


def test_only_this_distribution_reads_the_bucket_and_everybody_needs_tls() -> None:
    properties = RESOURCES["Bucket"]["Properties"]
    reads, tls = RESOURCES["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert (reads["Effect"], reads["Principal"], reads["Action"]) == (
        "Allow",
        {"Service": "cloudfront.amazonaws.com"},
        "s3:GetObject",
    )
    assert reads["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"].endswith(":distribution/${Distribution}")
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": False}})


def test_only_replaced_versions_expire() -> None:
    (rule,) = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert not any(name.startswith("Expiration") for name in rule)


def test_the_api_gets_every_method_and_header_of_the_browser_and_nothing_is_cached() -> None:
    (api,) = [each for each in DISTRIBUTION["Origins"] if each["Id"] == API_BEHAVIOR["TargetOriginId"]]

    assert API_BEHAVIOR["PathPattern"] == f"/{API['Resources']['Api']['Properties']['StageName']}/*"
    assert {"GET", "PATCH", "DELETE"} < set(API_BEHAVIOR["AllowedMethods"])
    assert set(API_BEHAVIOR["AllowedMethods"]) == set(METHODS)  # those of the local double
    assert API_BEHAVIOR["CachePolicyId"] == CACHING_DISABLED
    assert API_BEHAVIOR["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
    assert "ResponseHeadersPolicyId" not in API_BEHAVIOR  # the API sends its own headers
    assert api["CustomOriginConfig"]["OriginReadTimeout"] > 29  # API Gateway's own limit


def test_errors_are_neither_replaced_nor_kept_for_other_users() -> None:
    errors = DISTRIBUTION["CustomErrorResponses"]

    assert {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in errors} == dict.fromkeys(KEPT_BY_DEFAULT, 0)
    assert not any("ResponsePagePath" in each or "ResponseCode" in each for each in errors)


def test_a_token_is_never_sent_in_clear() -> None:
    assert API_BEHAVIOR["ViewerProtocolPolicy"] == "https-only"
    assert PAGE_BEHAVIOR["ViewerProtocolPolicy"] == "redirect-to-https"
    (api,) = [each["CustomOriginConfig"] for each in DISTRIBUTION["Origins"] if each["Id"] == "api"]
    assert (api["OriginProtocolPolicy"], api["OriginSSLProtocols"]) == ("https-only", ["TLSv1.2"])
    assert DISTRIBUTION["HttpVersion"] == "http2and3"


def test_the_local_page_fills_in_the_region_as_cloudformation_does() -> None:
    # Given what the browser gets locally, for the Cognito of a Region
    local = security_headers("/v1", "https://cognito-idp.eu-central-1.amazonaws.com")

    # Then CloudFront's policy has the same text, with the Region's name to be filled in
    content = HEADERS["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    deployed = content.replace("${AWS::Region}", "eu-central-1").replace("${AWS::URLSuffix}", "amazonaws.com")
    assert local["Content-Security-Policy"] == deployed
    assert PAGE_BEHAVIOR["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"}


def test_no_header_of_the_policy_is_missing_locally() -> None:
    """A header that is added to the template must be added to local/page_headers.py if it is not a custom one."""
    named = HEADERS["SecurityHeadersConfig"]

    assert set(named) == {
        "ContentSecurityPolicy",
        "ContentTypeOptions",
        "ReferrerPolicy",
        "StrictTransportSecurity",
    }
    for each in [*named.values(), *HEADERS["CustomHeadersConfig"]["Items"]]:
        assert each["Override"] is True
    assert strict_transport_security() == "max-age=63072000"


@pytest.mark.parametrize("stage", ["default", "dev", "prod"])
def test_each_stage_has_the_settings_of_the_page(stage: str) -> None:
    settings = tomllib.loads((PROJECT / "samconfig.toml").read_text())[stage]["page"]["parameters"]

    assert set(settings) == {*PARAMETERS, "UserPoolClientId"} - {"ApiDomainName"}
    for name in settings.keys() & PARAMETERS.keys():
        assert re.fullmatch(PARAMETERS[name]["AllowedPattern"], settings[name])
