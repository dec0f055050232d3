"""The figures of `make bench`: medians of the measurements, and ratios between variants."""

import statistics
from collections.abc import Mapping
from typing import Any

from tools.perf.samples import AllSamples
from tools.perf.variants import BARE, EMPTY, FASTAPI, OURS, PLAIN

# Ratio -> the figure, and the variant that ours is compared with.
_RATIOS: Mapping[str, tuple[str, str]] = {
    "cold_request_vs_bare": ("cold_request_ms", BARE),
    "cold_request_vs_plain": ("cold_request_ms", PLAIN),
    "cold_request_vs_fastapi": ("cold_request_ms", FASTAPI),
    "init_vs_plain": ("init_ms", PLAIN),
    "init_vs_fastapi": ("init_ms", FASTAPI),
    "init_vs_bare": ("init_ms", BARE),
    "warm_cpu_vs_bare": ("warm_cpu_ms", BARE),
    "warm_cpu_vs_fastapi": ("warm_cpu_ms", FASTAPI),
}
# Compared by whole times, because a user waits for the runtime too.
_WHOLE = ("cold_request_ms",)


def figures(samples: AllSamples, sizes: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    """Return the figures of each variant: medians, and quartiles of what varies between samples."""
    return {
        name: {
            "cold_request_ms": _median(each.cold_request_ms),
            "cold_request_ms_quartiles": _quartiles(each.cold_request_ms),
            "init_ms": _median(each.init_ms),
            "init_ms_quartiles": _quartiles(each.init_ms),
            "first_call_ms": _median(each.first_call_ms),
            "first_call_ms_quartiles": _quartiles(each.first_call_ms),
            "first_call_cpu_ms": _median(each.first_call_cpu_ms),
            "second_call_ms": _median(each.second_call_ms),
            "warm_p50_ms": _median(each.warm_call_ms),
            "warm_p99_ms": round(statistics.quantiles(each.warm_call_ms, n=100)[98], 3),
            "warm_cpu_ms": _median(each.warm_cpu_ms),
            "warm_cpu_ms_quartiles": _quartiles(each.warm_cpu_ms),
            "peak_mb": _median(each.peak_mb),
            **sizes[name],
        }
        for name, each in samples.items()
    }


def ratios(variants: Mapping[str, Mapping[str, Any]], *, with_the_runtime: bool = False) -> dict[str, float | None]:
    """Return the ratios between ours and other variants, and the size of the layer.

    Inits and CPU times are compared by what a variant adds to the empty handler, whose time is the runtime's own. With
    `with_the_runtime`, they are compared as a whole, as cold requests, memory and instructions always are. The ratio of
    instructions is None if they were not counted.
    """

    def ratio(figure: str, other: str) -> float:
        runtime = 0.0 if with_the_runtime or figure in _WHOLE else variants[EMPTY][figure]
        return round(float((variants[OURS][figure] - runtime) / (variants[other][figure] - runtime)), 3)

    ours, bare = (variants[name].get("warm_instructions_m") for name in (OURS, BARE))
    return {
        **{name: ratio(figure, other) for name, (figure, other) in _RATIOS.items()},
        "warm_instructions_vs_bare": round(ours / bare, 3) if ours and bare else None,
        "memory_vs_bare": round(float(variants[OURS]["peak_mb"] / variants[BARE]["peak_mb"]), 3),
        "layer_mb": variants[OURS]["layer_mb"],
        "layer_zip_mb": variants[OURS]["layer_zip_mb"],
    }


def spreads(samples: AllSamples) -> dict[str, list[float]]:
    """Return the quartiles of the ratios, one ratio per round of cold starts or session of warm calls."""
    spread = {}
    for name, (figure, other) in _RATIOS.items():
        runtime = 0.0 if figure in _WHOLE else statistics.median(getattr(samples[EMPTY], figure))
        pairs = zip(getattr(samples[OURS], figure), getattr(samples[other], figure), strict=True)
        spread[name] = _quartiles([(ours - runtime) / (theirs - runtime) for ours, theirs in pairs])
    return spread


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def _quartiles(values: list[float]) -> list[float]:
    if len(values) == 1:
        return [values[0], values[0]]
    first, _, third = statistics.quantiles(values, n=4)
    return [round(first, 3), round(third, 3)]
