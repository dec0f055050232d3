"""Access tokens in the form of a Cognito user pool's, with a fake signature."""

import base64
import json
from collections.abc import Mapping
from types import MappingProxyType

DEVICE_KEY = "us-west-2_a1b2c3d4-5678-90ab-cdef-0123456789ab"
SCOPE = "aws.cognito.signin.user.admin"
IN_2099 = 4070908800
IN_2024 = 1714568400

_CLAIMS: dict[str, object] = {
    "token_use": "access",
    "exp": IN_2099,
    "scope": SCOPE,
    "username": "demo",
    "device_key": DEVICE_KEY,
}


def jwt(payload: bytes, *, signature: str = "c2lnbmF0dXJl") -> str:
    """Return a compact JWT around any payload."""
    header, middle = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"RS256"}', payload))
    return f"{header}.{middle}.{signature}"


def access_token(
    changes: Mapping[str, object] = MappingProxyType({}), *, without: str | None = None, signature: str = "c2lnbmF0dXJl"
) -> str:
    """Return an access token with `changes` to its claims and without the claim `without`."""
    claims = {name: value for name, value in (_CLAIMS | dict(changes)).items() if name != without}
    return jwt(json.dumps(claims).encode(), signature=signature)


# Its claims are nested too deep to be decoded.
DEEP = jwt(b"[" * 50_000)
