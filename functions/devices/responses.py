"""Every response leaves here, as docs/openapi.json describes it, and is recorded once."""

import traceback
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from pydantic import BaseModel

from devices.observability import logger, record_outcome
from devices.problems import INTERNAL_ERROR, MEDIA_TYPE, ProblemError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin"}
# Monitoring in browsers adds these to every request: AWS X-Ray, W3C Trace Context and Baggage, Sentry, request IDs.
# A browser refuses to send a request with a header that the response to the preflight does not allow.
_MONITORING_HEADERS = ["baggage", "sentry-trace", "traceparent", "tracestate", "X-Amzn-Trace-Id", "X-Request-Id",
                       "X-Requested-With"]  # fmt: skip


def cors(origins: "Sequence[str]") -> CORSConfig:
    """Return the CORS settings for pages of these origins. Without origins, no page may read the responses."""
    return CORSConfig(
        allow_origin=origins[0] if origins else "",
        extra_origins=list(origins[1:]),
        allow_headers=_MONITORING_HEADERS,  # beside Authorization and those that Powertools adds
        expose_headers=["Retry-After", "x-amzn-RequestId"],
        max_age=3600,
    )


def json_response(view: BaseModel) -> Response[str]:
    """Return 200 with what the browser sees."""
    return Response(200, content_type="application/json", body=view.model_dump_json(by_alias=True))


def no_content() -> Response[str]:
    """Return 204, the response to a change."""
    return Response(204, body="")


def respond(app: APIGatewayRestResolver, next_middleware: "NextMiddleware") -> Response[str]:
    """Turn what a route returns or raises into a response, and record its outcome."""
    try:
        response: Response[str] = next_middleware(app)
        outcome = "ok"
    except ProblemError as error:
        response, outcome = _problem_response(app, error), error.problem.slug
    except Exception as error:  # noqa: BLE001 - the last place that can turn it into a response
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        logger.error("unforeseen error", error_type=type(error).__name__, where=where)
        response, outcome = _problem_response(app, ProblemError(INTERNAL_ERROR)), INTERNAL_ERROR.slug
    response.headers.update(_HEADERS)
    record_outcome(outcome, response.status_code)
    return response


def _problem_response(app: APIGatewayRestResolver, error: ProblemError) -> Response[str]:
    # A direct invocation has only Lambda's request ID.
    request_id = app.context["request"].id or app.lambda_context.aws_request_id
    return Response(
        status_code=error.problem.status,
        content_type=MEDIA_TYPE,
        body=error.problem.body(request_id),
        headers=dict(error.headers),
    )
