"""Measures cold starts: how long the init and the first two calls take."""

import time
from collections.abc import Sequence

from tools.perf.event import EVENT
from tools.perf.samples import AllSamples
from tools.perf.setting import Bench, expected_of, rotated
from tools.perf.variants import Variant

# Several periods of the quota, so that the second call is not short of what the first one used.
_PAUSE_SECONDS = 0.1


def measure(bench: Bench, variants: Sequence[Variant], starts: int, samples: AllSamples) -> None:
    """Start each variant `starts` times, and call it twice per start.

    The variants take turns, so that whatever else the machine does slows all of them down alike.
    """
    for number in range(starts):
        bench.say(f"cold starts: round {number + 1} of {starts}")
        for variant in rotated(variants, number):
            expected, sample = expected_of(variant), samples[variant.name]
            with bench.cold_environment(variant) as started:
                sample.first_call_ms.append(started.invoke(EVENT, expected))
                sample.first_call_cpu_ms.append(started.cpu_ms() - started.init_cpu_ms)
                sample.init_ms.append(started.init_ms)
                time.sleep(_PAUSE_SECONDS)
                sample.second_call_ms.append(started.invoke(EVENT, expected))
