"""Finds the local cloud and the user for `sam local`: those of `make run`, or a user of Amazon Cognito."""

import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from local import docker, events, session
from local.cognito.upstream import claims_of
from local.hosts import THIS_MACHINE


class SamLocalError(Exception):
    """The local cloud or the user is missing; the message is for the developer."""


def running_local_cloud(directory: Path) -> session.Session:
    """Return the session of the local cloud that uses a directory.

    Raises
    ------
    SamLocalError
        No local cloud runs, or containers cannot reach it.
    """
    facts = session.read(directory)
    if facts is None or not _accepts(THIS_MACHINE, port_of(facts)):
        raise SamLocalError(
            "the local cloud does not run: start it with `make run` in another shell and wait until it is ready, "
            "or choose Amazon Cognito with COGNITO=aws."
        )
    bridge = docker.bridge_address()
    if bridge and not _accepts(bridge, port_of(facts)):
        raise SamLocalError(
            f"the local cloud was started before Docker, so it does not listen on {bridge}, where containers reach "
            "this machine: restart `make run`."
        )
    return facts


def port_of(facts: session.Session) -> int:
    """Return the TCP port of the local cloud."""
    port = urlsplit(facts["cognito_endpoint"]).port
    assert port  # noqa: S101 - for the type checker: this project wrote the URL, with its port
    return port


def user_of(local_cloud: session.Session | None) -> events.User:
    """Return the demo user of the local cloud, or without one the user of ACCESS_TOKEN and DEVICE_KEY.

    Raises
    ------
    SamLocalError
        The demo user's token has expired, or the environment variable ACCESS_TOKEN is not set.
    """
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
            "COGNITO=aws needs a user's token: set ACCESS_TOKEN, and DEVICE_KEY if you mean another device than the "
            "current one."
        )
    return events.User(token, os.environ.get("DEVICE_KEY") or "current")


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True
