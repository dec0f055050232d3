"""The SAM CLI, as `make` installs it, and what it needs to build for this machine."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class SamCliError(Exception):
    """The SAM CLI cannot do its work; the text is a sentence for the developer."""


def executable() -> str:
    """Return the path of the SAM CLI."""
    return os.environ.get("SAM", str(PROJECT / ".tools/sam/bin/sam"))


def architecture() -> str:
    """Return this machine's processor as Lambda calls it: x86_64 or arm64.

    Raises
    ------
    SamCliError
        If Lambda has no such processor.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise SamCliError(f"Lambda knows no {machine} processor: the local cloud runs on x86_64 and arm64.")
    return _ARCHITECTURES[machine]


def require_tools() -> None:
    """Raise SamCliError if a tool that building or deploying calls is missing."""
    for tool in ("make", executable(), uv()):
        if shutil.which(tool) is None:
            raise SamCliError(f"{tool} is missing: run this through `make`, which installs what it needs.")


def run(*arguments: str, log: Path, **settings: str) -> None:
    """Run the SAM CLI, with the environment variables `settings` and its output in the file `log`.

    Raises
    ------
    SamCliError
        If it fails; the text names the log.
    """
    # The developer's own AWS settings must neither break the local cloud nor be used by it.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SAM_", "MAKE"))}
    own = {
        "ARCHITECTURE": architecture(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "LAMBDA_PYTHON": sys.executable,  # this project's environments all have the function's version
        "SAM_CLI_TELEMETRY": "0",
        "UV": uv(),
    }
    with log.open("w") as output:
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
        If it fails, or there are no wheels for this machine.
    """
    run("build", "--build-dir", str(folder), "--parameter-overrides", f"Architecture={architecture()}", log=log)


def uv() -> str:
    """Return the path of uv."""
    return os.environ.get("UV", str(PROJECT / ".tools/bin/uv"))
