"""Measures warm calls: how long a call takes, its CPU time, and the memory of the process."""

from collections.abc import Sequence

from tools.perf.event import EVENT
from tools.perf.samples import AllSamples
from tools.perf.setting import WARM_UP, Bench, expected_of, rotated
from tools.perf.variants import Variant

# The layout of a process's memory makes all its calls a little faster or slower: each variant gets several processes.
# Within a session no other variant runs: it would replace this one's code in the processor's caches.
SESSIONS = 8
LEAST_CALLS_PER_SESSION = 100


def measure(bench: Bench, variants: Sequence[Variant], calls: int, samples: AllSamples) -> None:
    """Call each variant at least `calls` times once it is warm; the sessions of the variants take turns."""
    sessions = min(SESSIONS, -(-calls // LEAST_CALLS_PER_SESSION))
    calls_per_session = -(-calls // sessions)
    for session in range(sessions):
        bench.say(f"warm calls: session {session + 1} of {sessions}")
        for variant in rotated(variants, session):
            expected, sample = expected_of(variant), samples[variant.name]
            with bench.environment(variant) as started:
                for _ in range(WARM_UP):
                    started.invoke(EVENT, expected)
                before = started.cpu_ms()
                sample.warm_call_ms += [started.invoke(EVENT, expected) for _ in range(calls_per_session)]
                sample.warm_cpu_ms.append((started.cpu_ms() - before) / calls_per_session)
                sample.peak_mb.append(started.peak_mb())
