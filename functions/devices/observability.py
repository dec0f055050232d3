"""Logs, traces and metrics, and the middleware through which every answer leaves.

What is recorded is named here, key by key: outcome, status, latency, request ids. An access token, an IP address, a
device name or a user name is none of them, and no exception's text is, because such texts quote what they are about.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from devices.problems import INTERNAL_ERROR, MEDIA_TYPE, ProblemError
from devices.xray import XRay

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
    from aws_lambda_powertools.tracing.base import BaseProvider

logger = Logger(location=None)  # each message has one place


class _Logged(AmazonCloudWatchEMFProvider):
    """Metrics in the line that logs the answer: one line a request to write, to pay for and to look at.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:  # noqa: FBT001, FBT002 - Powertools' own
        """Log that the request was answered, with its metrics; they are counted whatever the log level is."""
        if logger.log_level > logging.INFO:
            super().flush_metrics(raise_on_empty_metrics)
        elif self.metric_set:
            logger.info("answered", extra=dict(self.serialize_metric_set()))
            self.clear_metrics()


metrics = Metrics(provider=_Logged())
# Patched libraries would record exceptions with their texts; the one call that matters has its own subsegment.
# Powertools switches off what it takes to be outside Lambda with the help of AWS's SDK; this provider does so itself.
tracer = Tracer(auto_patch=False, disabled=False, provider=cast("BaseProvider", XRay()))

_EVERY_ANSWER = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin"}


def answer(app: APIGatewayRestResolver, next_middleware: "NextMiddleware") -> Response[str]:
    """Turn whatever a route returns or raises into an answer of the contract, and record its outcome once."""
    try:
        response: Response[str] = next_middleware(app)
        outcome = "ok"
    except ProblemError as error:
        response = _problem(app, error)
        outcome = error.problem.slug
    except Exception as error:  # noqa: BLE001 - the last stop before the page
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        logger.error("unforeseen error", error_type=type(error).__name__, where=where)
        response = _problem(app, ProblemError(INTERNAL_ERROR))
        outcome = INTERNAL_ERROR.slug
    response.headers.update(_EVERY_ANSWER)
    _record(outcome, response.status_code)
    return response


def _problem(app: APIGatewayRestResolver, error: ProblemError) -> Response[str]:
    # What was not sent by API Gateway has Lambda's request id alone.
    request_id = (app.current_event.get("requestContext") or {}).get("requestId") or app.lambda_context.aws_request_id
    return Response(
        status_code=error.problem.status,
        content_type=MEDIA_TYPE,
        body=error.problem.body(request_id),
        headers=dict(error.headers),
    )


def _record(outcome: str, status: int) -> None:
    metrics.add_dimension("outcome", outcome)
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    logger.append_keys(status=status)


@contextmanager
def cognito_subsegment(operation: str) -> Iterator[Callable[..., None]]:
    """Trace one Cognito call; yield a function that records how it went."""
    with tracer.provider.in_subsegment(name=f"## cognito-idp {operation}") as subsegment:

        def record(*, outcome: str, milliseconds: float, attempts: int, request_id: str | None) -> None:
            subsegment.put_annotation(key="outcome", value=outcome)
            metrics.add_metric("CognitoLatency", MetricUnit.Milliseconds, milliseconds)
            logger.append_keys(
                cognito_operation=operation,
                cognito_latency_ms=round(milliseconds, 1),
                cognito_attempts=attempts,
                cognito_request_id=request_id,
            )

        yield record
