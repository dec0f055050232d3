"""Routes and the Lambda handler of the `devices` function."""

import gc

gc.disable()  # what the imports make stays: no garbage to look for, until the end of this file

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from devices import cognito, cognito_transport
from devices.auth import AccessToken, access_token
from devices.models import Device, DeviceList
from devices.observability import answer, logger, metrics, tracer
from devices.problems import DEVICE_NOT_FOUND, INVALID_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND, ProblemError
from devices.request import CURRENT, DEVICE, DEVICES, METHODS, ListQuery, StatusChange, is_device_key, routable
from devices.settings import settings

_origins = settings().allowed_origins
app = APIGatewayRestResolver(
    cors=CORSConfig(
        allow_origin=_origins[0] if _origins else "",
        extra_origins=list(_origins[1:]),
        expose_headers=["Retry-After", "x-amzn-RequestId"],
        max_age=3600,
    ),
    debug=False,  # prints events and answers; not even POWERTOOLS_DEV may switch it on
)
app.use(middlewares=[answer])
cognito_transport.client()  # made at init, where it costs no request its time


@app.get(DEVICES)
def list_devices() -> Response[str]:
    """Answer with a page of the caller's remembered devices."""
    token = _token()
    event = app.current_event
    single = {name: [value] for name, value in event.query_string_parameters.items()}
    query = ListQuery.of(event.multi_value_query_string_parameters or single)
    devices = cognito.list_devices(token, query.limit, query.next_token, seconds_left=_seconds_left())
    return _json(DeviceList.of(devices, current_key=token.device_key, visibility=settings().last_ip_visibility))


@app.get(DEVICE)
def get_device() -> Response[str]:
    """Answer with one remembered device of the caller; `current` is the one that the token was issued to."""
    token = _token()
    device = cognito.get_device(token, _device_key(token), seconds_left=_seconds_left())
    return _json(Device.of(device, current_key=token.device_key, visibility=settings().last_ip_visibility))


@app.patch(DEVICE)
def update_device() -> Response[str]:
    """Remember one device of the caller, or remember it no longer."""
    token = _token()
    key = _device_key(token)
    remembered = StatusChange.of(_body()).remembered
    cognito.update_device_status(token, key, remembered=remembered, seconds_left=_seconds_left())
    return Response(204, body="")


@app.delete(DEVICE)
def forget_device() -> Response[str]:
    """Forget one device of the caller."""
    token = _token()
    cognito.forget_device(token, _device_key(token), seconds_left=_seconds_left())
    return Response(204, body="")


@app.not_found
def unrouted(_: NotFoundError) -> Response[str]:
    """Tell apart an unknown resource and a method that it lacks."""
    allowed = METHODS.get(app.current_event.resource)
    if allowed is None:
        raise ProblemError(NOT_FOUND)
    raise ProblemError(METHOD_NOT_ALLOWED, {"Allow": allowed})


def _token() -> AccessToken:
    """Return the caller's access token, from whichever Authorization header there is, however it is written."""
    event = app.current_event
    headers = event.get("multiValueHeaders") or event.get("headers") or {}
    found = [values for name, values in headers.items() if name.lower() == "authorization" and values]
    return access_token([each for values in found for each in ([values] if isinstance(values, str) else values)])


def _device_key(token: AccessToken) -> str:
    asked = app.current_event.path_parameters.get("deviceKey", "")
    key = (token.device_key or "") if asked == CURRENT else asked
    if not is_device_key(key):
        raise ProblemError(DEVICE_NOT_FOUND if asked == CURRENT else INVALID_REQUEST)
    return key


def _body() -> str:
    try:
        return app.current_event.decoded_body or ""
    except ValueError:  # no base64, or no UTF-8
        raise ProblemError(INVALID_REQUEST) from None


def _seconds_left() -> float:
    return app.lambda_context.get_remaining_time_in_millis() / 1000


def _json(view: BaseModel) -> Response[str]:
    return Response(200, content_type="application/json", body=view.model_dump_json(by_alias=True))


# Never the event, whatever the environment says: it holds the access token.
@logger.inject_lambda_context(clear_state=True, log_event=False)
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway REST proxy event."""
    proxy_event = routable(event)
    logger.set_correlation_id((proxy_event.get("requestContext") or {}).get("requestId"))
    return app.resolve(proxy_event, context)


gc.freeze()  # nor will what is there by now ever be garbage
gc.enable()
