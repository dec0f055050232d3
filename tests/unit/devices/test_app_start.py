"""What the function sets up while Lambda initialises it, before the first request."""

from tests.support.start import started

INVOCATION = """
import json
from tests.support.events import load
from tests.support.handler import invoke
response = invoke(load("{}"))
print(json.dumps([response.status, sorted(response.headers)]))
"""


def test_no_origin_can_read_a_response_if_none_is_allowed() -> None:
    (status, headers), _ = started(INVOCATION.format("preflight"), ALLOWED_ORIGINS="")

    assert status == 204
    assert [name for name in headers if name.startswith("Access-Control-Allow-Origin")] == []


def test_the_development_mode_of_powertools_does_not_print_the_event() -> None:
    (status, _), printed = started(INVOCATION.format("malformed_device_key"), POWERTOOLS_DEV="true")

    assert status == 400
    assert "Bearer" not in printed
    assert "multiValueHeaders" not in printed


def test_init_creates_the_client_and_freezes_imported_objects() -> None:
    program = """
import gc, json
import devices.app
from devices import cognito_client
print(json.dumps([cognito_client.client.cache_info().currsize, gc.isenabled(), gc.get_freeze_count() > 0]))
"""
    assert started(program)[0] == [1, True, True]
