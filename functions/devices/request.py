"""The request: an API Gateway REST proxy event, parsed once."""

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from devices.inputs import CURRENT, ListQuery, StatusChange, is_device_key
from devices.problems import DEVICE_NOT_FOUND, INVALID_REQUEST, ProblemError


class _RequestContext(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

    request_id: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")] | None = None


class Request(BaseModel):
    """The fields of an event that the function and Powertools read. The repr shows none: the headers hold the token.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

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

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Return the request of an event, or one that matches no route if the event is malformed.

        API Gateway sends only valid events. Whoever may invoke the function directly can send others.
        """
        try:
            return cls.model_validate(event)
        except ValidationError:
            return cls.model_validate({"resource": "", "httpMethod": "GET"})

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Show no field."""
        return []

    @property
    def id(self) -> str | None:
        """API Gateway's request ID, or None if it is missing."""
        return self.request_context.request_id if self.request_context else None

    @property
    def authorization(self) -> list[str]:
        """The values of all Authorization headers, whatever the case of their names."""
        headers = self.multi_value_headers or {name: [value] for name, value in (self.headers or {}).items()}
        return [value for name, values in headers.items() if name.lower() == "authorization" for value in values]

    def device_key(self, current: str | None) -> str:
        """Return the device key in the path.

        Parameters
        ----------
        current : str or None
            The key that `current` in the path stands for; None if there is none.

        Raises
        ------
        ProblemError
            `device-not-found`: the path says `current`, but the token names no valid device key.
            `invalid-request`: the path has a malformed device key.
        """
        named = (self.path_parameters or {}).get("deviceKey", "")
        key = (current or "") if named == CURRENT else named
        if not is_device_key(key):
            raise ProblemError(DEVICE_NOT_FOUND if named == CURRENT else INVALID_REQUEST)
        return key

    def list_query(self) -> ListQuery:
        """Return the query. Raises ProblemError `invalid-request` if a value is malformed or a parameter repeats."""
        several = self.multi_value_query_string_parameters or {}
        # A repeated parameter stays a list, which the model refuses.
        query = {name: values[0] if len(values) == 1 else values for name, values in several.items()}
        try:
            return ListQuery.model_validate(query or self.query_string_parameters or {})
        except ValidationError:
            raise ProblemError(INVALID_REQUEST) from None

    def status_change(self) -> StatusChange:
        """Return the body of a PATCH request. Raises ProblemError `invalid-request` if it is malformed."""
        body = self.body or ""
        try:
            return StatusChange.model_validate_json(base64.b64decode(body) if self.is_base64_encoded else body)
        except ValueError:  # pydantic's ValidationError, or not Base64
            raise ProblemError(INVALID_REQUEST) from None

    def routing_event(self) -> dict[str, Any]:
        """Return the event that Powertools routes: the method and the headers, with the resource as the path.

        API Gateway has matched the resource already, and the real path may begin with a custom domain's base path.
        """
        return {
            "path": self.resource,
            "httpMethod": self.http_method,
            "headers": self.headers,
            "multiValueHeaders": self.multi_value_headers,
        }
