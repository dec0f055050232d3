"""What a deployment needs: the resources that it acts on, and the permissions that it does without."""

from typing import Any

from tests.support.policies import resolved
from tests.support.template import load

ROLE = load(".github/deploy-role.yaml")
STACK = ROLE["Parameters"]["StackName"]["Default"]
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/pages/473e64fd-f30b-4765-81a0-62ad96dd167a"
# CloudFront's web ACLs are those of us-east-1 with the scope CLOUDFRONT.
PAGE_WEB_ACL = WEB_ACL.replace(":regional/", ":global/")
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123"
EVERYTHING = {"WebAclArn": WEB_ACL, "DomainName": "devices.example.com"}
DEPLOYING = {"aws:CalledVia": "cloudformation.amazonaws.com"}

BUCKET = "arn:aws:s3:::aws-sam-cli-managed-default-samclisourcebucket-1abc"
DEVICES_ROLE = f"arn:aws:iam::123456789012:role/{STACK}-DevicesRole-1ABC"
DEPLOYMENT_ROLE = f"arn:aws:iam::123456789012:role/{STACK}-DeploymentRole-1ABC"
FUNCTION = f"arn:aws:lambda:us-east-1:123456789012:function:{STACK}-DevicesFunction-1ABC"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:DependenciesLayer"
APIS = "arn:aws:apigateway:us-east-1::/restapis"
DOMAINS = "arn:aws:apigateway:us-east-1::/domainnames"
TAGS = "arn:aws:apigateway:us-east-1::/tags"
DEPLOY = "arn:aws:codedeploy:us-east-1:123456789012"
APPLICATION = f"{DEPLOY}:application:{STACK}-ServerlessDeploymentApplication-1ABC"
GROUP = (
    f"{DEPLOY}:deploymentgroup:{STACK}-ServerlessDeploymentApplication-1ABC/{STACK}-DevicesFunctionDeploymentGroup-1ABC"
)
CONFIGURATION = f"{DEPLOY}:deploymentconfig:CodeDeployDefault.LambdaCanary10Percent5Minutes"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALARM = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{STACK}-LatencyAlarm-1ABC"

