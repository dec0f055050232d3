"""The steps of a sign-in with SRP: pycognito calculates, and its own `authenticate_user` takes all steps at once."""

from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP


@dataclass(frozen=True)
class Known:
    """What a device keeps after ConfirmDevice."""

    key: str
    group_key: str
    secret: str


def client_side(
    cognito: Any, pool_id: str, client_id: str, username: str, password: str, device: Known | None = None
) -> AWSSRP:
    """Return the client's side of a sign-in, on a new device or on a known one."""
    known = (
        {"device_key": device.key, "device_group_key": device.group_key, "device_password": device.secret}
        if device
        else {}
    )
    return AWSSRP(username=username, password=password, pool_id=pool_id, client_id=client_id, client=cognito, **known)


def proof_of(srp: AWSSRP) -> dict[str, str]:
    """Start the sign-in; return the proof of the password, with the device's key if it is known."""
    parameters = srp.get_auth_params()
    started = srp.client.initiate_auth(ClientId=srp.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    proof: dict[str, str] = srp.process_challenge(started["ChallengeParameters"], parameters)
    return proof


def answer(srp: AWSSRP, challenge: str, responses: dict[str, str], **session: str) -> dict[str, Any]:
    """Respond to a challenge, with a Session or without."""
    response: dict[str, Any] = srp.client.respond_to_auth_challenge(
        ClientId=srp.client_id, ChallengeName=challenge, ChallengeResponses=responses, **session
    )
    return response


def give_password(srp: AWSSRP, *, with_key: bool = True) -> dict[str, Any]:
    """Start the sign-in and prove the password, with a known device's key or without; return the response."""
    proof = proof_of(srp)
    if not with_key:
        del proof["DEVICE_KEY"]
    return answer(srp, "PASSWORD_VERIFIER", proof)


def values_of(srp: AWSSRP, **changed: str) -> dict[str, str]:
    """Return the responses to DEVICE_SRP_AUTH."""
    return {"USERNAME": srp.username, "DEVICE_KEY": srp.device_key, "SRP_A": f"{srp.large_a_value:x}", **changed}


def prove_device(srp: AWSSRP, challenge: dict[str, Any]) -> dict[str, Any]:
    """Respond to DEVICE_SRP_AUTH and to what follows; return the last response."""
    second = answer(srp, "DEVICE_SRP_AUTH", values_of(srp), Session=challenge["Session"])
    proof = srp.process_device_challenge(second["ChallengeParameters"])
    return answer(srp, "DEVICE_PASSWORD_VERIFIER", proof, Session=second["Session"])
