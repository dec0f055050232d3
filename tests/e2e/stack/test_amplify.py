"""AWS Amplify, a client by others, compared with this API: both list the same devices of a user."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from local import demo
from tests.support.local_cloud import NODE, PROJECT
from tests.support.pages import listed
from tests.support.users import User

_MOST_OF_A_PAGE = 60

type Named = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Run:
    """The devices that Amplify listed before and after it forgot one, and the access token of its sign-in."""

    before: Named
    after: Named
    bearer: dict[str, str]


@pytest.fixture
def amplify(config: dict[str, str]) -> Callable[..., Run]:
    """Return a function that signs a user in with Amplify and forgets a device with it."""

    def run(email: str, forget: str | None = None) -> Run:
        settings = {**config, "username": email, "password": demo.PASSWORD, "forget": forget}
        finished = subprocess.run(
            [NODE, PROJECT / "tests/spa/amplify.mjs"],
            input=json.dumps(settings),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        said = json.loads(finished.stdout)
        before, after = ([(each["id"], each.get("name")) for each in said[when]] for when in ("before", "after"))
        return Run(before, after, {"Authorization": f"Bearer {said['accessToken']}"})

    return run


def named(api: httpx.Client, bearer: dict[str, str]) -> Named:
    return [(device["deviceKey"], device["name"]) for device in listed(api, bearer)]


def test_amplify_and_the_api_list_the_same_devices(
    api: httpx.Client, user: Callable[..., User], amplify: Callable[..., Run]
) -> None:
    # Given
    owner = user("Phone", "Laptop", "Tablet")
    phone, laptop, tablet = owner.keys

    # When
    run = amplify(owner.email, forget=laptop)

    # Then Amplify lists them and its own device, which is the current one, and the API lists the same
    *others, (own, _) = run.after
    assert [name for _, name in run.before[:-1]] == ["Phone", "Laptop", "Tablet"]
    assert others == [(phone, "Phone"), (tablet, "Tablet")]
    assert named(api, run.bearer) == run.after
    assert api.get("/devices/current", headers=run.bearer).json()["deviceKey"] == own


def test_the_api_lists_devices_that_amplify_omits(
    api: httpx.Client, session: dict[str, Any], amplify: Callable[..., Run]
) -> None:
    # Given a user with more devices than a page of ListDevices holds
    run = amplify(session["username"])

    # Then Amplify lists the devices of the first page, and the API lists all
    every = named(api, run.bearer)
    assert len(every) > _MOST_OF_A_PAGE
    assert run.after == every[:_MOST_OF_A_PAGE]
    assert {key for key, _ in every} >= set(session["device_keys"])
