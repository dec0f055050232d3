"""The page's stack as CloudFront serves it: MiniStack's emulation of CloudFront, with all that the template sets.

MiniStack follows AWS's documentation. `make verify` compares the same with CloudFront itself.
"""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local.deployment import client
from local.page_files import cache_control
from local.page_headers import security_headers, strict_transport_security
from tests.support.certificates import create_server
from tests.support.local_cloud import PROJECT, PYTHON, ending, free_port
from tools import deploy_page

NAME = "cognito-device-api-dev"
PROBLEM = b'{"type":"urn:problem-type:invalid-token"}'
# The local cloud refuses the host names of distributions, so this is MiniStack without its access control.
MINISTACK = """
import sys, tempfile
from pathlib import Path
from local import ministack, server
with tempfile.TemporaryDirectory() as state:
    ministack.configure(int(sys.argv[1]), state)
    from ministack.app import app
    with server.serving(app, ["127.0.0.1"], int(sys.argv[1]), Path("unused")):
        print("ready", flush=True)
        sys.stdin.read()
"""


class Api(BaseHTTPRequestHandler):
    """The API behind CloudFront, which keeps what it gets."""

    got: list[tuple[str, str, dict[str, str], bytes]]

    def parse_request(self) -> bool:
        if super().parse_request():
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            self.got.append((self.command, self.path, headers, body))
            self.send_response(int(headers.get("x-status", "401")))
            for name, value in (
                ("Content-Type", "application/problem+json"),
                ("Content-Length", str(len(PROBLEM))),
                ("WWW-Authenticate", "Bearer"),
                ("Retry-After", "7"),
                ("x-amzn-RequestId", "1-2"),
                ("Vary", "Origin"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(PROBLEM)
        return False

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Run the API with TLS; return its port, and the file of the authority that vouches for it."""
    tls = create_server(tmp_path_factory.mktemp("tls"))
    Api.got = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.socket = tls.context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port, tls.bundle
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def aws(api: tuple[int, Path]) -> Iterator[Callable[[str], Any]]:
    """Run MiniStack; return a function that makes clients of it."""
    port = free_port()
    process = subprocess.Popen(
        [PYTHON, "-c", MINISTACK, str(port)],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "SSL_CERT_FILE": str(api[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ending(process):
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield partial(client, endpoint=f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module")
def outputs(
    aws: Callable[[str], Any], api: tuple[int, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Put a small page online; return the outputs of its stack."""
    dist = tmp_path_factory.mktemp("dist")
    (dist / "assets").mkdir()
    (dist / "index.html").write_text("<title>page</title>")
    (dist / "assets/app-1.js").write_text("app")
    pool_id = aws("cognito-idp").create_user_pool(PoolName="page")["UserPool"]["Id"]
    app = aws("cognito-idp").create_user_pool_client(UserPoolId=pool_id, ClientName="page")["UserPoolClient"]
    values = {
        "ApiUrl": "https://api.example.com/v1",
        "UserPoolId": pool_id,
        "UserPoolClientId": app["ClientId"],
    }
    template = {
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {name: {"Value": value} for name, value in values.items()},
    }
    aws("cloudformation").create_stack(StackName=NAME, TemplateBody=json.dumps(template))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", aws("s3").meta.endpoint_url)
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("SAM_CLI_POLL_DELAY", "0.1")
        deploy_page.deploy("dev", dist)
    (stack,) = aws("cloudformation").describe_stacks(StackName=f"{NAME}-page")["Stacks"]
    found = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    _lead_to(api[0], aws("cloudfront"), found["DistributionId"])
    return found


def _lead_to(port: int, cloudfront: Any, distribution: str) -> None:
    """Change where the API is, and nothing else: the template has the name of a host with TLS on the usual port."""
    found = cloudfront.get_distribution_config(Id=distribution)
    (origin,) = [each for each in found["DistributionConfig"]["Origins"]["Items"] if each["Id"] == "api"]
    origin["DomainName"] = "localhost"
    origin["CustomOriginConfig"] |= {"HTTPPort": 80, "HTTPSPort": port}  # boto3 needs both
    cloudfront.update_distribution(
        Id=distribution, IfMatch=found["ETag"], DistributionConfig=found["DistributionConfig"]
    )


@pytest.fixture
def viewer(outputs: dict[str, str], aws: Callable[[str], Any]) -> Iterator[httpx.Client]:
    """Return a browser that calls the distribution by its name; MiniStack learns of TLS from a header."""
    headers = {"Host": urlsplit(outputs["PageUrl"]).netloc, "X-Forwarded-Proto": "https"}
    Api.got.clear()
    with httpx.Client(base_url=aws("s3").meta.endpoint_url, headers=headers, trust_env=False) as browser:
        yield browser


@pytest.mark.parametrize("path", ["", "index.html", "config.json", "assets/app-1.js"])
def test_the_page_has_the_headers_of_the_local_page(viewer: httpx.Client, path: str) -> None:
    response = viewer.get(f"/{path}")

    wanted = security_headers("https://cognito-idp.us-east-1.amazonaws.com") | {
        "Cache-Control": cache_control(path or "index.html"),
        "Strict-Transport-Security": strict_transport_security(),
    }
    assert response.status_code == 200
    assert {name: response.headers.get(name) for name in wanted} == wanted


def test_a_missing_file_is_not_cached_and_has_the_security_headers(viewer: httpx.Client) -> None:
    response = viewer.get("/assets/missing.js")

    assert response.status_code == 403
    assert "cache-control" not in response.headers
    assert response.headers["content-security-policy"]


def test_only_this_distribution_reads_the_bucket(outputs: dict[str, str], aws: Callable[[str], Any]) -> None:
    address = aws("s3").meta.endpoint_url
    assert httpx.get(f"{address}/{outputs['BucketName']}/index.html", trust_env=False).status_code == 403

    policy = json.loads(aws("s3").get_bucket_policy(Bucket=outputs["BucketName"])["Policy"])

    source = policy["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceArn"]
    assert source.endswith(f":distribution/{outputs['DistributionId']}")


def test_http_is_redirected_for_the_page_and_refused_for_the_api(viewer: httpx.Client, outputs: dict[str, str]) -> None:
    clear = {"X-Forwarded-Proto": "http"}

    page, api = viewer.get("/", headers=clear), viewer.get("/v1/devices", headers=clear)

    assert (page.status_code, page.headers["location"]) == (301, outputs["PageUrl"])
    assert api.status_code == 403
    assert Api.got == []


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "OPTIONS"])
def test_the_api_gets_the_request_of_the_browser(viewer: httpx.Client, outputs: dict[str, str], method: str) -> None:
    own = {"Authorization": "Bearer a.b.c", "Origin": outputs["PageUrl"].rstrip("/"), "traceparent": "00-a-b-01"}

    sent = b"" if method == "GET" else b'{"remembered":true}'

    response = viewer.request(method, "/v1/devices/a_b?limit=1", headers=own, content=sent)

    ((command, path, headers, body),) = Api.got
    assert (command, path, body) == (method, "/v1/devices/a_b?limit=1", sent)
    assert {name.lower(): value for name, value in own.items()}.items() <= headers.items()
    assert headers["host"].partition(":")[0] == "localhost"  # the API's own
    assert (response.status_code, response.content) == (401, PROBLEM)
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.headers["www-authenticate"], response.headers["retry-after"]) == ("Bearer", "7")
    assert (response.headers["x-amzn-requestid"], response.headers["vary"]) == ("1-2", "Origin")
    assert "content-security-policy" not in response.headers


@pytest.mark.parametrize("status", [404, 405, 500, 502, 503, 504])
def test_an_error_of_the_api_is_neither_replaced_nor_kept(viewer: httpx.Client, status: int) -> None:
    failed = viewer.get("/v1/devices", headers={"X-Status": str(status)})
    other = viewer.get("/v1/devices")

    assert (failed.status_code, failed.content) == (status, PROBLEM)
    assert (other.status_code, other.content) == (401, PROBLEM)


def test_the_pages_own_files_are_only_read(viewer: httpx.Client) -> None:
    assert viewer.post("/index.html").status_code == 403
    assert viewer.delete("/config.json").status_code == 403
