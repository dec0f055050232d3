"""What `make invoke` and `make start-api` run: `sam local`, with the local cloud or Amazon Cognito behind the function.

    python -m local.sam_local invoke events/get_device.json
    python -m local.sam_local start-api --port 3000

The command is printed before it takes this process over, so that it can be learned, repeated and changed.
"""

import argparse
import os
import shlex
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from local import docker, events, options, sam_cli, session
from local.build import build, is_current, template_in
from local.cognito.upstream import claims_of
from local.server import EmulatorError, refuse_taken_port

_FUNCTION = "DevicesFunction"
_THIS_MACHINE = "host.docker.internal"  # as the container calls it


class SamLocalError(Exception):
    """The function cannot be run as asked; the text is a sentence for the developer."""


def main(arguments: list[str] | None = None) -> int:
    """Become `sam local`; return an exit code only where that cannot be."""
    asked = _options(arguments)
    try:
        sam_cli.require_tools()
        docker.require()
        command = _command(asked)
    except (SamLocalError, EmulatorError, docker.EngineError, events.EventError, sam_cli.SamCliError) as error:
        _say(f"error: {error}")
        return 1
    _say(shlex.join(command))
    return os.execvp(command[0], command)  # noqa: S606 - from here on, Ctrl-C and the exit code are the SAM CLI's own


def _command(asked: argparse.Namespace) -> list[str]:
    directory: Path = asked.directory
    directory.mkdir(parents=True, exist_ok=True)
    parameters = [f"Architecture={sam_cli.architecture()}"]
    local_cloud = None
    if asked.cognito == "local":
        local_cloud = _running_local_cloud(directory)
        parameters.append(f"CognitoEndpoint=http://{_THIS_MACHINE}:{_port_of(local_cloud)}")
    if asked.command == "invoke":
        event = events.ready(asked.event, lambda: _user_of(local_cloud), directory / "events")
        what = ["invoke", _FUNCTION, "--event", str(event)]
    else:
        refuse_taken_port("127.0.0.1", asked.port)
        what = ["start-api", "--port", str(asked.port), "--warm-containers", "EAGER"]
    if not is_current(directory):
        _say(f"building the template with the SAM CLI (log: {directory / 'build.log'})")
        build(directory)
    sam = sam_cli.executable().removeprefix(f"{Path.cwd()}/")  # shorter to read
    command = [sam, "local", *what, "--template-file", str(template_in(directory))]
    command += ["--parameter-overrides", *parameters]
    command += ["--add-host", f"{_THIS_MACHINE}:host-gateway"]
    if docker.has_unpulled_base_image(sam_cli.architecture()):
        command.append("--skip-pull-image")
    return command


def _running_local_cloud(directory: Path) -> session.Session:
    facts = session.read(directory)
    if facts is None or not _answers("127.0.0.1", _port_of(facts)):
        raise SamLocalError(
            "the local cloud does not run: start it with `make run` in another shell, and wait until it is ready, "
            "or say COGNITO=aws for Amazon Cognito."
        )
    bridge = docker.bridge_address()
    if bridge and not _answers(bridge, _port_of(facts)):
        raise SamLocalError(
            f"the local cloud was started before Docker, and does not listen on {bridge}, where containers reach this "
            "machine: restart `make run`."
        )
    return facts


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def _port_of(facts: session.Session) -> int:
    port = urlsplit(facts["cognito_endpoint"]).port
    assert port  # noqa: S101 - this project wrote the address; for the type checker
    return port


def _user_of(local_cloud: session.Session | None) -> events.User:
    if local_cloud is None:
        return _user_of_amazon_cognito()
    token = local_cloud["access_token"]
    if claims_of(token)["exp"] <= time.time():
        raise SamLocalError("the demo user's token has expired: restart `make run`.")
    return events.User(token, local_cloud["device_keys"][0])


def _user_of_amazon_cognito() -> events.User:
    token = os.environ.get("ACCESS_TOKEN")
    if not token:
        raise SamLocalError(
            "COGNITO=aws needs a user's token: set ACCESS_TOKEN, and DEVICE_KEY for another device than the current."
        )
    return events.User(token, os.environ.get("DEVICE_KEY") or "current")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # standard output is for the function's answer


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.sam_local", description="Run the function in a container.")
    options.add_directory(parser)
    parser.add_argument("--cognito", choices=["local", "aws"], default="local", help="what is behind the function")
    commands = parser.add_subparsers(dest="command", required=True)
    invoke = commands.add_parser("invoke", help="invoke the function once")
    invoke.add_argument("event", type=Path, help="file with an API Gateway event")
    start_api = commands.add_parser("start-api", help="serve the API")
    start_api.add_argument("--port", type=options.port, default=3000, help="1 to 65535 (default: 3000)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
