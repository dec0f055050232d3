"""Cognito's side of the Secure Remote Password protocol, by which a device proves that it has its password.

The protocol is SRP-6a (RFC 5054, section 2) with SHA-256, the 3072-bit group of RFC 3526, section 4, and the generator
2. AWS does not document how numbers are padded and what the proof is: both are as AWS's own clients compute them.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from local.powers import power

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
_SECRET_BITS = 256  # the least that RFC 5054, section 2.5.3, allows
_KEY_BYTES = 16


def padded(number: int) -> bytes:
    """Return a positive number in the shortest two's-complement form: a zero byte precedes a high first bit."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest())


_K = _hashed(padded(N), padded(G))


@dataclass(frozen=True, slots=True)
class Challenge:
    """One exchange with a client that must know the password of `verifier`.

    Attributes
    ----------
    verifier : int
        What the client registered: g^x mod N, where x depends on the password and its salt.
    a_public : int
        The client's public value A.
    b_secret : int
        The secret exponent b.
    """

    verifier: int
    a_public: int
    b_secret: int

    @classmethod
    def of(cls, verifier: int, a_public: int) -> "Challenge":
        """Start an exchange; raise ValueError if A is a multiple of N, with which no password would be needed."""
        if a_public % N == 0:
            raise ValueError("A is a multiple of N")
        return cls(verifier, a_public, secrets.randbits(_SECRET_BITS))

    @property
    def b_public(self) -> int:
        """The public value B, which the client needs."""
        return (_K * self.verifier + power(G, self.b_secret, N)) % N

    def is_proof(self, signature: bytes, *signed: bytes) -> bool:
        """Return whether a client that knows the password has signed these parts."""
        u = _hashed(padded(self.a_public), padded(self.b_public))
        shared = power(self.a_public * power(self.verifier, u, N), self.b_secret, N)
        # HKDF (RFC 5869) with one block, cut to 16 bytes
        pseudorandom = _hmac(padded(u), padded(shared))
        key = _hmac(pseudorandom, b"Caldera Derived Key\x01")[:_KEY_BYTES]
        return hmac.compare_digest(_hmac(key, *signed), signature)


def _hmac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")
