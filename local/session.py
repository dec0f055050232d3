"""`session.json`: what whoever calls a running local cloud needs to know."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict


class Session(TypedDict):
    """What `session.json` says; `device_keys` are those of the remembered devices, the current one first."""

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


@contextmanager
def published(session: Session, directory: Path) -> Iterator[Path]:
    """Write `session.json` into a directory for as long as what it says is true; yield its path."""
    path = _path_in(directory)
    whole = path.with_suffix(".new")  # nobody reads half a file
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(session, indent=2) + "\n")
    whole.replace(path)
    try:
        yield path
    finally:
        withdraw(directory)


def withdraw(directory: Path) -> None:
    """Remove `session.json`; a local cloud that was killed leaves it behind."""
    _path_in(directory).unlink(missing_ok=True)


def read(directory: Path) -> Session | None:
    """Return the session of the local cloud that works in a directory; None where none runs."""
    try:
        session: Session = json.loads(_path_in(directory).read_text())
    except FileNotFoundError:
        return None
    return session


def _path_in(directory: Path) -> Path:
    return directory / "session.json"
