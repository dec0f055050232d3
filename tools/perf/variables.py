"""The environment variables of a function that is measured."""

import os
import re
from pathlib import Path

from local.sam_cli import PROJECT
from tools.perf.cognito import StandIn
from tools.perf.variants import Variant

# The environment of `make bench` has no YAML parser.
MEMORY_MB = int(re.findall(r"^ +MemorySize: (\d+)$", (PROJECT / "template.yaml").read_text(), re.MULTILINE)[0])


def variables(variant: Variant, runtime_folder: Path, stand_in: StandIn) -> dict[str, str]:
    """Return a variant's environment variables: those of Lambda, and those that template.yaml sets."""
    on_path = [*([variant.layer] if variant.layer else []), runtime_folder]
    return {
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        # /var/task and /opt are read-only in Lambda, so bytecode that a package lacks is never written.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(str(path.resolve()) for path in on_path),
        "LAMBDA_TASK_ROOT": str(variant.task.resolve()),
        "AWS_LAMBDA_FUNCTION_NAME": "devices",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "test",
        "AWS_XRAY_DAEMON_ADDRESS": stand_in.daemon_address,
        "ALLOWED_ORIGINS": "http://localhost:8000",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": stand_in.endpoint,
        "LAST_IP_VISIBILITY": "masked",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "CognitoDeviceApi",
        "POWERTOOLS_SERVICE_NAME": "devices",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "RES_OPTIONS": "timeout:1 attempts:1",
    }
