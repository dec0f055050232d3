"""Writes files that hold secrets, such as a user's access token."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read and write, in one step, so that nobody reads half of it.

    An older file is replaced and not written to: others may be able to read it, or it may be a link to another
    user's file.

    Parameters
    ----------
    path : Path
        The file. Its directory must exist. While the file is written, it has the suffix `.new` after its name.
    text : str
        The content, which is written in UTF-8.

    Raises
    ------
    OSError
        The file cannot be written, for example because `path` is a directory.
    """
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)  # a process that was killed leaves it behind
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
