"""One request of a sign-in: the first one, or the response to a challenge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Operation -> the member of its request that has the parameters, and the one that names the flow or the challenge.
SIGN_INS: Mapping[str, tuple[str, str]] = {
    "InitiateAuth": ("AuthParameters", "AuthFlow"),
    "AdminInitiateAuth": ("AuthParameters", "AuthFlow"),
    "RespondToAuthChallenge": ("ChallengeResponses", "ChallengeName"),
    "AdminRespondToAuthChallenge": ("ChallengeResponses", "ChallengeName"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a sign-in.

    Attributes
    ----------
    starts : bool
        Whether it starts a sign-in; otherwise it responds to a challenge.
    name : str
        The flow or the challenge, such as USER_SRP_AUTH.
    client_id, session : str
        Empty if the request has none, as all values that are not strings.
    parameters : mapping of str to str
    ip : str
        The client's address.
    """

    starts: bool
    name: str
    client_id: str
    session: str
    parameters: Mapping[str, str]
    ip: str

    @classmethod
    def parse(cls, operation: str, body: bytes, ip: str) -> "Step":
        """Return the step of a request's body. The wrapped emulator rejects a malformed one."""
        member, name = SIGN_INS[operation]
        request = object_of(body)
        parameters = request.get(member)
        strings = {key: value for key, value in request.items() if isinstance(value, str)}
        return cls(
            name == "AuthFlow",
            strings.get(name, ""),
            strings.get("ClientId", ""),
            strings.get("Session", ""),
            {key: value for key, value in parameters.items() if isinstance(value, str)}
            if isinstance(parameters, dict)
            else {},
            ip,
        )

    @property
    def device_key(self) -> str | None:
        """The DEVICE_KEY, or None if the client sent none."""
        return self.parameters.get("DEVICE_KEY") or None

    @property
    def handle(self) -> str:
        """What ties the response to its challenge: the Session, or without one the SECRET_BLOCK."""
        return self.session or self.parameters.get("PASSWORD_CLAIM_SECRET_BLOCK", "")


def object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request's body, empty if the body is anything else."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}
