"""The JavaScript client and the deployed API."""

import json
from collections.abc import Callable
from typing import Any

from local import demo
from tests.support.local_cloud import NODE, PROJECT
from tests.support.processes import output_of
from tests.support.users import User


def forget_others(session: dict[str, Any], token: str) -> Any:
    """Return the result, the progress and the devices that are left. A device named "Kept" is not to be forgotten."""
    facts = {"apiUrl": session["api_url"], "token": token}
    command = [NODE, "tests/spa/forget-others.mjs"]
    return json.loads(output_of(command, cwd=PROJECT, env={"SESSION": json.dumps(facts)}, timeout=60))


def test_the_client_forgets_all_other_devices(session: dict[str, Any], user: Callable[..., User]) -> None:
    # Given a user who is signed in on the newest of many devices
    others = [f"Phone {number}" for number in range(12)]
    someone = user("Kept", *others, "This one")

    # When
    printed = forget_others(session, someone.token)

    # Then
    assert printed["result"] == {"forgotten": 12, "left": []}
    assert printed["progress"] == [f"{done}/12" for done in range(13)]
    assert sorted(printed["devices"], key=lambda device: str(device["name"])) == [
        {"name": "Kept", "current": False},
        {"name": "This one", "current": True},
    ]


def test_the_client_forgets_every_device_if_none_is_the_current_one(
    session: dict[str, Any], user: Callable[..., User]
) -> None:
    # Given a user whose last sign-in confirmed no device
    someone = user("Phone", "Laptop")
    tokens = demo.sign_in(someone.cognito, session["user_pool_id"], session["user_pool_client_id"], someone.email)

    # When
    printed = forget_others(session, tokens["AccessToken"])

    # Then
    assert printed["result"] == {"forgotten": 2, "left": []}
    assert printed["devices"] == []
