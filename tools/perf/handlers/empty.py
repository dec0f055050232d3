"""The variant `empty handler` of `make bench`: it does nothing, so its times are those of the runtime."""

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return a response without a body."""
    return {"statusCode": 204}
