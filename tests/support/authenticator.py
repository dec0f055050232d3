"""A user's authenticator app: the second factor of the tests."""

import base64
import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP


def code_of(secret: str) -> str:
    """Return the present code of an app that has this secret, the SecretCode of AssociateSoftwareToken."""
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303 - Cognito's, by RFC 6238
    return totp.generate(int(time.time())).decode()


class Authenticator:
    """An authenticator app, which Cognito asks for a code at the user's next sign-in."""

    def __init__(self, cognito: Any, access_token: str, *, waits: bool = False) -> None:
        """Register the app for the user of an access token.

        Amazon Cognito takes each code once: let `code` wait for the next one there. The local cloud takes it again.
        """
        self._waits, self._last = waits, ""
        self._secret = cognito.associate_software_token(AccessToken=access_token)["SecretCode"]
        cognito.verify_software_token(AccessToken=access_token, UserCode=self.code())
        cognito.set_user_mfa_preference(
            AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )

    def code(self) -> str:
        """Return the code that the app shows."""
        while (code := code_of(self._secret)) == self._last and self._waits:
            time.sleep(1)
        self._last = code
        return code
