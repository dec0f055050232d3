"""What not every machine has: tests that need it are skipped without it, unless the environment requires it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def skipping(error: type[Exception], variable: str) -> Iterator[None]:
    """Skip the test if the block raises `error`, unless the environment variable is `required`."""
    try:
        yield
    except error as missing:
        if os.environ.get(variable) == "required":
            raise
        pytest.skip(str(missing))
