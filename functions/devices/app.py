"""The routes and the Lambda handler."""

import gc

gc.disable()  # imported objects live forever, so skip collection while importing

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from devices import cognito_client
from devices.auth import Caller
from devices.cognito import FORGET_DEVICE, GET_DEVICE, LIST_DEVICES, UPDATE_DEVICE_STATUS, ask
from devices.deadlines import Deadline
from devices.inputs import DEVICE_PATH, DEVICES_PATH, METHODS
from devices.models import Device, DeviceList
from devices.observability import logger, metrics, tracer
from devices.problems import METHOD_NOT_ALLOWED, NOT_FOUND, ProblemError
from devices.request import Request
from devices.responses import cors, json_response, no_content, respond
from devices.settings import settings

# Powertools answers preflights (OPTIONS) by the CORS settings. Debug mode prints events and responses: `debug=False`
# keeps it off even if POWERTOOLS_DEV is set.
app = APIGatewayRestResolver(cors=cors(settings().allowed_origins), debug=False)
app.use(middlewares=[respond])
cognito_client.connect()  # during init, so that no request waits for the client and its connection


@app.get(DEVICES_PATH)
def list_devices() -> Response[str]:
    """Respond with one page of the caller's remembered devices."""
    request, caller = _request_and_caller()
    query = request.list_query()
    page = ask(caller, LIST_DEVICES, Limit=query.limit, PaginationToken=query.next_token)
    return json_response(DeviceList.from_cognito(page, caller.current_key, settings().last_ip_visibility))


@app.get(DEVICE_PATH)
def get_device() -> Response[str]:
    """Respond with one remembered device of the caller."""
    request, caller = _request_and_caller()
    device = ask(caller, GET_DEVICE, DeviceKey=request.device_key(caller.current_key))
    return json_response(Device.from_cognito(device, caller.current_key, settings().last_ip_visibility))


@app.patch(DEVICE_PATH)
def update_device() -> Response[str]:
    """Remember one device of the caller, or stop remembering it."""
    request, caller = _request_and_caller()
    device_key = request.device_key(caller.current_key)
    status = request.status_change().remembered_status
    ask(caller, UPDATE_DEVICE_STATUS, DeviceKey=device_key, DeviceRememberedStatus=status)
    return no_content()


@app.delete(DEVICE_PATH)
def forget_device() -> Response[str]:
    """Forget one device of the caller."""
    request, caller = _request_and_caller()
    ask(caller, FORGET_DEVICE, DeviceKey=request.device_key(caller.current_key))
    return no_content()


@app.not_found
def unmatched(_: NotFoundError) -> Response[str]:
    """Raise 404 for an unknown resource, and 405 for a method that the resource lacks."""
    allowed = METHODS.get(app.context["request"].resource)
    if allowed is None:
        raise ProblemError(NOT_FOUND)
    raise ProblemError(METHOD_NOT_ALLOWED, {"Allow": allowed})


def _request_and_caller() -> tuple[Request, Caller]:
    request: Request = app.context["request"]
    return request, Caller.parse(request.authorization, app.context["deadline"])


# Never log the event, not even if POWERTOOLS_LOGGER_LOG_EVENT is set: it holds the access token.
@logger.inject_lambda_context(clear_state=True, log_event=False)
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Respond to one API Gateway REST proxy event."""
    request = Request.parse(event)
    deadline = Deadline(context.get_remaining_time_in_millis() / 1000)
    logger.set_correlation_id(request.id)
    app.append_context(request=request, deadline=deadline)  # type: ignore[no-untyped-call]
    return app.resolve(request.routing_event(), context)


gc.freeze()  # what exists by now lives as long as the process, so the collector need not scan it
gc.enable()
