"""What `make run` runs: the whole product on this machine, in the foreground.

Starts the local cloud, builds and deploys this repo's template into it, signs the demo user in on many devices, serves
the page and says where it is. Ends, with everything that it started, on Ctrl-C or SIGTERM.
"""

import argparse
import fcntl
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from local import demo, gateway_responses, options, page
from local.access import THIS_MACHINE
from local.build import build
from local.deployment import REGION, STACK_NAME, STAGE_NAME, client, deploy
from local.docker import bridge_address
from local.emulator import EmulatorError, running
from local.sam_cli import SamCliError, require_tools
from local.server import refuse_taken_port
from local.session import Session, published, withdraw

_READY = """
ready

  page       {page_url}
  user       {username}
  password   {password}

  API        {api_url}
  and more   {session_file}

The device that the demo user signed in with last:

curl -s -H "Authorization: Bearer {access_token}" \\
  {api_url}/devices/{device_key}

The token is valid for an hour. Ctrl-C stops everything.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    asked = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    directory: Path = asked.directory
    try:
        require_tools()
        directory.mkdir(parents=True, exist_ok=True)
        with _sole_user_of(directory):
            _serve(asked.port, asked.page_port, directory)
    except KeyboardInterrupt:
        _say("stopped")
    except (EmulatorError, SamCliError, gateway_responses.GatewayResponsesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: {error} See {directory / 'emulator.log'}", file=sys.stderr)
        return 1
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # Once is enough: a second Ctrl-C must not keep the rest from being stopped.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _sole_user_of(directory: Path) -> Iterator[None]:
    """Keep a second local cloud from overwriting the build, the logs and the session of a first."""
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmulatorError(f"a local cloud already runs in {directory}: stop it first with Ctrl-C.") from None
        yield


def _serve(port: int, page_port: int, directory: Path) -> None:
    if page_port == port:
        raise EmulatorError(f"The page and the local cloud cannot both have port {port}. Choose another PAGE_PORT.")
    refuse_taken_port(THIS_MACHINE, page_port, "PAGE_PORT")
    log = directory / "emulator.log"
    log.unlink(missing_ok=True)
    withdraw(directory)
    _say(f"starting the local cloud on port {port} (log: {log})")
    with running(port, log, bridge_address()) as endpoint:
        _say(f"building the template with the SAM CLI (log: {directory / 'build.log'})")
        build(directory)
        _say(f"deploying it into the local cloud (log: {directory / 'deploy.log'})")
        outputs = deploy(endpoint, directory, page.origin(page_port))
        gateway_responses.apply(
            client("apigateway", endpoint), client("cloudformation", endpoint), STACK_NAME, STAGE_NAME
        )
        _say("signing the demo user in on many devices")
        session = _sign_in(endpoint, outputs, page.origin(page_port))
        with page.serving(page_port, page.config(session)), published(session, directory) as session_file:
            _say(_READY.format(**session, session_file=session_file, device_key=session["device_keys"][0]))
            threading.Event().wait()  # until _interrupt raises


def _sign_in(endpoint: str, outputs: dict[str, str], page_url: str) -> Session:
    pool_id, client_id = outputs["UserPoolId"], outputs["UserPoolClientId"]
    demo.create_user(endpoint, pool_id)
    signed_in = demo.sign_in_devices(endpoint, pool_id, client_id)
    api_id = outputs["ApiUrl"].removeprefix("https://").partition(".")[0]
    return {
        "page_url": page_url,
        # The emulator serves https://{api}.execute-api... under a path, which needs no name resolution.
        "api_url": f"{endpoint}/_aws/execute-api/{api_id}/{STAGE_NAME}",
        "cognito_endpoint": endpoint,
        "region": REGION,
        "user_pool_id": pool_id,
        "user_pool_client_id": client_id,
        "username": demo.USERNAME,
        "password": demo.PASSWORD,
        "access_token": signed_in.access_token,
        "device_keys": signed_in.device_keys,
    }


def _say(line: str) -> None:
    print(line, flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description="Run the whole product on this machine.")
    parser.add_argument(
        "--port", type=options.port, default=4566, help="port of the local cloud, 1 to 65535 (default: 4566)"
    )
    parser.add_argument("--page-port", type=options.port, default=8000, help="port of the page (default: 8000)")
    options.add_directory(parser)
    return parser.parse_args(arguments)
