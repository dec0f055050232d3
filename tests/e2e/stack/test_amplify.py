"""AWS Amplify, a client by others, compared with this API."""

import httpx

from tests.support import amplify
from tests.support.pages import listed
from tests.support.people import Person
from tools.verify.stack import Stack


def test_amplify_and_the_api_list_the_same_devices(api: httpx.Client, own_pool: Stack, person: Person) -> None:
    # Given
    phone, laptop, tablet = (person.sign_in().confirm(name).key for name in ("Phone", "Laptop", "Tablet"))
    config = {
        "userPoolId": own_pool.user_pool_id,
        "userPoolClientId": own_pool.client_id,
        "cognitoEndpoint": own_pool.endpoint,
    }

    # When
    run = amplify.run(config, person.username, person.password, forget=laptop)

    # Then Amplify lists them and its own device, which is the current one, and the API lists the same
    own = api.get("/devices/current", headers=run.bearer).json()["deviceKey"]
    assert sorted(key for key, _ in run.before) == sorted([phone, laptop, tablet, own])
    assert sorted(key for key, _ in run.after) == sorted([phone, tablet, own])
    assert {(phone, "Phone"), (tablet, "Tablet")} < set(run.after)
    # Cognito's order is undocumented
    assert {(device["deviceKey"], device["name"]) for device in listed(api, run.bearer)} == set(run.after)
