"""The environment of every test, set before `devices` is imported: a developer's own settings do not matter."""

import os
import signal

_UNSET = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_PROFILE", "AWS_MAX_ATTEMPTS",
          "AWS_RETRY_MODE", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT", "LAST_IP_VISIBILITY", "_X_AMZN_TRACE_ID",
          "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")  # fmt: skip

for _name in [*_UNSET, *(name for name in os.environ if name.startswith("POWERTOOLS_"))]:
    os.environ.pop(_name, None)
os.environ.update(
    {
        "ALLOWED_ORIGINS": "https://app.example.com,https://admin.example.com",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "POWERTOOLS_METRICS_NAMESPACE": "CognitoDeviceApi",
        "POWERTOOLS_SERVICE_NAME": "devices",
    }
)

# What a shell without job control runs in the background ignores Ctrl-C, and so would what the tests start and stop.
signal.signal(signal.SIGINT, signal.default_int_handler)
