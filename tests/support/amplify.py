"""AWS Amplify, a client by others, which signs a user in, lists the user's devices and forgets one."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.local_cloud import NODE, PROJECT

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
    settings = {**config, "username": username, "password": password, "forget": forget}
    finished = subprocess.run(
        [NODE, PROJECT / "tests/spa/amplify.mjs"],
        input=json.dumps(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},  # as in a browser
    )
    assert finished.returncode == 0, finished.stderr
    said = json.loads(finished.stdout)
    before, after = ([(each["id"], each.get("name")) for each in said[when]] for when in ("before", "after"))
    return Run(before, after, {"Authorization": f"Bearer {said['accessToken']}"})
