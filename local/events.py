"""The sample events of `events/`: their placeholders, and what takes the place of these."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_ACCESS_TOKEN = "ACCESS_TOKEN"  # noqa: S105 - the placeholder
_DEVICE_KEY = "us-east-1_DEVICE_KEY"


class EventError(Exception):
    """A file holds no event; the text is a sentence for the developer."""


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """What a signed-in user brings to an event."""

    access_token: str
    device_key: str


def filled(text: str, user: User) -> str:
    """Return an event's JSON text with a user's access token and device key in it."""
    for placeholder, value in ((_ACCESS_TOKEN, user.access_token), (_DEVICE_KEY, user.device_key)):
        text = text.replace(placeholder, json.dumps(value)[1:-1])
    return text


def ready(event: Path, user: Callable[[], User], directory: Path) -> Path:
    """Return a file with the event, ready to be sent: itself, or a copy with its placeholders filled.

    Parameters
    ----------
    event : Path
        File with an event in JSON.
    user : callable
        Asked for a user only if the event has a placeholder.
    directory : Path
        Where the copy goes, readable for its owner only, because it holds an access token.

    Raises
    ------
    EventError
        The file cannot be read or is no JSON.
    """
    try:
        text = event.read_text(encoding="utf-8")
        json.loads(text)
    except OSError as error:
        raise EventError(
            f"{event} cannot be read ({error.strerror}): choose another, as in EVENT=events/get_device.json."
        ) from None
    except ValueError as error:
        raise EventError(f"{event} is no JSON: {error}.") from None
    if _ACCESS_TOKEN not in text and _DEVICE_KEY not in text:
        return event
    text = filled(text, user())
    directory.mkdir(parents=True, exist_ok=True)
    copy = directory / event.name
    copy.touch(mode=0o600)
    copy.write_text(text, encoding="utf-8")
    return copy
