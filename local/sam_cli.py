"""Runs the SAM CLI that `make` installs, with the settings that it needs to build for this machine."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class SamCliError(Exception):
    """The SAM CLI failed or is missing; the message is for the developer."""


def executable() -> str:
    """Return the path of the SAM CLI: the variable SAM, which `make` sets, or the path that `make` installs it to."""
    return os.environ.get("SAM", str(PROJECT / ".tools/sam/bin/sam"))


def architecture() -> str:
    """Return Lambda's name for this machine's architecture: x86_64 or arm64.

    Raises
    ------
    SamCliError
        Lambda does not offer this architecture.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise SamCliError(f"Lambda has no {machine} processors: the local cloud runs on x86_64 and arm64.")
    return _ARCHITECTURES[machine]


def require_tools() -> None:
    """Raise SamCliError if a tool is missing that the SAM CLI or this module calls."""
    for tool in ("make", executable(), uv()):
        if shutil.which(tool) is None:
            raise SamCliError(f"{tool} is missing: run this through `make`, which installs what it needs.")


def run(*arguments: str, log: Path, **settings: str) -> None:
    """Run the SAM CLI.

    Parameters
    ----------
    *arguments : str
        Its command and options.
    log : Path
        The file for its output.
    **settings : str
        Further environment variables.

    Raises
    ------
    SamCliError
        It failed; the message names the log.
    """
    # Leave out the developer's AWS settings, so that nothing is deployed into the developer's account.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SAM_", "MAKE"))}
    own = {
        "ARCHITECTURE": architecture(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "LAMBDA_PYTHON": sys.executable,  # all of this project's environments have the function's version of Python
        "SAM_CLI_POLL_DELAY": "0.1",  # seconds; its 5 are for CloudFormation, which takes minutes
        "SAM_CLI_TELEMETRY": "0",
        "UV": uv(),
    }
    with log.open("wb") as output:
        finished = subprocess.run(
            [executable(), *arguments],
            cwd=PROJECT,
            env=inherited | own | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if finished.returncode:
        raise SamCliError(f"sam {arguments[0]} failed with exit code {finished.returncode}: see {log}")


def build(folder: Path, log: Path) -> None:
    """Run `sam build` for this machine's architecture, into a folder.

    Raises
    ------
    SamCliError
        The build failed, for example because this machine's architecture has no wheels.
    """
    run("build", "--build-dir", str(folder), "--parameter-overrides", f"Architecture={architecture()}", log=log)


def uv() -> str:
    """Return the path of uv: the variable UV, which `make` sets, or the path that `make` installs it to."""
    return os.environ.get("UV", str(PROJECT / ".tools/bin/uv"))
