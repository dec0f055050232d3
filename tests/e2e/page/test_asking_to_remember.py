"""User pools that leave it to their users to remember a device."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from local.deployment import client
from tests.support.devices_page import DevicesPage
from tests.support.users import User


@pytest.fixture
def asking(page: DevicesPage, config: dict[str, str], session: dict[str, Any]) -> Iterator[DevicesPage]:
    """Return the page of a user pool that remembers devices only on the user's prompt."""
    cognito = client("cognito-idp", session["cognito_endpoint"])
    pool_id = session["user_pool_id"]
    usual = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["DeviceConfiguration"]
    cognito.update_user_pool(UserPoolId=pool_id, DeviceConfiguration=usual | {"DeviceOnlyRememberedOnUserPrompt": True})
    page.tab.route("**/config.json", lambda route: route.fulfill(json={**config, "askToRemember": True}))
    yield page
    cognito.update_user_pool(UserPoolId=pool_id, DeviceConfiguration=usual)


@pytest.mark.parametrize("remember", [True, False], ids=["remember", "do not"])
def test_the_user_decides_whether_the_device_is_remembered(
    asking: DevicesPage, newcomer: User, *, remember: bool
) -> None:
    page = asking
    page.open()
    page.tab.get_by_label("Remember this device").set_checked(remember)

    page.fill_in(newcomer.email)

    page.await_devices()
    page.expect_names(["Chrome on Linux"] if remember else [])
    expect(page.tab.get_by_role("button", name="Remember this device")).to_be_visible(visible=not remember)


def test_the_page_does_not_ask_if_the_pool_remembers_devices_itself(page: DevicesPage) -> None:
    page.open()

    expect(page.tab.get_by_label("Remember this device")).to_be_hidden()
