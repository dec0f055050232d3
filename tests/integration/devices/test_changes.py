"""PATCH and DELETE: remember, stop remembering and forget a device."""

import base64

import pytest

from tests.support.events import ALLOWED_HEADERS, load
from tests.support.fake_cognito import FakeCognito, Reply
from tests.support.handler import Response, invoke
from tests.support.tokens import DEVICE_KEY, access_token


def assert_no_content(response: Response) -> None:
    assert (response.status, response.text) == (204, "")
    assert response.headers == {
        "Access-Control-Allow-Headers": ",".join(ALLOWED_HEADERS),
        "Access-Control-Allow-Origin": "https://app.example.com",
        "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
        "Access-Control-Max-Age": "3600",
        "Cache-Control": "no-store",
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"remembered": true}', "remembered"),
        ('{"remembered": false}', "not_remembered"),
        ('\n{ "remembered" :\ttrue }\n', "remembered"),
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_patch_sets_the_remembered_status(body: str, status: str, encoded: bool, fake: FakeCognito) -> None:  # noqa: FBT001 - a table
    sent = base64.b64encode(body.encode()).decode() if encoded else body

    response = invoke(load("remember_device") | {"body": sent, "isBase64Encoded": encoded})

    assert_no_content(response)
    (request,) = fake.requests
    assert request.operation == "UpdateDeviceStatus"
    assert request.body == {
        "AccessToken": access_token(),
        "DeviceKey": DEVICE_KEY,
        "DeviceRememberedStatus": status,
    }
    assert "authorization" not in request.headers


def test_delete_forgets_a_device(fake: FakeCognito) -> None:
    response = invoke(load("forget_device"))

    assert_no_content(response)
    (request,) = fake.requests
    assert request.operation == "ForgetDevice"
    assert request.body == {"AccessToken": access_token(), "DeviceKey": DEVICE_KEY}
    assert "authorization" not in request.headers


@pytest.mark.parametrize("event", ["remember_device", "forget_device"])
def test_a_change_succeeds_if_cognito_responds_without_a_content_type(event: str, fake: FakeCognito) -> None:
    fake.replies = [Reply(content_type="")]

    assert_no_content(invoke(load(event)))


@pytest.mark.parametrize("event", ["remember_device", "forget_device"])
def test_current_stands_for_the_device_key_in_the_token(event: str, fake: FakeCognito) -> None:
    token = access_token({"device_key": "us-east-1_mine"})

    assert_no_content(invoke(load(event, token=token) | {"pathParameters": {"deviceKey": "current"}}))
    assert fake.requests[0].body["DeviceKey"] == "us-east-1_mine"


@pytest.mark.parametrize("event", ["remember_device", "forget_device"])
@pytest.mark.parametrize(
    ("key", "without", "status"),
    [("current", "device_key", 404), ("no-underscore", None, 400), ("a_" + "b" * 54, None, 400)],
)
def test_a_change_without_a_valid_device_key_does_not_call_cognito(
    event: str, key: str, without: str | None, status: int, fake: FakeCognito
) -> None:
    token = access_token(without=without)

    assert invoke(load(event, token=token) | {"pathParameters": {"deviceKey": key}}).status == status
    assert fake.requests == []
