"""The ids that stay the same when the local cloud starts again, and the tokens that do not stay valid."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.stable_ids import APP_CLIENT_ID, USER_POOL_ID
from tests.support.emulator import running_emulator
from tests.support.user_pools import REMEMBERED_AT_ONCE, create_pool


def test_a_token_of_an_earlier_local_cloud_is_refused(tmp_path: Path, connect: Callable[[str, str], Any]) -> None:
    # Given a sign-in, and a later local cloud with the same pool, app client and user name
    with running_emulator(tmp_path / "earlier.log") as (url, _):
        earlier = create_pool(connect("cognito-idp", url), REMEMBERED_AT_ONCE)
        old = earlier.sign_in()
        old_key = old.confirmed()

    with running_emulator(tmp_path / "later.log") as (url, _):
        cognito = connect("cognito-idp", url)
        later = create_pool(cognito, REMEMBERED_AT_ONCE)
        assert {(each.pool_id, each.client_id) for each in (earlier, later)} == {(USER_POOL_ID, APP_CLIENT_ID)}
        new = later.sign_in()
        new_key = new.confirmed()

        # Then only the new tokens are accepted
        assert new_key != old_key
        calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (cognito.get_user, {"AccessToken": old.token}),
            (cognito.list_devices, {"AccessToken": old.token}),
            (cognito.get_device, {"AccessToken": old.token, "DeviceKey": old_key}),
            (cognito.get_device, {"AccessToken": old.token, "DeviceKey": new_key}),
            (cognito.forget_device, {"AccessToken": old.token, "DeviceKey": new_key}),
            (cognito.global_sign_out, {"AccessToken": old.token}),
            (cognito.initiate_auth, _refreshing(old.refresh_token, old_key)),
            (cognito.initiate_auth, _refreshing(old.refresh_token, new_key)),
        ]
        for call, parameters in calls:
            with pytest.raises(ClientError) as refused:
                call(**parameters)
            assert refused.value.response["Error"]["Code"] == "NotAuthorizedException", call
        assert [each["DeviceKey"] for each in cognito.list_devices(AccessToken=new.token)["Devices"]] == [new_key]
        assert cognito.initiate_auth(**_refreshing(new.refresh_token, new_key))["AuthenticationResult"]

        # And further pools and app clients have random ids
        assert create_pool(cognito, None).pool_id != USER_POOL_ID
        assert _another_client(cognito) != _another_client(cognito) != APP_CLIENT_ID


def _refreshing(refresh_token: str, device_key: str) -> dict[str, Any]:
    parameters = {"REFRESH_TOKEN": refresh_token, "DEVICE_KEY": device_key}
    return {"ClientId": APP_CLIENT_ID, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}


def _another_client(cognito: Any) -> str:
    return str(
        cognito.create_user_pool_client(UserPoolId=USER_POOL_ID, ClientName="other")["UserPoolClient"]["ClientId"]
    )
