"""Docker's engine, in which `sam local` runs the function."""

import subprocess

import ifaddr

BRIDGE = "docker0"  # Docker's default network, which `sam local` puts its containers on
_BASE_IMAGE = "public.ecr.aws/lambda/python:3.13-{architecture}"


class EngineError(Exception):
    """There is no engine that can be used; the text is a sentence for the developer."""


def bridge_address(interface: str = BRIDGE) -> str | None:
    """Return the IPv4 address at which containers reach this machine; None where the interface does not exist.

    Docker Desktop has no such interface: its containers reach what listens on 127.0.0.1.
    """
    for adapter in ifaddr.get_adapters():
        if adapter.name == interface:
            return next((str(each.ip) for each in adapter.ips if each.is_IPv4), None)
    return None


def require() -> None:
    """Raise EngineError if there is no Docker engine that answers."""
    try:
        _docker("version")
    except FileNotFoundError:
        raise EngineError(
            "`sam local` needs Docker, which is not installed: see https://docs.docker.com/engine/install/."
        ) from None
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(f"`sam local` needs Docker's engine, which does not answer: {reason}") from None


def has_unpulled_base_image(architecture: str) -> bool:
    """Return whether Lambda's base image was loaded by hand, so that no registry needs to be asked for it."""
    try:
        digests = _docker(
            "image", "inspect", "--format", "{{len .RepoDigests}}", _BASE_IMAGE.format(architecture=architecture)
        )
    except subprocess.CalledProcessError:
        return False  # there is none yet: SAM pulls it
    return digests.strip() == "0"


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, check=True, text=True).stdout
