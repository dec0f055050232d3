"""The local AWS: MiniStack with device tracking, in this process.

    python -m local.emulator --port 4566 --log .local/emulator.log

runs it until SIGINT or SIGTERM. MiniStack: https://pypi.org/project/ministack/
"""

import argparse
import contextlib
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from local.access import THIS_MACHINE, guarded
from local.asgi import App
from local.cognito.app import device_tracking
from local.server import EmulatorError, refuse_taken_port, serving

__all__ = ["REGION", "EmulatorError", "main", "running"]

REGION = "us-east-1"


@contextlib.contextmanager
def running(port: int, log_path: str | Path, further_host: str | None = None) -> Iterator[str]:
    """Run the emulator while the block runs, and yield its endpoint URL.

    MiniStack reads its settings when it is imported, and keeps its state in its modules. So this takes over the
    process: its environment and root logger, once.

    Parameters
    ----------
    port : int
        TCP port to listen on.
    log_path : str or Path
        The file that the server's and MiniStack's logs are appended to.
    further_host : str, optional
        An IPv4 address to listen on besides 127.0.0.1, for the operations that the function calls.

    Raises
    ------
    EmulatorError
        The port is taken, or the server did not start.
    """
    hosts = [THIS_MACHINE, *([further_host] if further_host else [])]
    for host in hosts:
        refuse_taken_port(host, port)
    with tempfile.TemporaryDirectory(prefix="emulator-") as state, _logging_to(log_path):
        os.environ.update(_settings(port, state))
        for profile in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
            os.environ.pop(profile, None)  # a profile would be looked up in the files that _settings hides
        app, end_lambda_workers = _emulated_cloud()
        try:
            with serving(app, hosts, port, Path(log_path)):
                yield f"http://{THIS_MACHINE}:{port}"
        finally:
            end_lambda_workers()


def _settings(port: int, state: str) -> dict[str, str]:
    nowhere = str(Path(state) / "nowhere")
    return {
        "GATEWAY_PORT": str(port),
        "AUTH": "true",  # or MiniStack would accept any access token
        "MINISTACK_REGION": REGION,
        "STATE_DIR": state,
        "LAMBDA_EXECUTOR": "local",
        # No Docker and no further listeners, whatever this machine has.
        "DOCKER_HOST": f"unix://{nowhere}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Lambda functions inherit these: they reach this emulator, and never the developer's own account.
        "AWS_ENDPOINT_URL": f"http://{THIS_MACHINE}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": THIS_MACHINE,
        "no_proxy": THIS_MACHINE,
    }


def _emulated_cloud() -> tuple[App, Callable[[], None]]:
    # MiniStack reads the environment at import.
    from ministack.app import app  # noqa: PLC0415
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import cognito  # noqa: PLC0415

    def sign(claims: dict[str, Any], pool_id: str) -> str:
        return str(cognito._signed_jwt(claims, pool_id, "access"))  # noqa: SLF001 - it has no public signer

    # MiniStack leaves its warm Lambda workers running when it stops.
    return guarded(device_tracking(app, sign)), lambda_runtime.reset


@contextlib.contextmanager
def _logging_to(path: str | Path) -> Iterator[None]:
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def main() -> int:
    """Run the emulator in the foreground, and print its URL once it answers."""
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description="Run the local AWS.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True, metavar="FILE", help="file to append the logs to")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with running(arguments.port, arguments.log) as url:
            print(url, flush=True)
            stop.wait()
    except EmulatorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
