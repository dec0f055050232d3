"""An ASGI server that runs in a thread of this process while a block runs."""

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
    """The emulator cannot start; the message tells the developer why and what to do."""


def refuse_taken_port(host: str, port: int, variable: str = "PORT") -> None:
    """Raise EmulatorError if this process cannot listen on a port.

    Parameters
    ----------
    host : str
        An IPv4 address of this machine.
    port : int
        TCP port, 1 to 65535.
    variable : str
        The variable of `make` with which the developer chooses another port.
    """
    with socket.socket() as probe:
        # As the server does: otherwise a port stays taken for a minute after its last connection.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: {variable}={port + 1}"
            raise EmulatorError(message) from error


@contextlib.contextmanager
def serving(app: App, hosts: Sequence[str], port: int, log_path: Path) -> Iterator[None]:
    """Serve `app` while the block runs; the server accepts connections when the block starts.

    Parameters
    ----------
    app : ASGI app
        It gets lifespan events too.
    hosts : sequence of str
        IPv4 addresses of this machine to listen on.
    port : int
        TCP port to listen on at each address.
    log_path : Path
        The log that an error message names.

    Raises
    ------
    EmulatorError
        The server did not start.
    """
    stop = threading.Event()
    failures: list[Exception] = []
    server = threading.Thread(target=_serve, args=(app, hosts, port, stop, failures), name="emulator")
    server.start()
    try:
        if not _accepts(server, hosts[-1], port):
            raise EmulatorError(f"The emulator did not start: {failures[0]!r}. Its log: {log_path}")
        yield
    finally:
        stop.set()
        server.join()


def _serve(app: App, hosts: Sequence[str], port: int, stop: threading.Event, failures: list[Exception]) -> None:
    # hypercorn comes with MiniStack, so other environments that import this module lack it.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415

    config = Config()
    config.bind = [f"{host}:{port}" for host in hosts]
    config.errorlog = logging.getLogger("hypercorn.error")
    config.keep_alive_timeout = 75

    async def stopped() -> None:
        while not stop.is_set():  # noqa: ASYNC110 - another thread cannot set an asyncio.Event
            await asyncio.sleep(_POLL_SECONDS)

    try:
        asyncio.run(serve(app, config, shutdown_trigger=stopped))
    except Exception as failure:
        logging.getLogger(__name__).exception("The emulator stopped")
        failures.append(failure)


def _accepts(server: threading.Thread, host: str, port: int) -> bool:
    # The loop ends in any case: hypercorn gives the lifespan's startup 60 seconds, then the thread ends.
    while server.is_alive():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(_POLL_SECONDS)
    return False
