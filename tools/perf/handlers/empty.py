"""A handler that does nothing: what remains is the cost of the runtime."""

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return a response without a body."""
    return {"statusCode": 204}
