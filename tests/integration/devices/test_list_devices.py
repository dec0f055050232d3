"""The devices that Cognito knows, as the page gets them."""

from typing import Any

import pytest

from tests.support.events import load
from tests.support.fake_cognito import SAMPLE, FakeCognito, Reply
from tests.support.handler import invoke
from tests.support.tokens import DEVICE_KEY, access_token


def asking(single: dict[str, str] | None, several: dict[str, list[str]] | None) -> dict[str, Any]:
    return load("list_devices") | {"queryStringParameters": single, "multiValueQueryStringParameters": several}


def test_a_listed_device_is_as_it_is_alone(fake: FakeCognito) -> None:
    assert invoke(load("list_devices")).body == {"devices": [invoke(load("get_device")).body], "nextToken": None}
    assert [request.operation for request in fake.requests] == ["ListDevices", "GetDevice"]


def test_devices_stay_in_order_and_one_is_current(fake: FakeCognito) -> None:
    others = [SAMPLE | {"DeviceKey": f"us-west-2_{number}"} for number in range(3)]
    fake.replies = [Reply.devices(*others, SAMPLE, PaginationToken="position=")]

    response = invoke(load("list_devices"))

    assert [(each["deviceKey"], each["current"]) for each in response.body["devices"]] == [
        *((f"us-west-2_{number}", False) for number in range(3)),
        (DEVICE_KEY, True),
    ]
    assert response.body["nextToken"] == "position="


@pytest.mark.parametrize("members", [{}, {"PaginationToken": None}, {"PaginationToken": ""}])
def test_the_last_page_has_no_token(members: dict[str, str | None], fake: FakeCognito) -> None:
    fake.replies = [Reply.devices(**members)]

    assert invoke(load("list_devices")).body == {"devices": [], "nextToken": None}


@pytest.mark.parametrize(
    ("single", "several", "asked"),
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
def test_cognito_is_asked_for_the_page(
    single: dict[str, str] | None, several: dict[str, list[str]] | None, asked: dict[str, object], fake: FakeCognito
) -> None:
    assert invoke(asking(single, several)).status == 200

    (request,) = fake.requests
    assert request.body == {"AccessToken": access_token()} | asked
    assert "authorization" not in request.headers


def test_throttling_is_tried_once_more(fake: FakeCognito, backoffs: list[float]) -> None:
    fake.replies = [Reply.error("TooManyRequestsException"), Reply.devices()]

    assert invoke(load("list_devices")).status == 200
    assert len(backoffs) == 1
