"""Measures cold starts: how long the init and the first call take."""

from collections.abc import Sequence

from tools.perf.event import EVENT
from tools.perf.setting import AllSamples, Bench, expected_of, rotated
from tools.perf.variants import Variant


def measure(bench: Bench, variants: Sequence[Variant], starts: int, samples: AllSamples) -> None:
    """Start each variant `starts` times, and call it once per start.

    The variants take turns, so that whatever else the machine does slows all of them down alike.
    """
    for number in range(starts):
        bench.say(f"cold starts: round {number + 1} of {starts}")
        for variant in rotated(variants, number):
            with bench.environment(variant) as started:
                samples[variant.name].first_call_ms.append(started.invoke(EVENT, expected_of(variant)))
                samples[variant.name].init_ms.append(started.init_ms)
