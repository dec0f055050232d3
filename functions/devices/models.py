"""What Cognito returns, and what the page gets: two models, so that nothing is shown by accident."""

import ipaddress
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel, to_pascal

from devices.settings import LastIpVisibility

MAX_NAME_LENGTH = 256

# Explicit directional embeddings, overrides and isolates (UAX #9, table 3): they can reorder text around the name.
# The directional marks stay: names in right-to-left scripts need them.
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PREFIX_LENGTH = {4: 24, 6: 48}


def _encodable(text: str) -> str:
    # JSON can escape lone surrogates, which no UTF-8 answer can carry on.
    return text.encode(errors="replace").decode()


type _Text = Annotated[str, AfterValidator(_encodable)]


class _FromCognito(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, frozen=True, strict=True, hide_input_in_errors=True)


class _Attribute(_FromCognito):
    name: str
    value: _Text | None = None


class CognitoDevice(_FromCognito):
    """A device as Cognito's DeviceType has it, as far as this API uses it.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceType.html
    """

    device_key: _Text = Field(min_length=1)
    device_attributes: tuple[_Attribute, ...] = Field(default=(), strict=False)
    device_create_date: AwareDatetime | None = None
    device_last_modified_date: AwareDatetime | None = None
    device_last_authenticated_date: AwareDatetime | None = None

    def attribute(self, name: str) -> str | None:
        """Return the value of the first attribute of that name, or None."""
        return next((each.value for each in self.device_attributes if each.name == name), None)


class CognitoDevices(_FromCognito):
    """A page of devices as ListDevices answers; an answer without any list is none.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
    """

    devices: tuple[CognitoDevice, ...] = Field(strict=False)
    pagination_token: _Text | None = None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


type Timestamp = Annotated[AwareDatetime, PlainSerializer(_rfc3339)]


class Device(BaseModel):
    """A device as the page gets it. Every key is always present; what Cognito did not give is null."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    device_key: str
    name: str | None
    status: str | None
    last_ip_used: str | None
    current: bool
    created_at: Timestamp | None
    last_modified_at: Timestamp | None
    last_authenticated_at: Timestamp | None

    @classmethod
    def of(cls, device: CognitoDevice, *, current_key: str | None, visibility: LastIpVisibility) -> Self:
        """Return what a page may see of `device`.

        Parameters
        ----------
        device : CognitoDevice
            Cognito's answer.
        current_key : str or None
            Key of the device that the caller's token was issued to.
        visibility : {"masked", "full", "hidden"}
            How much of the last IP address to show.
        """
        return cls(
            device_key=device.device_key,
            name=displayable(device.attribute("device_name")),
            status=device.attribute("device_status"),
            last_ip_used=visible_address(device.attribute("last_ip_used"), visibility),
            current=device.device_key == current_key,
            created_at=device.device_create_date,
            last_modified_at=device.device_last_modified_date,
            last_authenticated_at=device.device_last_authenticated_date,
        )


class DeviceList(BaseModel):
    """A page of devices as the page gets it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    devices: tuple[Device, ...]
    next_token: str | None

    @classmethod
    def of(cls, page: CognitoDevices, *, current_key: str | None, visibility: LastIpVisibility) -> Self:
        """Return what a page may see of `page`; the parameters are those of `Device.of`."""
        devices = [Device.of(each, current_key=current_key, visibility=visibility) for each in page.devices]
        return cls(devices=tuple(devices), next_token=page.pagination_token or None)


def displayable(text: str | None) -> str | None:
    """Return `text` fit to show in one line of at most 256 characters, or None if nothing of it is.

    Control characters, lone surrogates and bidirectional overrides go, white space is folded; the joiners and
    variation selectors that emoji and many scripts are made of stay.
    """
    kept = "".join(
        char
        for char in text or ""
        if char.isspace() or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDIRECTIONAL)
    )
    shown = " ".join(kept.split())[:MAX_NAME_LENGTH].rstrip()
    # Formatting, private and unassigned characters alone show nothing.
    return shown if any(unicodedata.category(char) not in {"Cf", "Cn", "Co"} for char in shown) else None


def visible_address(text: str | None, visibility: LastIpVisibility) -> str | None:
    """Return as much of an IP address as `visibility` allows, or None; text that is no IP address is None.

    `masked` gives the /24 network of an IPv4 address and the /48 of an IPv6 address, the size of a typical site
    (RFC 6177 section 2).
    """
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    # A zone (RFC 4007 section 11) means something on its own host alone.
    if visibility == "hidden" or getattr(address, "scope_id", None):
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if visibility == "full":
        return str(address)
    prefix = _PREFIX_LENGTH[address.version]
    host_bits = address.max_prefixlen - prefix
    return f"{type(address)(int(address) >> host_bits << host_bits)}/{prefix}"
