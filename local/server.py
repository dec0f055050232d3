"""An ASGI server in a thread of this process, for as long as a block runs."""

import asyncio
import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from local.asgi import App

_POLL_SECONDS = 0.05


class EmulatorError(Exception):
    """The emulator cannot be started; the message says why and what to do."""


def refuse_taken_port(host: str, port: int, variable: str = "PORT") -> None:
    """Raise EmulatorError where the port cannot be listened on, before anything starts.

    `variable` is what the developer sets for another port.
    """
    with socket.socket() as probe:
        # As the server itself does: connections that have just ended do not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: {variable}={port + 1}"
            raise EmulatorError(message) from error


@contextlib.contextmanager
def serving(app: App, hosts: Sequence[str], port: int, log_path: Path) -> Iterator[None]:
    """Serve `app`, lifespan included, on a port of some addresses; it answers when the block is entered.

    Raises
    ------
    EmulatorError
        The server did not start; the message names `log_path`.
    """
    stop = threading.Event()
    failures: list[Exception] = []
    server = threading.Thread(target=_serve, args=(app, hosts, port, stop, failures), name="emulator")
    server.start()
    try:
        if not _answers(server, hosts[-1], port):
            raise EmulatorError(f"The emulator did not start: {failures[0]!r}. Its log: {log_path}")
        yield
    finally:
        stop.set()
        server.join()


def _serve(app: App, hosts: Sequence[str], port: int, stop: threading.Event, failures: list[Exception]) -> None:
    # hypercorn comes with MiniStack, and only the process that runs the emulator has it.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415

    config = Config()
    config.bind = [f"{host}:{port}" for host in hosts]
    config.errorlog = logging.getLogger("hypercorn.error")
    config.keep_alive_timeout = 75

    async def stopped() -> None:
        while not stop.is_set():  # noqa: ASYNC110 - an asyncio.Event cannot be set from another thread
            await asyncio.sleep(_POLL_SECONDS)

    try:
        asyncio.run(serve(app, config, shutdown_trigger=stopped))
    except Exception as failure:
        logging.getLogger(__name__).exception("The emulator stopped")
        failures.append(failure)


def _answers(server: threading.Thread, host: str, port: int) -> bool:
    # Either the server answers or its thread ends: hypercorn gives the lifespan's startup 60 seconds.
    while server.is_alive():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(_POLL_SECONDS)
    return False
