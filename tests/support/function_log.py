"""The log of a function under the runtime interface emulator, which forwards each line with a delay."""

import time
from pathlib import Path

# Each request has one line with this text.
ANSWERED = '"message":"answered"'


def answered(log: Path, requests: int, start: int = 0) -> str:
    """Return the log from the character `start` on, once it has the lines of so many requests."""
    for _ in range(500):
        text = log.read_text()[start:]
        if text.rpartition("\n")[0].count(ANSWERED) >= requests:
            return text
        time.sleep(0.01)
    raise AssertionError(f"a response was not logged: {text}")
