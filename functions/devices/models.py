"""What Cognito returns, and what the page gets: two models, so that nothing is shown by accident."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel, to_pascal

from devices.sanitize import MAX_NAME_LENGTH, displayable, visible_address
from devices.settings import LastIpVisibility

# Cognito's own limits, so that no more is made fit to show or sent on than there can be.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AttributeType.html
_MAX_VALUE_LENGTH = 2048
_MAX_DEVICES = 60


def _encodable(text: str) -> str:
    # JSON can escape lone surrogates, which no UTF-8 answer can carry on.
    return text[:_MAX_VALUE_LENGTH].encode(errors="replace").decode()


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
    """A page of devices as ListDevices answers; an answer without a list is not one.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
    """

    devices: tuple[CognitoDevice, ...] = Field(strict=False, max_length=_MAX_DEVICES)
    pagination_token: Annotated[str, Field(pattern=r"^\S*$")] | None = None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# RFC 3339 in UTC with milliseconds.
type Timestamp = Annotated[
    AwareDatetime, PlainSerializer(_rfc3339), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Device(BaseModel):
    """A device as the page gets it. Every key is always present; what Cognito did not give is null."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    device_key: str = Field(
        description="Names the device, at Cognito too.", examples=["us-west-2_a1b2c3d4-5678-90ab-cdef-0123456789ab"]
    )
    name: str | None = Field(
        description="What the app that signed in called it, fit to show: one line without control characters.",
        max_length=MAX_NAME_LENGTH,
        examples=["Dart-device"],
    )
    status: str | None = Field(description="As Cognito gives it.", examples=["valid"])
    last_ip_used: str | None = Field(
        description="Network (/24 or /48) or address of its last sign-in, as the deployment's LastIpVisibility allows.",
        examples=["192.0.2.0/24", "2001:db8:85a3::/48"],
    )
    current: bool = Field(description="Whether the access token was issued to this device.")
    created_at: Timestamp | None = Field(description="When it first signed in.", examples=["2024-05-07T16:52:22.022Z"])
    last_modified_at: Timestamp | None = Field(
        description="When something about it last changed.", examples=["2024-08-09T20:00:51.167Z"]
    )
    last_authenticated_at: Timestamp | None = Field(
        description="When it last signed in.", examples=["2024-08-09T20:00:51.000Z"]
    )

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

    devices: tuple[Device, ...] = Field(description="In the order that Cognito gives.")
    next_token: str | None = Field(
        description="Send it as `nextToken` for the next page; null on the last one.", examples=["CAISlAIQPBoK"]
    )

    @classmethod
    def of(cls, page: CognitoDevices, *, current_key: str | None, visibility: LastIpVisibility) -> Self:
        """Return what a page may see of `page`; the parameters are those of `Device.of`."""
        devices = [Device.of(each, current_key=current_key, visibility=visibility) for each in page.devices]
        return cls(devices=tuple(devices), next_token=page.pagination_token or None)
