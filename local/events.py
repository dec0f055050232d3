"""Fills the placeholders of the sample events in `events/` with a user's token and device key."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.files import write_private

_ACCESS_TOKEN = "ACCESS_TOKEN"  # noqa: S105 - the placeholder
_DEVICE_KEY = "us-east-1_DEVICE_KEY"


class EventError(Exception):
    """The file of an event cannot be read; the message is for the developer."""


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """A signed-in user, as far as events need one."""

    access_token: str
    device_key: str


def filled(text: str, user: User) -> str:
    """Return an event's JSON text with the user's access token and device key in place of the placeholders."""
    for placeholder, value in ((_ACCESS_TOKEN, user.access_token), (_DEVICE_KEY, user.device_key)):
        text = text.replace(placeholder, json.dumps(value)[1:-1])
    return text


def ready(event: Path, user: Callable[[], User], directory: Path) -> Path:
    """Return the path of an event without placeholders: the event itself, or a filled copy.

    Parameters
    ----------
    event : Path
        File with an event in JSON.
    user : callable
        Returns the user; called only if the event has a placeholder.
    directory : Path
        For the copy, which only its owner can read, because it contains an access token.

    Raises
    ------
    EventError
        The file cannot be read or is not JSON.
    """
    try:
        text = event.read_text(encoding="utf-8")
        json.loads(text)
    except OSError as error:
        raise EventError(
            f"{event} cannot be read ({error.strerror}): choose another event, such as EVENT=events/get_device.json."
        ) from None
    except ValueError as error:
        raise EventError(f"{event} is not JSON: {error}.") from None
    if _ACCESS_TOKEN not in text and _DEVICE_KEY not in text:
        return event
    text = filled(text, user())
    directory.mkdir(parents=True, exist_ok=True)
    copy = directory / event.name
    write_private(copy, text)
    return copy
