"""The proofs that the page's Amplify calculates for devices, many times: padding errors show once in some dozens."""

import base64
import secrets
import uuid

from local.cognito.srp import Challenge, padded
from tests.support.apps import in_node

_SIGN_INS = 100


def test_amplifys_proofs_are_accepted() -> None:
    with in_node("proofs") as install:
        for _ in range(_SIGN_INS):
            # Given
            key, group_key = f"us-east-1_{uuid.uuid4()}", f"-{secrets.token_hex(4)}"
            device = install({"key": key, "groupKey": group_key})
            sent = device("register")
            secret_block = secrets.token_bytes(64)

            # When
            challenge = Challenge.of(int(sent["verifier"], 16), int(sent["a"], 16))
            parameters = {
                "SALT": padded(int(sent["salt"], 16)).hex(),
                "SRP_B": f"{challenge.b_public:x}",
                "SECRET_BLOCK": base64.b64encode(secret_block).decode(),
            }
            proof = device("prove", parameters)

            # Then
            signed = (group_key.encode(), key.encode(), secret_block, proof["timestamp"].encode())
            assert challenge.is_proof(base64.b64decode(proof["signature"]), *signed), (sent, challenge, proof)
