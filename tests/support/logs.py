"""The function's log, parsed."""

import json
from typing import Any

from tests.support.events import load
from tests.support.handler import Context

# The keys that every line of a `get_device` request has.
EVERY_LINE = {
    "correlation_id": load("get_device")["requestContext"]["requestId"],
    "function_arn": Context().invoked_function_arn,
    "function_memory_size": 256,
    "function_name": "devices",
    "function_request_id": Context().aws_request_id,
    "service": "devices",
}


def comparable(log: str) -> list[dict[str, Any]]:
    """Return the lines of a log without times and `cold_start`, which differ between runs."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
    for line in lines:
        assert isinstance(line.pop("timestamp"), str)
        line.pop("cold_start")
        if "_aws" in line:
            assert line["_aws"].pop("Timestamp") > 0
            (directive,) = line["_aws"]["CloudWatchMetrics"]
            directive["Dimensions"] = [sorted(each) for each in directive["Dimensions"]]
    return lines
