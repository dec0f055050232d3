"""GET /devices: the call to Cognito, and one page of the device list as sent to the browser."""

from typing import Any

import pytest

from tests.support.events import load
from tests.support.fake_cognito import SAMPLE, FakeCognito, Reply
from tests.support.handler import invoke
from tests.support.tokens import DEVICE_KEY, access_token


def list_devices(single: dict[str, str] | None, several: dict[str, list[str]] | None) -> dict[str, Any]:
    """Return a list request with a query, in the map of single values and that of several."""
    return load("list_devices") | {"queryStringParameters": single, "multiValueQueryStringParameters": several}


def test_the_list_shows_a_device_as_get_device_does(fake: FakeCognito) -> None:
    assert invoke(load("list_devices")).body == {"devices": [invoke(load("get_device")).body], "nextToken": None}
    assert [request.operation for request in fake.requests] == ["ListDevices", "GetDevice"]


def test_the_list_keeps_cognitos_order_and_marks_the_current_device(fake: FakeCognito) -> None:
    others = [SAMPLE | {"DeviceKey": f"us-west-2_{number}"} for number in range(3)]
    fake.replies = [Reply.devices(*others, SAMPLE, PaginationToken="position=")]

    response = invoke(load("list_devices"))

    assert [(each["deviceKey"], each["current"]) for each in response.body["devices"]] == [
        *((f"us-west-2_{number}", False) for number in range(3)),
        (DEVICE_KEY, True),
    ]
    assert response.body["nextToken"] == "position="


@pytest.mark.parametrize("members", [{}, {"PaginationToken": None}, {"PaginationToken": ""}])
def test_the_last_list_page_has_no_next_token(members: dict[str, str | None], fake: FakeCognito) -> None:
    fake.replies = [Reply.devices(**members)]

    assert invoke(load("list_devices")).body == {"devices": [], "nextToken": None}


@pytest.mark.parametrize(
    ("single", "several", "sent"),
    [
        (None, None, {}),
        ({}, {}, {}),
        ({"limit": "1"}, {"limit": ["1"]}, {"Limit": 1}),
        ({"limit": "60"}, {"limit": ["60"]}, {"Limit": 60}),
        ({"limit": "007"}, None, {"Limit": 7}),
        ({"nextToken": "CAIS/+==,&"}, {"nextToken": ["CAIS/+==,&"]}, {"PaginationToken": "CAIS/+==,&"}),
        ({"nextToken": "a,b"}, None, {"PaginationToken": "a,b"}),
        (None, {"limit": ["5"], "nextToken": ["n"]}, {"Limit": 5, "PaginationToken": "n"}),
        ({"next_token": "n", "Limit": "x", "_": "1"}, None, {}),
    ],
)
def test_cognito_receives_the_limit_and_the_token_of_the_query(
    single: dict[str, str] | None, several: dict[str, list[str]] | None, sent: dict[str, object], fake: FakeCognito
) -> None:
    assert invoke(list_devices(single, several)).status == 200

    (request,) = fake.requests
    assert request.body == {"AccessToken": access_token()} | sent
    assert "authorization" not in request.headers


def test_a_throttled_call_is_retried_once(fake: FakeCognito, backoffs: list[float]) -> None:
    fake.replies = [Reply.error("TooManyRequestsException"), Reply.devices()]

    assert invoke(load("list_devices")).status == 200
    assert len(backoffs) == 1
