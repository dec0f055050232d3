"""The emulator's process: how it starts, why it may not start, and how it ends."""

import io
import os
import re
import signal
import socket
import socketserver
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from local.ministack import is_removed
from tests.support.emulator import running_emulator, start_emulator
from tests.support.local_cloud import PROJECT, free_port
from tests.support.user_pools import PASSWORD, REMEMBERED_AT_ONCE, create_pool

FAILING_APP = """
async def app(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "out of order"})
"""


def test_it_logs_to_the_file_and_prints_only_its_url(tmp_path: Path) -> None:
    # Given
    log = tmp_path / "emulator.log"
    with running_emulator(log) as (url, process):
        # When
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
    # Then
    assert url.startswith("http://127.0.0.1:")
    assert (output, errors, process.returncode) == ("", "", 0)
    assert "MiniStack shutting down" in log.read_text(encoding="utf-8")


def test_its_log_has_no_control_characters_of_a_request(tmp_path: Path) -> None:
    # Given
    log = tmp_path / "emulator.log"
    with running_emulator(log) as (url, _):
        # When a tool asks for a secret whose name clears the screen, and a page asks for such a path
        httpx.get(f"{url}/%1b%5b2J%0aforged", headers={"Origin": "https://evil.test"}, trust_env=False)
        httpx.post(f"{url}/oauth2/x%1b%5b2J%0aforged", trust_env=False)
    # Then
    text = log.read_text(encoding="utf-8")
    assert "/\\x1b[2J" in text
    assert "\x1b" not in text
    assert "forged" not in [line[:6] for line in text.splitlines()]


def test_the_error_names_a_port_that_is_taken(tmp_path: Path) -> None:
    # Given
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # When
        process = start_emulator(port, tmp_path / "emulator.log")
        output, errors = process.communicate(timeout=30)
    # Then
    assert process.returncode == 1
    assert output == ""
    assert errors == (
        f"error: Cannot listen on 127.0.0.1:{port} (Address already in use). Choose another port: PORT={port + 1}\n"
    )


# A module that has whatever is asked of it.
ANYTHING = "def __getattr__(name): return None"


def test_the_error_says_why_it_did_not_start(tmp_path: Path) -> None:
    # Given
    modules = {
        "ministack/__init__.py": "",
        "ministack/app.py": FAILING_APP,
        "ministack/core/lambda_runtime.py": "def reset(): pass",
        "ministack/services/apigateway_v1.py": ANYTHING,
        "ministack/services/cognito.py": ANYTHING,
        "ministack/services/cloudformation/provisioners.py": "_COGNITO_USER_POOL_CLIENT_UPDATABLE = {}",
    }
    for name, text in modules.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    log = tmp_path / "emulator.log"
    # When
    process = start_emulator(free_port(), log, PYTHONPATH=str(tmp_path))
    _, errors = process.communicate(timeout=30)
    # Then
    assert process.returncode == 1
    assert errors.startswith("error: The emulator did not start: LifespanFailureError(")
    assert "out of order" in errors
    assert errors.endswith(f"Its log: {log}\n")
    assert "The emulator stopped" in log.read_text(encoding="utf-8")


def test_it_ends_the_processes_of_lambda_functions(tmp_path: Path, connect: Callable[[str, str], Any]) -> None:
    # Given
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "import os\ndef handler(event, context): return os.getpid()\n")
    with running_emulator(tmp_path / "emulator.log") as (url, _):
        role = connect("iam", url).create_role(RoleName="any", AssumeRolePolicyDocument="{}")
        functions = connect("lambda", url)
        functions.create_function(
            FunctionName="pid",
            Runtime="python3.13",
            Handler="app.handler",
            Role=role["Role"]["Arn"],
            Code={"ZipFile": package.getvalue()},
        )
        functions.get_waiter("function_active_v2").wait(FunctionName="pid", WaiterConfig={"Delay": 1})
        worker = int(functions.invoke(FunctionName="pid")["Payload"].read())
        os.kill(worker, 0)
        # When the emulator ends
    # Then
    time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


READS = re.compile(
    r"""(?:environ(?:\.get|\.pop)?|getenv|_from_env)[(\[]\s*["']([A-Z\d_]+)|["'](\w+)["'] in os\.environ"""
)
# The first two describe the machine; MiniStack replaces the third by a name of its own.
NO_SETTINGS = {"HOSTNAME", "TMPDIR", "__DEPTH_ENV__"}


def test_it_hides_each_variable_that_ministack_reads() -> None:
    # Given
    installed = (PROJECT / ".tools/local/lib").glob("*/site-packages/ministack/**/*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in installed)
    # When
    names = {first or second for first, second in READS.findall(source)}
    # Then
    assert len(names) > 100
    assert {name for name in names if not is_removed(name)} == NO_SETTINGS


class _Mail(socketserver.StreamRequestHandler):
    """A mail server that hears the first line of each client."""

    heard: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        self.heard.append(self.rfile.readline())


def test_it_sends_no_mail_through_the_developers_server(tmp_path: Path, connect: Callable[[str, str], Any]) -> None:
    # Given a developer whose environment names a mail server, as many frameworks read it
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as mail:
        threading.Thread(target=mail.serve_forever).start()
        server = f"127.0.0.1:{mail.server_address[1]}"
        try:
            with running_emulator(tmp_path / "emulator.log", SMTP_HOST=server) as (url, _):
                cognito = connect("cognito-idp", url)
                pool = create_pool(cognito, REMEMBERED_AT_ONCE)
                cognito.update_user_pool(UserPoolId=pool.pool_id, AutoVerifiedAttributes=["email"])
                # When a page signs a stranger up
                address = [{"Name": "email", "Value": "ceo@bank.example"}]
                cognito.sign_up(ClientId=pool.client_id, Username="stranger", Password=PASSWORD, UserAttributes=address)
        finally:
            mail.shutdown()
    # Then
    assert _Mail.heard == []
