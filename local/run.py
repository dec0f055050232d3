"""The command behind `make run`: the whole product on this machine, in the foreground.

It runs `local.product` and prints how to reach it. Ctrl-C or SIGTERM ends it and everything that it started.
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

from local import options, origins
from local.folder import usable
from local.gateway_responses import GatewayResponsesError
from local.product import product
from local.sam_cli import SamCliError, require_tools
from local.server import EmulatorError

_READY = """
ready

  page       {page_url}
  user       {username}
  password   {password}

  API        {api_url}
  Cognito    {cognito_endpoint}, user pool {user_pool_id}, client {user_pool_client_id}
  your app   docs/local.md, "Your own app", shows how it uses both
  log        make logs
  and more   {session_file}

The device that the demo user signed in with last:

curl -s -H "Authorization: Bearer {access_token}" \\
  {api_url}/devices/{device_key}

The token is valid for an hour. Ctrl-C stops everything.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the product until Ctrl-C or SIGTERM; return the exit code."""
    asked = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    directory: Path = asked.directory
    try:
        require_tools()
        with (
            usable(directory),
            _sole_user_of(directory),
            product(asked.port, asked.page_port, asked.origins, directory, _say) as (session, session_file),
        ):
            _say(_READY.format(**session, session_file=session_file, device_key=session["device_keys"][0]))
            threading.Event().wait()  # until _interrupt raises
    except KeyboardInterrupt:
        _say("stopped")
    except (EmulatorError, SamCliError, GatewayResponsesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: {error} See {directory / 'emulator.log'}", file=sys.stderr)
        return 1
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # Ignore further signals: a second Ctrl-C would interrupt the clean-up after the first.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _sole_user_of(directory: Path) -> Iterator[None]:
    """Lock the directory, so that a second local cloud cannot overwrite the first one's build, logs and session."""
    with (directory / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmulatorError(f"a local cloud already runs in {directory}: stop it first with Ctrl-C.") from None
        yield


def _say(line: str) -> None:
    print(line, flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Run the whole product on this machine until Ctrl-C."
    )
    parser.add_argument(
        "--port", type=options.port, default=4566, help="TCP port of the local cloud, 1 to 65535 (default: 4566)"
    )
    parser.add_argument(
        "--page-port", type=options.port, default=8000, help="TCP port of the page, 1 to 65535 (default: 8000)"
    )
    parser.add_argument(
        "--origins",
        type=origins.parse,
        default=origins.DEVELOPMENT,
        help="origins of your own app that the API allows besides the page's, separated by commas "
        f"(default: {','.join(origins.DEVELOPMENT)})",
    )
    options.add_directory(parser)
    return parser.parse_args(arguments)
