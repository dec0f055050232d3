"""Nothing but what the runtime itself costs."""

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Answer nothing."""
    return {"statusCode": 204}
