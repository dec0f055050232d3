"""The logger, the metrics and the tracer.

Only keys that the code names are recorded, such as outcome, status, latency and request IDs. Never recorded are access
tokens, IP addresses, device names, user names, and the texts of exceptions, which may quote one of them.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from devices.xray import XRay

if TYPE_CHECKING:
    from aws_lambda_powertools.tracing.base import BaseProvider

# Each message occurs once in the code, so its location would add nothing. Nor do lines name threads or processes.
# Otherwise `logging` looks all of these up for each line: https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None  # noqa: SLF001
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
# Powertools' default has the same settings, but creates an encoder for each line.
_ENCODER = json.JSONEncoder(default=str, ensure_ascii=False, separators=(",", ":"))
logger = Logger(location=None, json_serializer=_ENCODER.encode)


class _LoggedMetrics(AmazonCloudWatchEMFProvider):
    """Writes the metrics into the log line of the request, so that they need no line of their own.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:  # noqa: FBT001, FBT002 - Powertools' own
        """Write the request's log line, with its metrics. At WARNING and above, print only the metrics."""
        if logger.log_level > logging.INFO:
            super().flush_metrics(raise_on_empty_metrics)
        elif self.metric_set:
            logger.info("answered", extra=dict(self.serialize_metric_set()))
            self.clear_metrics()


metrics = Metrics(provider=_LoggedMetrics())
# `auto_patch=False`: patched libraries would record exceptions with their texts.
# `disabled=False`: otherwise Powertools imports the AWS X-Ray SDK, which the layer lacks, to disable itself outside of
# Lambda. XRay decides for each request instead.
tracer = Tracer(auto_patch=False, disabled=False, provider=cast("BaseProvider", XRay()))


def record_outcome(outcome: str, status: int) -> None:
    """Count the request and add its outcome to the log line.

    Parameters
    ----------
    outcome : str
        `ok`, or the slug of a problem.
    status : int
        The HTTP status, 200 to 599.
    """
    metrics.add_dimension("outcome", outcome)
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    logger.append_keys(status=status)


@contextmanager
def cognito_subsegment(operation: str) -> Iterator[Callable[..., None]]:
    """Trace one call to Cognito, and yield the function that records how it went."""
    with tracer.provider.in_subsegment(name=f"## cognito-idp {operation}") as subsegment:

        def record(
            *, outcome: str, milliseconds: float, attempts: int, request_id: str | None, error_type: str | None = None
        ) -> None:
            subsegment.put_annotation(key="outcome", value=outcome)
            metrics.add_metric("CognitoLatency", MetricUnit.Milliseconds, milliseconds)
            logger.append_keys(
                cognito_operation=operation,
                cognito_latency_ms=round(milliseconds, 1),
                cognito_attempts=attempts,
                cognito_request_id=request_id,
            )
            if error_type:
                logger.append_keys(error_type=error_type)

        yield record
