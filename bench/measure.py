"""Measures variants in turns, so that what disturbs the machine disturbs them all."""

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.cognito import DEVICE_KEY, StandIn
from bench.lambda_runtime import Environment, environment
from bench.variants import EMPTY, Variant, folder_name
from local.events import User, filled
from local.sam_cli import PROJECT

# A process that was just started calls faster and faster, and keeps the luck of its memory's layout: so each variant
# has several, which are called until they are warm, and then in blocks that take turns.
SESSIONS = 5
WARM_UP = 100
BLOCK = 200

# What every variant must answer; bench/cognito.py has the device.
ANSWER = {
    "deviceKey": DEVICE_KEY,
    "name": "Firefox on Linux",
    "status": "valid",
    "lastIpUsed": "192.0.2.0/24",
    "current": True,
    "createdAt": "2024-05-07T16:52:22.022Z",
    "lastModifiedAt": "2024-08-09T20:00:51.167Z",
    "lastAuthenticatedAt": "2024-05-07T16:52:22.000Z",
}


@dataclass
class Samples:
    """What was measured of one variant: an item for each cold start, each warm call, each block, each session."""

    init_ms: list[float] = field(default_factory=list)
    first_call_ms: list[float] = field(default_factory=list)
    warm_call_ms: list[float] = field(default_factory=list)
    warm_cpu_ms: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


type AllSamples = dict[str, Samples]


@dataclass(frozen=True)
class Bench:
    """What the measurements share: the folder that stands for /var/runtime, Cognito, and where logs go."""

    runtime: Path
    stand_in: StandIn
    logs: Path
    say: Callable[[str], None]

    def cold(self, variants: Sequence[Variant], starts: int, samples: AllSamples) -> None:
        """Start each variant `starts` times, in turns, and call it once each time."""
        for number in range(starts):
            self.say(f"cold starts: round {number + 1} of {starts}")
            for variant in _in_turn(variants, number):
                with self._environment(variant) as started:
                    samples[variant.name].first_call_ms.append(started.invoke(EVENT, expected_of(variant)))
                    samples[variant.name].init_ms.append(started.init_ms)

    def warm(self, variants: Sequence[Variant], calls: int, samples: AllSamples) -> None:
        """Call each variant about `calls` times once it is warm, in blocks that take turns."""
        for session in range(SESSIONS):
            self.say(f"warm calls: session {session + 1} of {SESSIONS}")
            with ExitStack() as stack:
                started = {each.name: stack.enter_context(self._environment(each)) for each in variants}
                for variant in variants:
                    for _ in range(WARM_UP):
                        started[variant.name].invoke(EVENT, expected_of(variant))
                for number in range(-(-calls // (SESSIONS * BLOCK))):
                    for variant in _in_turn(variants, number):
                        calls_ms, cpu_ms = self._block(started[variant.name], variant, BLOCK)
                        samples[variant.name].warm_call_ms += calls_ms
                        samples[variant.name].warm_cpu_ms.append(cpu_ms / BLOCK)
                for variant in variants:
                    samples[variant.name].peak_mb.append(started[variant.name].peak_mb())

    @staticmethod
    def _block(warm: Environment, variant: Variant, calls: int) -> tuple[list[float], float]:
        before = warm.cpu_ms()
        return [warm.invoke(EVENT, expected_of(variant)) for _ in range(calls)], warm.cpu_ms() - before

    def _environment(self, variant: Variant) -> Environment:
        variables = environment(variant, self.runtime, self.stand_in.endpoint, self.stand_in.daemon_address)
        return Environment(variant, variables, self.logs / f"{folder_name(variant.name)}.log")


def _in_turn(variants: Sequence[Variant], number: int) -> list[Variant]:
    """Return the variants, another one first each time: none always follows the same."""
    start = number % len(variants)
    return [*variants[start:], *variants[:start]]


def expected_of(variant: Variant) -> dict[str, Any] | None:
    """Return the body that a variant must answer with; None for any."""
    return None if variant.name == EMPTY else ANSWER


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _event() -> bytes:
    user = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    claims = {
        "sub": user,
        "device_key": DEVICE_KEY,
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE",
        "client_id": "1example23456789",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "exp": 4070908800,  # in 2099
        "username": user,
    }
    token = f"{_part({'alg': 'RS256'})}.{_part(claims)}.{'c2lnbmF0dXJl' * 28}"
    text = (PROJECT / "events/get_device.json").read_text()
    event = json.loads(filled(text, User(token, DEVICE_KEY)))
    return json.dumps(event).encode()


EVENT = _event()
