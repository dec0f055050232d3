"""Apps with each client library, installed on devices. All have the same methods, so that one test runs with each."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from tests.support.browsers import chromium
from tests.support.local_cloud import NODE, PROJECT
from tests.support.python_apps import Boto3App, PycognitoApp
from tests.support.user_pools import Pool

_SPA = PROJECT / "tests/spa"
_numbers = count()

# userPoolId, userPoolClientId, cognitoEndpoint (all as in the page's config.json), username, password
type Settings = Mapping[str, str | None]
# Calls a method of an app, and returns its result. A dict with `error` says how it failed.
type Call = Callable[..., Any]
type Install = Callable[[Settings], Call]
# Creates a user in a pool, and returns what installs the user's app on one more device.
type AddUser = Callable[[Pool], Callable[[], "App"]]
type Stored = Literal["deviceKey", "deviceGroupKey", "randomPasswordKey"]


@dataclass(frozen=True)
class App:
    """An app on one device, with the device's own storage.

    The methods that sign in return {"device": the access token's device key or None, "signedIn": True}, or
    {"challenge": its name}. If a method fails, it returns {"error": "NameOfException: message"}, where the app is told.
    """

    call: Call

    def sign_in(self) -> Any:
        """Sign in with the user's password, as an app does whose user has signed out or not."""
        return self.call("signin")

    def answer(self, code: str) -> Any:
        """Answer the challenge of a sign-in with a code of the authenticator app."""
        return self.call("answer", code)

    def refresh(self) -> Any:
        """Refresh the tokens."""
        return self.call("refresh")

    def session(self) -> Any:
        """Return what the app has of its session, without a request."""
        return self.call("session")

    def remember(self) -> Any:
        """Remember this device."""
        return self.call("remember")

    def forget(self, key: str | None = None) -> Any:
        """Forget this device, or another."""
        return self.call("forget", *filter(None, [key]))

    def sign_out_everywhere(self) -> Any:
        """Sign the user out globally."""
        return self.call("signout")

    def set_up_totp(self) -> Any:
        """Return the secret for an authenticator app."""
        return self.call("totp")

    def require_totp(self, code: str) -> Any:
        """Show that the authenticator app works, and prefer its codes as second factor."""
        return self.call("mfa", code)

    def stored(self, name: Stored) -> Any:
        """Return what the library stored of the device."""
        return self.call("stored", name)

    def store(self, name: Stored, value: str | None) -> None:
        """Change what the library stored of the device; None removes it."""
        self.call("stored", name, value)


@contextmanager
def in_node(module: str) -> Iterator[Install]:
    """Run a module of tests/spa that exports `install`, in Node."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}  # as in a browser
    with subprocess.Popen(
        [NODE, _SPA / "run.mjs", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    ) as process:
        requests, responses = process.stdin, process.stdout
        assert requests
        assert responses

        def install(settings: Settings) -> Call:
            name = next(_numbers)

            def call(method: str, *args: object) -> Any:
                job = {"on": name, "settings": dict(settings), "method": method, "args": args}
                print(json.dumps(job), file=requests, flush=True)
                return json.loads(responses.readline())

            return call

        yield install
        requests.close()


@contextmanager
def _in_a_browser() -> Iterator[Install]:
    bundle = subprocess.run(
        [
            *(NODE, _SPA / "node_modules/esbuild/bin/esbuild", _SPA / "amplify.mjs"),
            *("--bundle", "--format=iife", "--global-name=amplify", "--log-level=warning"),
        ],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    with chromium() as browser:

        def install(settings: Settings) -> Call:
            page = browser.new_context().new_page()  # each context has a localStorage of its own
            page.route("**/app", lambda route: route.fulfill(content_type="text/html", body="<!doctype html>"))
            page.goto("http://localhost:3000/app")
            page.add_script_tag(content=bundle)
            page.evaluate("settings => { globalThis.app = amplify.install(settings) }", dict(settings))

            def call(method: str, *args: str | None) -> Any:
                return page.evaluate("([method, args]) => amplify.call(app, method, args)", [method, args])

            return call

        yield install


@contextmanager
def _in_python(app: type[Boto3App]) -> Iterator[Install]:
    yield lambda settings: app(settings).call


@dataclass(frozen=True)
class Library:
    """A client library, and what it does by itself.

    Attributes
    ----------
    run : callable
        Runs it while a block runs, and yields a function that installs an app.
    drops_what_is_stale : bool
        If Cognito does not know the device, it drops the key and signs in as a new device. If Cognito refuses a
        refresh, it drops the tokens, which signs the app out.
    refreshes_with_key : bool
        It sends the device's key with a refresh.
    """

    run: Callable[[], AbstractContextManager[Install]]
    drops_what_is_stale: bool = False
    refreshes_with_key: bool = True


LIBRARIES: Mapping[str, Library] = {
    "amplify": Library(lambda: in_node("amplify"), drops_what_is_stale=True),
    "amplify-chromium": Library(_in_a_browser, drops_what_is_stale=True),
    "identity-js": Library(lambda: in_node("identity"), drops_what_is_stale=True),
    "sdk-js": Library(lambda: in_node("sdk")),
    "boto3": Library(lambda: _in_python(Boto3App)),
    "pycognito": Library(lambda: _in_python(PycognitoApp), refreshes_with_key=False),
}
