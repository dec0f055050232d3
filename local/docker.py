"""Asks Docker what `sam local` needs to know: whether the engine runs, its bridge, the base image."""

import subprocess

import ifaddr

BRIDGE = "docker0"  # the interface of Docker's default network, to which `sam local` attaches its containers
_BASE_IMAGE = "public.ecr.aws/lambda/python:3.13-{architecture}"


class EngineError(Exception):
    """Docker's engine is missing or does not respond; the message is for the developer."""


def bridge_address(interface: str = BRIDGE) -> str | None:
    """Return the IPv4 address at which containers reach this machine, or None if the interface does not exist.

    Docker Desktop has no such interface; its containers reach servers that listen on 127.0.0.1.
    """
    for adapter in ifaddr.get_adapters():
        if adapter.name == interface:
            return next((str(each.ip) for each in adapter.ips if each.is_IPv4), None)
    return None


def require() -> None:
    """Raise EngineError if Docker is not installed or its engine does not respond."""
    try:
        _docker("version")
    except FileNotFoundError:
        raise EngineError(
            "`sam local` needs Docker, which is not installed: see https://docs.docker.com/engine/install/."
        ) from None
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(f"`sam local` needs Docker's engine, which does not respond: {reason}") from None


def has_unpulled_base_image(architecture: str) -> bool:
    """Return whether Docker has Lambda's base image without a registry's digest. SAM need not pull such an image.

    Parameters
    ----------
    architecture : str
        x86_64 or arm64.
    """
    try:
        digests = _docker(
            "image", "inspect", "--format", "{{len .RepoDigests}}", _BASE_IMAGE.format(architecture=architecture)
        )
    except subprocess.CalledProcessError:
        return False  # the image is not there yet, so SAM has to pull it
    return digests.strip() == "0"


def _docker(*arguments: str) -> str:
    finished = subprocess.run(
        ["docker", *arguments], capture_output=True, check=True, encoding="utf-8", errors="replace"
    )
    return finished.stdout
