"""Cognito's device and the browser's device: two models, so that no attribute is shown by accident."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel, to_pascal

from devices.sanitize import MAX_NAME_LENGTH, displayable_name, visible_address
from devices.settings import LastIpVisibility

# Cognito's own limits, enforced because something else, such as a proxy, may have sent the response.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AttributeType.html
_MAX_VALUE_LENGTH = 2048
_MAX_DEVICES = 60


def _bounded(text: str) -> str:
    # JSON can escape lone surrogates, which UTF-8 cannot encode, so replace them.
    return text[:_MAX_VALUE_LENGTH].encode(errors="replace").decode()


type _Text = Annotated[str, AfterValidator(_bounded)]


class _FromCognito(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, frozen=True, strict=True, hide_input_in_errors=True)


class _Attribute(_FromCognito):
    name: str
    value: _Text | None = None


class CognitoDevice(_FromCognito):
    """Cognito's DeviceType: the members that this API uses.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceType.html
    """

    device_key: _Text = Field(min_length=1)
    device_attributes: tuple[_Attribute, ...] = Field(default=(), strict=False)
    device_create_date: AwareDatetime | None = None
    device_last_modified_date: AwareDatetime | None = None
    device_last_authenticated_date: AwareDatetime | None = None

    @classmethod
    def from_response(cls, response: Mapping[str, Any]) -> Self:
        """Parse the response of GetDevice. Raises ValidationError if it holds no device."""
        return cls.model_validate(response.get("Device"))

    def attribute(self, name: str) -> str | None:
        """Return the value of the first attribute with this name, or None."""
        return next((each.value for each in self.device_attributes if each.name == name), None)


class CognitoDevices(_FromCognito):
    """The response of ListDevices. It is invalid without `Devices`.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
    """

    devices: tuple[CognitoDevice, ...] = Field(strict=False, max_length=_MAX_DEVICES)
    pagination_token: Annotated[str, Field(pattern=r"^\S*$")] | None = None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# RFC 3339, in UTC and with milliseconds.
type Timestamp = Annotated[
    AwareDatetime, PlainSerializer(_rfc3339), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Device(BaseModel):
    """A device as sent to the browser. Every key is present; it is null if Cognito sent no value."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    device_key: str = Field(
        description="The device's key in Cognito.", examples=["us-west-2_a1b2c3d4-5678-90ab-cdef-0123456789ab"]
    )
    name: str | None = Field(
        description="The name that the signed-in app gave it, as one line without invisible characters.",
        max_length=MAX_NAME_LENGTH,
        examples=["Dart-device"],
    )
    status: str | None = Field(description="Cognito's `device_status`.", examples=["valid"])
    last_ip_used: str | None = Field(
        description="The network (/24 or /48) or address of its last sign-in, as LastIpVisibility allows.",
        examples=["192.0.2.0/24", "2001:db8:85a3::/48"],
    )
    current: bool = Field(description="Whether Cognito issued the access token to this device.")
    created_at: Timestamp | None = Field(description="When it first signed in.", examples=["2024-05-07T16:52:22.022Z"])
    last_modified_at: Timestamp | None = Field(
        description="When Cognito last changed the device.", examples=["2024-08-09T20:00:51.167Z"]
    )
    last_authenticated_at: Timestamp | None = Field(
        description="When it last signed in.", examples=["2024-08-09T20:00:51.000Z"]
    )

    @classmethod
    def from_cognito(cls, device: CognitoDevice, current_key: str | None, visibility: LastIpVisibility) -> Self:
        """Return what the browser may see of `device`.

        Parameters
        ----------
        device : CognitoDevice
            The device that Cognito returned.
        current_key : str or None
            The key of the device that the caller's token was issued to.
        visibility : {"masked", "full", "hidden"}
            How much of the last IP address to show.
        """
        return cls(
            device_key=device.device_key,
            name=displayable_name(device.attribute("device_name")),
            status=device.attribute("device_status"),
            last_ip_used=visible_address(device.attribute("last_ip_used"), visibility),
            current=device.device_key == current_key,
            created_at=device.device_create_date,
            last_modified_at=device.device_last_modified_date,
            last_authenticated_at=device.device_last_authenticated_date,
        )


class DeviceList(BaseModel):
    """One page of the device list as sent to the browser."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    devices: tuple[Device, ...] = Field(description="In Cognito's order.")
    next_token: str | None = Field(
        description="Send it as `nextToken` to get the next list page; null on the last one.", examples=["CAISlAIQPBoK"]
    )

    @classmethod
    def from_cognito(cls, page: CognitoDevices, current_key: str | None, visibility: LastIpVisibility) -> Self:
        """Return what the browser may see of `page`. `Device.from_cognito` describes the other parameters."""
        devices = [Device.from_cognito(each, current_key, visibility) for each in page.devices]
        return cls(devices=tuple(devices), next_token=page.pagination_token or None)
