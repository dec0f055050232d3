"""Routes and the Lambda handler of the `devices` function."""

import gc

gc.disable()  # what the imports make stays: no garbage to look for, until the end of this file

import re
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from devices import cognito
from devices.auth import access_token
from devices.models import Device
from devices.observability import answer, logger, metrics, tracer
from devices.problems import DEVICE_NOT_FOUND, INVALID_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND, ProblemError
from devices.settings import settings

CURRENT = "current"
# Wider than the pattern in the API reference, which AWS's own example keys do not match; Cognito judges the rest.
_DEVICE_KEY = re.compile(r"(?=.{1,55}$)[\w-]+_[\w-]+", re.ASCII)
_METHODS = {"/devices/{deviceKey}": "GET, OPTIONS"}

_origins = settings().allowed_origins
app = APIGatewayRestResolver(
    cors=CORSConfig(
        allow_origin=_origins[0] if _origins else "",
        extra_origins=list(_origins[1:]),
        expose_headers=["Retry-After", "x-amzn-RequestId"],
        max_age=3600,
    ),
    strip_prefixes=[re.compile(r"^/.+(?=/devices/)")],  # a custom domain's base path stays in the event's path
    debug=False,  # prints events and answers; not even POWERTOOLS_DEV may switch it on
)
app.use(middlewares=[answer])
cognito.client()  # made at init, where it costs no request its time


@app.get("/devices/<device_key>")
def get_device(device_key: str) -> Response[str]:
    """Answer with one remembered device of the caller; `current` is the one that the token was issued to."""
    token = access_token(_authorization())
    # The router's patterns end in `/*$`, which lets slashes and a line break pass behind the key.
    if not app.current_event.path.endswith(f"/{device_key}"):
        raise ProblemError(INVALID_REQUEST)
    key = (token.device_key or "") if device_key == CURRENT else device_key
    if not _DEVICE_KEY.fullmatch(key):
        raise ProblemError(DEVICE_NOT_FOUND if device_key == CURRENT else INVALID_REQUEST)
    device = cognito.get_device(token, key)
    view = Device.of(device, current_key=token.device_key, visibility=settings().last_ip_visibility)
    return Response(200, content_type="application/json", body=view.model_dump_json(by_alias=True))


@app.not_found
def unrouted(_: NotFoundError) -> Response[str]:
    """Tell apart an unknown resource, a method that it lacks, and a key that the route's pattern refused."""
    allowed = _METHODS.get(app.current_event.resource)
    if allowed is None:
        raise ProblemError(NOT_FOUND)
    if app.current_event.http_method not in allowed.split(", "):
        raise ProblemError(METHOD_NOT_ALLOWED, {"Allow": allowed})
    raise ProblemError(INVALID_REQUEST)


def _authorization() -> list[str]:
    """Return the values of all Authorization headers, however they are written."""
    event = app.current_event
    headers = event.get("multiValueHeaders") or event.get("headers") or {}
    found = [values for name, values in headers.items() if name.lower() == "authorization" and values]
    return [each for values in found for each in ([values] if isinstance(values, str) else values)]


# Never the event, whatever the environment says: it holds the access token.
@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST, clear_state=True, log_event=False)
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway REST proxy event."""
    return app.resolve(event, context)


gc.freeze()  # nor will what is there by now ever be garbage
gc.enable()
