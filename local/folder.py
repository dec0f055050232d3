"""The folder in which a local cloud keeps its files."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.server import EmulatorError


@contextmanager
def usable(directory: Path) -> Iterator[None]:
    """Make the folder. While the block runs, report that the folder or a file in it cannot be used.

    Raises
    ------
    EmulatorError
        A path has the wrong kind or belongs to another user, or the disk is full.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        path = Path(error.filename or directory)
        full, folder = path.absolute(), directory.absolute()  # tempfile makes a relative path absolute
        related = full.is_relative_to(folder) or folder.is_relative_to(full)
        if not related or (error.filename is None and error.errno != errno.ENOSPC):
            raise
        raise EmulatorError(
            f"{path} cannot be used ({error.strerror}): {directory} must be a folder that you can write to."
        ) from error
