"""The commands behind `make invoke` and `make start-api`: `sam local` with the local cloud or Amazon Cognito.

    python -m local.sam_local invoke events/get_device.json
    python -m local.sam_local start-api --port 3000

They print the `sam local` command and then replace this process with it, so that developers can repeat and change it.
"""

import argparse
import os
import shlex
import sys
from pathlib import Path

from local import build, docker, events, options, sam_backend, sam_cli
from local.folder import usable
from local.hosts import OF_CONTAINERS, THIS_MACHINE
from local.proxies import loopback_exceptions
from local.server import EmulatorError, refuse_taken_port

_FUNCTION = "DevicesFunction"


def main(arguments: list[str] | None = None) -> int:
    """Replace this process with `sam local`; return an exit code only if that is not possible."""
    asked = _options(arguments)
    try:
        sam_cli.require_tools()
        docker.require()
        with usable(asked.directory):
            command = _command(asked)
    except (
        sam_backend.SamLocalError,
        EmulatorError,
        docker.EngineError,
        events.EventError,
        sam_cli.SamCliError,
    ) as error:
        _say(f"error: {error}")
        return 1
    _say(shlex.join(command))
    # The SAM CLI calls its containers over HTTP on this machine. It also asks the EC2 metadata service for credentials,
    # which the function does not need, and stops if a proxy fails this request.
    os.environ.update(loopback_exceptions(), AWS_EC2_METADATA_DISABLED="true")
    return os.execvp(command[0], command)  # noqa: S606 - so that Ctrl-C and the exit code are the SAM CLI's own


def _command(asked: argparse.Namespace) -> list[str]:
    directory: Path = asked.directory
    parameters = [f"Architecture={sam_cli.architecture()}"]
    local_cloud = None
    if asked.cognito == "local":
        local_cloud = sam_backend.running_local_cloud(directory)
        parameters.append(f"CognitoEndpoint=http://{OF_CONTAINERS}:{sam_backend.port_of(local_cloud)}")
    if asked.command == "invoke":
        event = events.ready(asked.event, lambda: sam_backend.user_of(local_cloud), directory / "events")
        what = ["invoke", _FUNCTION, "--event", str(event)]
    else:
        refuse_taken_port(THIS_MACHINE, asked.port)
        what = ["start-api", "--port", str(asked.port), "--warm-containers", "EAGER"]
    build.update(directory, _say)
    sam = sam_cli.executable().removeprefix(f"{Path.cwd()}/")  # relative, to keep the printed command short
    command = [sam, "local", *what, "--template-file", str(build.template_in(directory))]
    command += ["--parameter-overrides", *parameters]
    command += ["--add-host", f"{OF_CONTAINERS}:host-gateway"]
    if docker.has_unpulled_base_image(sam_cli.architecture()):
        command.append("--skip-pull-image")
    return command


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # standard output is for the function's response


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.sam_local", description="Run the function in a container.")
    options.add_directory(parser)
    parser.add_argument(
        "--cognito",
        choices=["local", "aws"],
        default="local",
        help="what the function calls: the Cognito of the local cloud, or Amazon Cognito (default: local)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    invoke = commands.add_parser("invoke", help="invoke the function once")
    invoke.add_argument("event", type=Path, help="JSON file with an API Gateway event")
    start_api = commands.add_parser("start-api", help="serve the API until Ctrl-C")
    start_api.add_argument(
        "--port", type=options.port, default=3000, help="TCP port of the API, 1 to 65535 (default: 3000)"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
