"""Modular powers by GMP, which takes a ninth of the time of Python's `pow`.

A sign-in through SRP takes nine powers modulo a number of 3,072 bits: five in Cognito, four in its client.
"""

from types import ModuleType

from gmpy2 import powmod


def power(base: int, exponent: int, modulus: int) -> int:
    """Return what `pow(base, exponent, modulus)` returns. The exponent must not be negative."""
    return int(powmod(base, exponent, modulus))


def accelerate(module: ModuleType) -> None:
    """Let a module use `power` wherever it calls `pow`. All of its calls must have a modulus."""
    vars(module)["pow"] = power