# Each type of resource of the stack, and of SAM's own, with resources that a deployment acts on.
RESOURCES = {
    "AWS::ApiGateway::BasePathMapping": [f"{DOMAINS}/devices.example.com/basepathmappings/v1"],
    "AWS::ApiGateway::Deployment": [f"{APIS}/a1b2c3/deployments"],
    "AWS::ApiGateway::DomainName": [f"{DOMAINS}/devices.example.com", f"{TAGS}/a1b2c3"],
    "AWS::ApiGateway::RestApi": [APIS, f"{APIS}/a1b2c3"],
    "AWS::ApiGateway::Stage": [f"{APIS}/a1b2c3/stages/v1"],
    "AWS::CloudWatch::Alarm": [ALARM],
    "AWS::CloudWatch::Dashboard": [f"arn:aws:cloudwatch::123456789012:dashboard/{STACK}-us-east-1"],
    "AWS::CodeDeploy::Application": [APPLICATION],
    "AWS::CodeDeploy::DeploymentGroup": [APPLICATION, GROUP, CONFIGURATION, DEPLOYMENT_ROLE],
    "AWS::Cognito::UserPool": [POOL],
    "AWS::Cognito::UserPoolClient": [POOL],
    "AWS::IAM::Role": [DEVICES_ROLE],
    "AWS::KMS::Key": [KEY],
    "AWS::Lambda::Alias": [f"{FUNCTION}:live", APPLICATION, GROUP, CONFIGURATION],
    "AWS::Lambda::Function": [FUNCTION, f"{LAYER}:1", DEVICES_ROLE, f"{BUCKET}/code"],
    "AWS::Lambda::LayerVersion": [LAYER, f"{LAYER}:1", f"{BUCKET}/code"],
    "AWS::Lambda::Permission": [f"{FUNCTION}:live"],
    "AWS::Lambda::Version": [f"{FUNCTION}:1"],
    "AWS::Logs::LogGroup": [f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{STACK}-devices"],
    "AWS::S3::Bucket": [BUCKET],
    "AWS::S3::BucketPolicy": [BUCKET],
    "AWS::WAFv2::WebACLAssociation": [WEB_ACL, f"{APIS}/a1b2c3/stages/v1"],
}
PAGE_STACK = f"{STACK}-page"
PAGE_BUCKET = f"arn:aws:s3:::{PAGE_STACK}-bucket-1abc"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1ABC"
# The same for the page's stack.
PAGE_RESOURCES = {
    "AWS::CloudFront::Distribution": [DISTRIBUTION],
    "AWS::CloudFront::OriginAccessControl": ["arn:aws:cloudfront::123456789012:origin-access-control/E1ABC"],
    "AWS::CloudFront::ResponseHeadersPolicy": ["arn:aws:cloudfront::123456789012:response-headers-policy/1a-2b"],
    "AWS::S3::Bucket": [PAGE_BUCKET],
    "AWS::S3::BucketPolicy": [PAGE_BUCKET],
}
OF_OTHER_BUCKETS = (
    "Abac|Accelerate|Acl|Analytics|BucketEncryption|CORS|Cors|Intelligent|Inventory|Lifecycle|Logging|Metadata|Metrics"
    "|Notification|ObjectLock|Ownership|Replication|Website"
)
# Permissions of handlers that this stack does not need: in which types, which permissions, and why.
NOT_NEEDED = [
    ("WAFv2", r"(amplify|apprunner|appsync|bedrock-agentcore|cognito-idp|ec2|elasticload\w+):.*", "it filters an API"),
    ("WAFv2", r"wafv2:\w+PermissionPolicy", "the web ACL is the account's own"),
    ("RestApi", r"iam:PassRole|s3:GetObject", "the template has the API's body, and integrations without credentials"),
    ("CodeDeploy", r"codedeploy:RegisterOnPremisesInstance", "it deploys to Lambda"),
    ("Cognito", r"iam:.*", "the pool sends no SMS, no email through SES, and nothing to Pinpoint"),
    ("Cognito", r"kms:.*", "the pool has no Lambda trigger whose codes a key encrypts"),
    ("Cognito", r"cognito-idp:AddCustomAttributes", "the pool has no custom attributes"),
    ("IAM::Role", r"iam:(Attach|Detach)RolePolicy", "the roles have only policies of their own"),
    ("IAM::Role", r"iam:\w+PermissionsBoundary", "the roles have no boundary"),
    ("KMS", r"kms:(DisableKey|DisableKeyRotation|EnableKey)", "the key is enabled, and it rotates"),
    ("Lambda", r"(ec2|elasticfilesystem|s3files):.*", "the function is in no VPC"),
    ("Lambda", r"kms:.*", "Lambda's own key encrypts the variables"),
    ("Lambda", r"lambda:(Put|Delete)ProvisionedConcurrencyConfig", "no concurrency is provisioned"),
    ("Lambda", r"lambda:(PutRuntimeManagementConfig|AssociateRuntimeAlias)", "Lambda chooses the runtime's version"),
    ("Lambda", r"lambda:(Put|Delete)FunctionCodeSigningConfig", "the code is not signed"),
    ("Lambda", r"lambda:(PutFunctionRecursionConfig|PutFunctionScalingConfig|PassCapacityProvider)", "defaults hold"),
    ("Logs", r"logs:(Put(DataProtection|Resource|Index)|Delete(Resource|Index))Policy", "the log group has none"),
    ("Logs", r"logs:(CreateLogDelivery|PutBearerTokenAuthentication|PutLogGroupDeletionProtection)", "it has none"),
    ("Logs", r"firehose:TagDeliveryStream|s3:REST\.PUT\.OBJECT", "it has no deliveries"),
    ("S3::Bucket$", rf"s3tables:.*|s3:\w*({OF_OTHER_BUCKETS}).*", "SAM's bucket does not have it"),
    ("S3::Bucket$", r"iam:PassRole|s3:Delete(Object|BucketTagging)|s3:UntagResource", "SAM's bucket never changes"),
]
OF_OTHER_PAGES = (
    "Abac|Accelerate|Acl|Analytics|CORS|Cors|Intelligent|Inventory|Logging|Metadata|Metrics|Notification|ObjectLock"
    "|Replication|Website"
)
# The same for the page's stack.
NOT_NEEDED_BY_PAGE = [
    (
        "Distribution",
        r"cloudfront:\w+(ConnectionGroup|VpcOrigin|StagingConfig)",
        "it has one public origin",
    ),
    ("Distribution", r"cloudfront:CreateDistributionWithTags", "IAM has no such action; it is CreateDistribution"),
    ("S3::Bucket$", rf"s3tables:.*|s3:\w*({OF_OTHER_PAGES}).*", "the page's bucket does not have it"),
    ("S3::Bucket$", r"iam:PassRole|s3:Delete(Object|BucketTagging|BucketEncryption|BucketLifecycle)", "it keeps these"),
]
# What tools/deploy_page.py calls itself, besides the SAM CLI.
OF_PAGE = {
    "cloudfront:CreateInvalidation", "cloudfront:GetInvalidation", "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolClient", "s3:PutObject",
}  # fmt: skip
# What CloudFront calls for the page's role, which no schema of CloudFormation lists.
OF_CLOUDFRONT = {"wafv2:GetWebACL"}
# What the SAM CLI calls itself: samcli/lib/deploy/deployer.py, managed_cloudformation_stack.py and s3_uploader.py.
OF_SAM = {
    "cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet", "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks", "cloudformation:ExecuteChangeSet", "cloudformation:GetTemplateSummary",
    "cloudformation:TagResource", "s3:PutObject",
}  # fmt: skip
# What API Gateway calls for the role.
OF_SERVICES = {"iam:CreateServiceLinkedRole"}
# AWS knows no ARN for these when they are called.
OF_ANY_RESOURCE = {
    "cognito-idp:CreateUserPool", "kms:CreateKey",
    "logs:DescribeIndexPolicies", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
}  # fmt: skip


def statements(name: str = "DeployRole", **parameters: str) -> list[Any]:
    """Return the statements of a role's policy, for values of the template's parameters."""
    role = ROLE["Resources"][name]["Properties"]
    (policy,) = resolved(role["Policies"], ROLE, {"Repository": "owner/repository", **parameters})
    return list(policy["PolicyDocument"]["Statement"])
