"""Runs the emulated AWS in this process: MiniStack with device tracking and access control.

    python -m local.emulator --port 4566 --log .local/emulator.log

runs it until SIGINT or SIGTERM.
"""

import argparse
import contextlib
import logging
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from local import ministack, options
from local.cognito.store import DeviceStore
from local.hosts import THIS_MACHINE
from local.log_format import PrintableFormatter
from local.server import EmulatorError, refuse_taken_port, serving


@contextlib.contextmanager
def running(port: int, log_path: Path, devices: DeviceStore, further_host: str | None = None) -> Iterator[str]:
    """Run the emulator while the block runs, and yield its endpoint URL.

    Call it once in a process: MiniStack keeps its settings and its state in its modules, and the environment and the
    root logger are changed for it.

    Parameters
    ----------
    port : int
        TCP port to listen on.
    log_path : Path
        The file that the server's and MiniStack's logs are appended to.
    devices : DeviceStore
        Keeps the users' devices.
    further_host : str, optional
        An IPv4 address to listen on besides 127.0.0.1; `local.access` limits what it serves there.

    Raises
    ------
    EmulatorError
        The port is taken, or the server did not start.
    """
    hosts = [THIS_MACHINE, *([further_host] if further_host else [])]
    for host in hosts:
        refuse_taken_port(host, port)
    with tempfile.TemporaryDirectory(prefix="emulator-") as state, _logging_to(log_path):
        ministack.configure(port, state)
        app, end_lambda_workers = ministack.load(devices)
        try:
            with serving(app, hosts, port, log_path):
                yield f"http://{THIS_MACHINE}:{port}"
        finally:
            end_lambda_workers()  # MiniStack's own shutdown leaves them running


@contextlib.contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def main() -> int:
    """Run the emulator in the foreground, and print its URL once it accepts connections."""
    parser = argparse.ArgumentParser(
        prog="python -m local.emulator", description="Run the emulated AWS until Ctrl-C or SIGTERM."
    )
    parser.add_argument("--port", type=options.port, required=True, help="TCP port to listen on, 1 to 65535")
    parser.add_argument("--log", type=Path, required=True, metavar="FILE", help="file to append the logs to")
    asked = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with running(asked.port, asked.log, DeviceStore()) as url:
            print(url, flush=True)
            stop.wait()
    except EmulatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
