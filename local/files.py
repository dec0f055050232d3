"""Writes files that hold secrets, such as a user's access token."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read and write, in one step, so that nobody reads half of it.

    An older file is replaced and not written to: others may be able to read it, or it may be a link to another
    user's file.

    Parameters
    ----------
    path : Path
        The file. Its directory must exist. While the file is written, its name ends in `.new`.
    text : str
        The content, which is written in UTF-8.

    Raises
    ------
    OSError
        The file cannot be written, for example because `path` is a directory.
    """
    # A name of its own for each writer, since two commands may write one file at once
    descriptor, new = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(new).replace(path)
    except BaseException:
        Path(new).unlink()
        raise
