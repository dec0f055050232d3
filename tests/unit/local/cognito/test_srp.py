"""The server's side of SRP, against pycognito's client side without HTTP."""

import base64
from unittest.mock import Mock

import pytest
from pycognito import aws_srp
from pycognito.aws_srp import AWSSRP, generate_hash_device

from local.cognito.srp import Challenge, N, padded

GROUP, KEY = "-group", "us-east-1_key"
SIGN_INS = 150  # a padding error shows once in some dozens


def decoded(text: str) -> int:
    return int.from_bytes(base64.b64decode(text))


def proof(secret: str, salt: int, client: AWSSRP, challenge: Challenge) -> tuple[bytes, list[bytes]]:
    """Return a client's signature, and the parts that it signs."""
    client.device_key, client.device_group_key, client.device_password = KEY, GROUP, secret
    response = client.process_device_challenge(
        {
            "USERNAME": "dart",
            "SALT": padded(salt).hex(),
            "SRP_B": f"{challenge.b_public:x}",
            "SECRET_BLOCK": base64.b64encode(b"block").decode(),
        }
    )
    signed = [GROUP.encode(), KEY.encode(), b"block", response["TIMESTAMP"].encode()]
    return base64.b64decode(response["PASSWORD_CLAIM_SIGNATURE"]), signed


def client() -> AWSSRP:
    return AWSSRP("dart", "password", "us-east-1_pool", "client", client=Mock())


def test_the_proof_of_a_client_that_knows_the_secret_is_accepted() -> None:
    for _ in range(SIGN_INS):
        # Given
        secret, config = generate_hash_device(GROUP, KEY)
        device = client()
        challenge = Challenge.of(decoded(config["PasswordVerifier"]), device.large_a_value)
        # When
        signature, signed = proof(secret, decoded(config["Salt"]), device, challenge)
        # Then
        assert challenge.is_proof(signature, *signed), (secret, config, device.small_a_value, challenge)


@pytest.mark.parametrize("salt", [0, 1, 0x7F, 0x80, 0xFF, 1 << 119, (1 << 120) - 1, 1 << 127])
def test_a_salt_with_zeros_in_front_is_padded_as_the_client_pads_it(monkeypatch: pytest.MonkeyPatch, salt: int) -> None:
    # Given
    device = client()
    monkeypatch.setattr(aws_srp, "get_random", lambda _: salt)
    secret, config = generate_hash_device(GROUP, KEY)
    challenge = Challenge.of(decoded(config["PasswordVerifier"]), device.large_a_value)
    # When
    signature, signed = proof(secret, decoded(config["Salt"]), device, challenge)
    # Then
    assert challenge.is_proof(signature, *signed)


def test_a_proof_without_the_secret_is_refused() -> None:
    # Given
    secret, config = generate_hash_device(GROUP, KEY)
    device = client()
    challenge = Challenge.of(decoded(config["PasswordVerifier"]), device.large_a_value)
    signature, signed = proof(secret, decoded(config["Salt"]), device, challenge)
    # Then
    assert not challenge.is_proof(signature, *signed[:-1], b"another time")
    assert not challenge.is_proof(signature[:-1], *signed)
    assert not challenge.is_proof(*wrong(secret[:-1], config["Salt"], device, challenge))


def wrong(secret: str, salt: str, device: AWSSRP, challenge: Challenge) -> tuple[bytes, ...]:
    signature, signed = proof(secret, decoded(salt), device, challenge)
    return (signature, *signed)


@pytest.mark.parametrize("a_public", [0, N, 2 * N])
def test_a_public_value_that_makes_the_secret_needless_is_refused(a_public: int) -> None:
    with pytest.raises(ValueError, match="multiple of N"):
        Challenge.of(5, a_public)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "00"), (1, "01"), (0x7F, "7f"), (0x80, "0080"), (0xFFF, "0fff"), (0x8000, "008000")]
)
def test_a_number_with_a_high_first_bit_gets_a_zero_in_front(number: int, expected: str) -> None:
    assert padded(number).hex() == expected


def test_each_challenge_has_a_secret_of_its_own() -> None:
    assert Challenge.of(5, 7).b_secret != Challenge.of(5, 7).b_secret
