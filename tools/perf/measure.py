"""Measures variants in turns, so that what disturbs the machine disturbs them all."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.events import User, filled
from local.sam_cli import PROJECT
from tools.perf.cognito import DEVICE_KEY, StandIn
from tools.perf.runtime import Environment, environment
from tools.perf.variants import EMPTY, Variant, folder_name

# A process that was just started becomes faster for a while, and keeps the luck of its memory's layout. So each variant
# has several sessions, in which it is called until it is warm, and then without a break: another process in between
# would find the processor's caches filled, and leave them filled with its own.
SESSIONS = 8
WARM_UP = 100

# What every variant must answer; tools/perf/cognito.py has the device.
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
    """What was measured of one variant: an item for each cold start, each warm call, and each session of these."""

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
        """Call each variant at least `calls` times once it is warm, in sessions that take turns."""
        a_session = -(-calls // SESSIONS)
        for session in range(SESSIONS):
            self.say(f"warm calls: session {session + 1} of {SESSIONS}")
            for variant in _in_turn(variants, session):
                expected, sample = expected_of(variant), samples[variant.name]
                with self._environment(variant) as started:
                    for _ in range(WARM_UP):
                        started.invoke(EVENT, expected)
                    before = started.cpu_ms()
                    sample.warm_call_ms += [started.invoke(EVENT, expected) for _ in range(a_session)]
                    sample.warm_cpu_ms.append((started.cpu_ms() - before) / a_session)
                    sample.peak_mb.append(started.peak_mb())

    def variables(self, variant: Variant) -> dict[str, str]:
        """Return the environment variables that a variant runs with."""
        return environment(variant, self.runtime, self.stand_in.endpoint, self.stand_in.daemon_address)

    def _environment(self, variant: Variant) -> Environment:
        return Environment(variant, self.variables(variant), self.logs / f"{folder_name(variant.name)}.log")


def _in_turn(variants: Sequence[Variant], number: int) -> list[Variant]:
    """Return the variants, another one first each time: none always follows the same."""
    start = number % len(variants)
    return [*variants[start:], *variants[:start]]


def expected_of(variant: Variant) -> dict[str, Any] | None:
    """Return the body that a variant must answer with; None for any."""
    return None if variant.name == EMPTY else ANSWER


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def event(user: str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", device_key: str = DEVICE_KEY) -> bytes:
    """Return the event in which a user asks for a device, the one that the user's token was issued to."""
    claims = {
        "sub": user,
        "device_key": device_key,
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE",
        "client_id": "1example23456789",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "exp": 4070908800,  # in 2099
        "username": user,
    }
    token = f"{_part({'alg': 'RS256'})}.{_part(claims)}.{'c2lnbmF0dXJl' * 28}"
    text = (PROJECT / "events/get_device.json").read_text()
    return json.dumps(json.loads(filled(text, User(token, device_key)))).encode()


EVENT = event()
