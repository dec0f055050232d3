"""What a browser may send: the methods of each resource, device keys, the query of a list, the body of a change."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

# The resources as template.yaml names them, with the methods of each.
DEVICES_PATH, DEVICE_PATH = "/devices", "/devices/{deviceKey}"
METHODS = {DEVICES_PATH: "GET, OPTIONS", DEVICE_PATH: "DELETE, GET, OPTIONS, PATCH"}

# Stands for the key of the device that the access token was issued to.
CURRENT = "current"
# Looser than the pattern in the API reference, which AWS's own example keys do not match. Cognito decides whether a
# key exists.
DEVICE_KEY_PATTERN = "[A-Za-z0-9_-]+_[A-Za-z0-9_-]+"
MAX_DEVICE_KEY_LENGTH = 55
MAX_LIMIT = 60


def is_device_key(text: str) -> bool:
    """Return whether `text` has the form of a device key."""
    return len(text) <= MAX_DEVICE_KEY_LENGTH and re.fullmatch(DEVICE_KEY_PATTERN, text) is not None


type Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
type NextToken = Annotated[str, Field(pattern=r"^\S+$")]


def _decimal(text: object) -> int | None:
    # int() would accept the digits of other scripts.
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else None


class ListQuery(BaseModel):
    """The query of a list request. Ignores parameters that it does not name.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html

    Attributes
    ----------
    limit : int or None
        The most devices to list, 1 to 60; None for Cognito's default.
    next_token : str or None
        The `nextToken` of the list page before; None for the first one.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, hide_input_in_errors=True)

    limit: Annotated[Limit, BeforeValidator(_decimal)] | None = None
    next_token: NextToken | None = None


class StatusChange(BaseModel):
    """The body of a PATCH request: `remembered` and nothing else. If the key repeats, the last one wins."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    remembered: bool = Field(description="Whether Cognito remembers the device.")

    @property
    def remembered_status(self) -> str:
        """Cognito's DeviceRememberedStatus."""
        return "remembered" if self.remembered else "not_remembered"
