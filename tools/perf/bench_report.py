"""What the measurements come to: figures, ratios, a table, `bench.json`."""

import json
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.perf.measure import AllSamples
from tools.perf.variants import BARE, EMPTY, FASTAPI, OURS, PLAIN

# Figure -> at most what it is to be.
AIMS: Mapping[str, float] = {
    "init_vs_plain": 0.25,
    "init_vs_fastapi": 0.20,
    "init_vs_bare": 1.0,
    "warm_cpu_vs_bare": 1.2,
    "warm_cpu_vs_fastapi": 0.55,
    "memory_vs_bare": 1.35,
    "layer_mb": 15,
    "layer_zip_mb": 5,
}

# Ratio -> a figure, and whose it is compared with.
_RATIOS: Mapping[str, tuple[str, str]] = {
    "init_vs_plain": ("init_ms", PLAIN),
    "init_vs_fastapi": ("init_ms", FASTAPI),
    "init_vs_bare": ("init_ms", BARE),
    "warm_cpu_vs_bare": ("warm_cpu_ms", BARE),
    "warm_cpu_vs_fastapi": ("warm_cpu_ms", FASTAPI),
}

_COLUMNS: Sequence[tuple[str, str, str]] = (
    ("init_ms", "init ms", "{:.0f}"),
    ("first_call_ms", "first call ms", "{:.1f}"),
    ("warm_p50_ms", "warm p50 ms", "{:.2f}"),
    ("warm_p99_ms", "p99 ms", "{:.2f}"),
    ("warm_cpu_ms", "CPU/call ms", "{:.2f}"),
    ("peak_mb", "peak MB", "{:.0f}"),
    ("package_mb", "package MB", "{:.1f}"),
    ("package_zip_mb", "zip MB", "{:.2f}"),
    ("init_instructions_m", "init Minstr", "{:.0f}"),
)


def figures(samples: AllSamples, sizes: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    """Return each variant's figures: medians, with the quartiles of what varies from sample to sample."""
    return {
        name: {
            "init_ms": _median(each.init_ms),
            "init_ms_quartiles": _quartiles(each.init_ms),
            "first_call_ms": _median(each.first_call_ms),
            "first_call_ms_quartiles": _quartiles(each.first_call_ms),
            "warm_p50_ms": _median(each.warm_call_ms),
            "warm_p99_ms": round(statistics.quantiles(each.warm_call_ms, n=100)[98], 3),
            "warm_cpu_ms": _median(each.warm_cpu_ms),
            "warm_cpu_ms_quartiles": _quartiles(each.warm_cpu_ms),
            "peak_mb": _median(each.peak_mb),
            **sizes[name],
        }
        for name, each in samples.items()
    }


def ratios(variants: Mapping[str, Mapping[str, Any]], *, with_the_runtime: bool = False) -> dict[str, float]:
    """Return the figures of AIMS.

    Times are what a variant adds to the empty handler's, which is the runtime's own and the same for all; with the
    runtime, they are the whole. Memory is always the whole.
    """

    def ratio(figure: str, other: str) -> float:
        runtime = 0.0 if with_the_runtime else variants[EMPTY][figure]
        return round(float((variants[OURS][figure] - runtime) / (variants[other][figure] - runtime)), 3)

    return {
        **{name: ratio(figure, other) for name, (figure, other) in _RATIOS.items()},
        "memory_vs_bare": round(float(variants[OURS]["peak_mb"] / variants[BARE]["peak_mb"]), 3),
        "layer_mb": variants[OURS]["layer_mb"],
        "layer_zip_mb": variants[OURS]["layer_zip_mb"],
    }


def spreads(samples: AllSamples) -> dict[str, list[float]]:
    """Return the quartiles of the ratios, round by round and session by session."""
    spread = {}
    for name, (figure, other) in _RATIOS.items():
        runtime = statistics.median(getattr(samples[EMPTY], figure))
        pairs = zip(getattr(samples[OURS], figure), getattr(samples[other], figure), strict=True)
        spread[name] = _quartiles([(ours - runtime) / (theirs - runtime) for ours, theirs in pairs])
    return spread


def table(results: Mapping[str, Any]) -> str:
    """Return the table and the ratios as text; in brackets is how many times as much as ours it is."""
    variants = results["variants"]
    rows = [["", *(title for _, title, _ in _COLUMNS)]]
    for name, variant in variants.items():
        rows.append([name, *(_cell(variant.get(key), variants[OURS].get(key), form) for key, _, form in _COLUMNS)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines += ["", "ours against the others: what each adds to the runtime's own share, the quartiles of the rounds,"]
    lines += ["the aim, and the same with the runtime's share:"]
    for figure, aim in AIMS.items():
        spread = " to ".join(f"{each:.2f}" for each in results["spread"].get(figure, []))
        missed = "" if results[figure] <= aim else "  MISSED"
        whole = results["with_the_runtime"][figure]
        lines.append(f"  {figure:20} {results[figure]:6.3f}  {spread:12}  at most {aim:<5g} {whole:6.3f}{missed}")
    return "\n".join(lines)


def environment(counter: Sequence[str] | None) -> dict[str, Any]:
    """Return what the figures depend on, apart from the code."""
    models = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "processors": len(models),
        "instructions": counter[0] if counter else None,
    }


def write(results: Mapping[str, Any], path: Path) -> None:
    """Write `bench.json`."""
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def _cell(value: float | None, ours: float | None, form: str) -> str:
    if value is None:
        return "-"
    return form.format(value) + (f" ({value / ours:.2f})" if ours else "")


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def _quartiles(values: list[float]) -> list[float]:
    if len(values) == 1:
        return [values[0], values[0]]
    first, _, third = statistics.quantiles(values, n=4)
    return [round(first, 3), round(third, 3)]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
