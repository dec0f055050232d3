"""One request of a sign-in: the first one, or the response to a challenge."""

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
    client_id : str
    session : str
        Empty if the request has none.
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
    def of(cls, operation: str, request: Mapping[str, Any], ip: str) -> "Step":
        """Return the step of a valid request."""
        member, name = SIGN_INS[operation]
        parameters = {key: value for key, value in request.get(member, {}).items() if value is not None}
        session = request.get("Session", "")
        return cls(name == "AuthFlow", request[name], request["ClientId"], session, parameters, ip)

    @property
    def device_key(self) -> str | None:
        """The DEVICE_KEY, or None if the client sent none."""
        return self.parameters.get("DEVICE_KEY") or None

    @property
    def secret_block(self) -> str:
        """The SECRET_BLOCK of the challenge, which the client returns with its proof."""
        return self.parameters.get("PASSWORD_CLAIM_SECRET_BLOCK", "")
