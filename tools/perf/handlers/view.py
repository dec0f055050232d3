"""The device that the other variants return, built without a library; tools/perf/event.py lists its members."""

import base64
import ipaddress
import json
from datetime import UTC, datetime
from typing import Any

JSON_HEADERS = {"Content-Type": "application/json"}


def token_of(event: dict[str, Any]) -> str:
    """Return the access token of an API Gateway event."""
    return str(event["headers"]["Authorization"]).removeprefix("Bearer ")


def view_of(device: dict[str, Any], token: str) -> dict[str, Any]:
    """Return the JSON of one of Cognito's devices for the caller with this token."""
    attributes = {each["Name"]: each["Value"] for each in device["DeviceAttributes"]}
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {
        "deviceKey": device["DeviceKey"],
        "name": attributes["device_name"],
        "status": attributes["device_status"],
        "lastIpUsed": str(ipaddress.ip_network(f"{attributes['last_ip_used']}/24", strict=False)),
        "current": claims["device_key"] == device["DeviceKey"],
        "createdAt": _rfc3339(device["DeviceCreateDate"]),
        "lastModifiedAt": _rfc3339(device["DeviceLastModifiedDate"]),
        "lastAuthenticatedAt": _rfc3339(device["DeviceLastAuthenticatedDate"]),
    }


def _rfc3339(moment: datetime | float) -> str:
    utc = moment.astimezone(UTC) if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
