"""`make run`: the whole product on this machine, in the foreground.

Starts the local cloud, builds and deploys this repo's template into it, signs the demo user in on a few devices and
says how to call the API. Ends, with everything that it started, on Ctrl-C or SIGTERM.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local import demo, gateway_responses
from local.deployment import REGION, STACK_NAME, STAGE_NAME, DeploymentError, build, client, deploy
from local.emulator import EmulatorError, running


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _options(arguments)
    stop = threading.Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            return
        stop.set()
        raise KeyboardInterrupt

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, interrupt)
    directory: Path = options.directory
    directory.mkdir(parents=True, exist_ok=True)
    session = directory / "session.json"
    session.unlink(missing_ok=True)
    try:
        _serve(options.port, directory, session, stop)
    except KeyboardInterrupt:
        _say("stopped")
        return 0
    except (EmulatorError, DeploymentError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: {error}; see {directory / 'emulator.log'}", file=sys.stderr)
        return 1
    finally:
        session.unlink(missing_ok=True)
    return 0


def _serve(port: int, directory: Path, session: Path, stop: threading.Event) -> None:
    _say(f"starting the local cloud on port {port} (log: {directory / 'emulator.log'})")
    with running(port, directory / "emulator.log") as endpoint:
        _say("sam build")
        build(directory)
        _say("sam deploy")
        outputs = deploy(endpoint, directory)
        gateway_responses.apply(
            client("apigateway", endpoint), client("cloudformation", endpoint), STACK_NAME, STAGE_NAME
        )
        _say("signing the demo user in on a few devices")
        facts = _sign_in(endpoint, outputs)
        session.write_text(json.dumps(facts, indent=2) + "\n")
        session.chmod(0o600)
        print(_ready(facts, session), flush=True)
        stop.wait()


def _sign_in(endpoint: str, outputs: dict[str, str]) -> dict[str, object]:
    pool_id, client_id = outputs["UserPoolId"], outputs["UserPoolClientId"]
    demo.create_user(endpoint, pool_id)
    signed_in = demo.sign_in_devices(endpoint, pool_id, client_id)
    api_id = outputs["ApiUrl"].removeprefix("https://").partition(".")[0]
    return {
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


def _ready(facts: dict[str, object], session: Path) -> str:
    keys = facts["device_keys"]
    assert isinstance(keys, list)
    return f"""
ready

  API          {facts["api_url"]}
  user         {facts["username"]}
  password     {facts["password"]}
  all of it    {session}

Ask for the device that the demo user signed in with last:

curl -s -H "Authorization: Bearer {facts["access_token"]}" \\
  {facts["api_url"]}/devices/{keys[0]}

The token is valid for an hour. Ctrl-C stops everything.
"""


def _say(line: str) -> None:
    print(line, flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description="Run the whole product on this machine.")
    parser.add_argument("--port", type=_port, default=4566, help="port of the local cloud, 1 to 65535 (default: 4566)")
    parser.add_argument("--directory", type=Path, default=Path(".local"), help="for session.json, logs and the build")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is no port number: give 1 to 65535, as in `make run PORT=4567`")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
