"""`session.json`: the facts that a client of a running local cloud needs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from local.files import write_private


class Session(TypedDict):
    """The content of `session.json`; `device_keys` are those of the remembered devices, the current one first."""

    page_url: str
    api_url: str
    cognito_endpoint: str
    region: str
    user_pool_id: str
    user_pool_client_id: str
    username: str
    password: str
    access_token: str
    device_keys: list[str]


def page_config(session: Session) -> dict[str, str]:
    """Return the facts that the page needs, named as in `spa/page/config.example.json`."""
    return {
        "apiUrl": session["api_url"],
        "userPoolId": session["user_pool_id"],
        "userPoolClientId": session["user_pool_client_id"],
        "cognitoEndpoint": session["cognito_endpoint"],
    }


@contextmanager
def published(session: Session, directory: Path) -> Iterator[Path]:
    """Write `session.json` into a directory and yield its path; remove the file when the block ends."""
    path = _path_in(directory)
    write_private(path, json.dumps(session, indent=2) + "\n")
    try:
        yield path
    finally:
        withdraw(directory)


def withdraw(directory: Path) -> None:
    """Remove `session.json`; a local cloud that was killed leaves it behind."""
    _path_in(directory).unlink(missing_ok=True)


def read(directory: Path) -> Session | None:
    """Return the session of the local cloud that runs in `directory`, or None if no file there holds a session."""
    path = _path_in(directory)
    try:
        if not path.is_file():  # opening a named pipe would wait for a writer
            return None
        session: Session = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    complete = isinstance(session, dict) and session.keys() >= Session.__required_keys__
    return session if complete else None


def _path_in(directory: Path) -> Path:
    return directory / "session.json"
