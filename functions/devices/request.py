"""What a page asks for: event, resources and their methods, a device's key, the query of a list, a change's body."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from devices.problems import INVALID_REQUEST, ProblemError

# Resources, as template.yaml names them, and what each offers.
DEVICES, DEVICE = "/devices", "/devices/{deviceKey}"
METHODS = {DEVICES: "GET, OPTIONS", DEVICE: "DELETE, GET, OPTIONS, PATCH"}

# In place of a key: the device that the access token was issued to.
CURRENT = "current"
# Wider than the pattern in the API reference, which AWS's own example keys do not match; Cognito judges the rest.
DEVICE_KEY = "[A-Za-z0-9_-]+_[A-Za-z0-9_-]+"
MAX_DEVICE_KEY_LENGTH = 55
MAX_LIMIT = 60


class _RequestContext(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    request_id: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")] | None = None


class _Event(BaseModel):
    """What the function and Powertools read of an event.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    model_config = ConfigDict(alias_generator=to_camel)

    resource: str
    http_method: str
    headers: dict[str, str] | None = None
    multi_value_headers: dict[str, Annotated[list[str], Field(min_length=1)]] | None = None
    query_string_parameters: dict[str, str] | None = None
    multi_value_query_string_parameters: dict[str, list[str]] | None = None
    path_parameters: dict[str, str] | None = None
    request_context: _RequestContext | None = None
    body: str | None = None
    is_base64_encoded: bool | None = None


# Asks for nothing that there is.
_NO_EVENT: Mapping[str, Any] = MappingProxyType({"resource": "", "httpMethod": "GET", "path": ""})


def routable(event: dict[str, Any]) -> dict[str, Any]:
    """Return an API Gateway REST proxy event for Powertools to route; what is none becomes one for no resource.

    API Gateway sends no other, but whoever may invoke the function can.
    """
    try:
        _Event.model_validate(event)
    except ValidationError:
        return dict(_NO_EVENT)
    # API Gateway has found the resource already; the path may begin with a custom domain's base path.
    return event | {"path": event["resource"]}


def is_device_key(text: str) -> bool:
    """Return whether `text` has the form of a device's key."""
    return len(text) <= MAX_DEVICE_KEY_LENGTH and re.fullmatch(DEVICE_KEY, text) is not None


def _decimal(text: object) -> int | None:
    # int() takes more than ASCII digits.
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else None


type Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
type NextToken = Annotated[str, Field(pattern=r"^\S+$")]


class ListQuery(BaseModel):
    """The query of a list; parameters that it does not name are ignored.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html

    Attributes
    ----------
    limit : int or None
        Most devices to list, 1 to 60; None for as many as Cognito gives.
    next_token : str or None
        Where the page before ended, as its answer says.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, hide_input_in_errors=True)

    limit: Annotated[Limit, BeforeValidator(_decimal)] | None = None
    next_token: NextToken | None = None

    @classmethod
    def of(cls, parameters: Mapping[str, Sequence[str]]) -> Self:
        """Return the query of a request whose parameters have these values.

        Raises
        ------
        ProblemError
            `invalid-request`: a value is not of its form, or there are several.
        """
        try:
            return cls.model_validate(
                {name: values[0] if len(values) == 1 else values for name, values in parameters.items()}
            )
        except ValidationError:
            raise ProblemError(INVALID_REQUEST) from None


class StatusChange(BaseModel):
    """The body of a change; it must name the status and nothing else, of equal names the last."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    remembered: bool = Field(description="Whether Cognito is to remember the device.")

    @classmethod
    def of(cls, body: str) -> Self:
        """Return the change that a request's body asks for.

        Raises
        ------
        ProblemError
            `invalid-request`: the body is no JSON, or not of this form.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError:
            raise ProblemError(INVALID_REQUEST) from None
