"""A user's authenticator app: the second factor of the tests."""

import time
from typing import Any

import pyotp


class Authenticator:
    """An authenticator app, which Cognito asks for a code at the user's next sign-in."""

    def __init__(self, cognito: Any, access_token: str, *, waits: bool = False) -> None:
        """Register the app for the user of an access token.

        Amazon Cognito takes each code once: let `code` wait for the next one there. The local cloud takes it again.
        """
        self._waits, self._last = waits, ""
        self._codes = pyotp.TOTP(cognito.associate_software_token(AccessToken=access_token)["SecretCode"])
        cognito.verify_software_token(AccessToken=access_token, UserCode=self.code())
        cognito.set_user_mfa_preference(
            AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )

    def code(self) -> str:
        """Return the code that the app shows."""
        code = self._codes.now()
        while self._waits and code == self._last:
            time.sleep(1)
            code = self._codes.now()
        self._last = code
        return code
