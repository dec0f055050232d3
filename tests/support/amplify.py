"""AWS Amplify, a client by others, which signs a user in, lists the user's devices and forgets one."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.apps import LIBRARIES

type Named = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Run:
    """The devices that Amplify listed before and after it forgot one, and the access token of its sign-in."""

    before: Named
    after: Named
    bearer: dict[str, str]


def run(config: Mapping[str, str | None], username: str, password: str, forget: str | None = None) -> Run:
    """Sign a user in with Amplify, and forget a device with it.

    Parameters
    ----------
    config : mapping
        userPoolId, userPoolClientId and cognitoEndpoint, as in the page's config.json; the last may be None for AWS.
    username, password : str
    forget : str, optional
        The key of a device of the user.
    """
    with LIBRARIES["amplify"].run() as install:
        call = install({**config, "username": username, "password": password})
        signed_in = call("signin")
        assert "error" not in signed_in, signed_in
        before = call("devices")
        if forget:
            call("forget", forget)
        after = call("devices")
        bearer = {"Authorization": f"Bearer {call('token')}"}
    return Run([(key, name) for key, name in before], [(key, name) for key, name in after], bearer)
