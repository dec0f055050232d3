"""AWS Amplify, a client by others, compared with this API for the demo user's many devices."""

from typing import Any

import httpx

from tests.support import amplify
from tests.support.pages import listed

_MOST_OF_A_PAGE = 60


def test_the_api_lists_devices_that_amplify_omits(
    api: httpx.Client, session: dict[str, Any], config: dict[str, str]
) -> None:
    # Given a user with more devices than a page of ListDevices holds
    run = amplify.run(config, session["username"], session["password"])

    # Then Amplify lists the devices of the first page, and the API lists all
    every = [(device["deviceKey"], device["name"]) for device in listed(api, run.bearer)]
    assert len(every) > _MOST_OF_A_PAGE
    assert run.after == every[:_MOST_OF_A_PAGE]
    assert {key for key, _ in every} >= set(session["device_keys"])
