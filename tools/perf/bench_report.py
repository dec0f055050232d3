"""The report of `make bench`: a table, and what the figures depend on."""

import platform
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.perf.variants import OURS

# Figure -> the most that it may be.
AIMS: Mapping[str, float] = {
    "cold_request_vs_bare": 0.85,
    "cold_request_vs_plain": 0.25,
    "cold_request_vs_fastapi": 0.17,
    "init_vs_plain": 0.25,
    "init_vs_fastapi": 0.20,
    "init_vs_bare": 1.0,
    "warm_cpu_vs_bare": 1.2,
    "warm_cpu_vs_fastapi": 0.55,
    "warm_instructions_vs_bare": 1.05,
    "memory_vs_bare": 1.35,
    "layer_mb": 15,
    "layer_zip_mb": 5,
}

_WIDTH = 120  # of a terminal
_ROWS: Sequence[tuple[str, str, str]] = (
    ("cold_request_ms", "cold request ms", "{:.0f}"),
    ("init_ms", "init ms", "{:.0f}"),
    ("first_call_ms", "first call ms", "{:.1f}"),
    ("first_call_cpu_ms", "first call CPU ms", "{:.1f}"),
    ("second_call_ms", "second call ms", "{:.1f}"),
    ("warm_p50_ms", "warm call p50 ms", "{:.2f}"),
    ("warm_p99_ms", "warm call p99 ms", "{:.2f}"),
    ("warm_cpu_ms", "warm call CPU ms", "{:.2f}"),
    ("peak_mb", "peak MB", "{:.0f}"),
    ("package_mb", "package MB", "{:.1f}"),
    ("package_zip_mb", "package zip MB", "{:.2f}"),
    ("init_instructions_m", "init M instructions", "{:.0f}"),
    ("warm_instructions_m", "call M instructions", "{:.2f}"),
)


def table(results: Mapping[str, Any]) -> str:
    """Return the table and the ratios as text; numbers in brackets are multiples of ours."""
    variants = results["variants"]
    rows = [["", *variants]]
    for key, title, form in _ROWS:
        rows.append([title, *(_cell(each.get(key), variants[OURS].get(key), form) for each in variants.values())])
    first, *widths = (max(len(row[column]) for row in rows) for column in range(len(rows[0])))
    lines = [
        "  ".join([title.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))])
        for title, *cells in rows
    ]
    lines += [
        "",
        *textwrap.wrap("A cold request is the init and the first call. " + results["processor_note"], _WIDTH),
        "",
        "The columns are ours / other, its quartiles, the aim, and ours / other of whole times. The first ratio of",
        "inits and of CPU times compares what each variant adds to the runtime:",
    ]
    for figure, aim in AIMS.items():
        ratio, whole = results[figure], results["with_the_runtime"][figure]
        if ratio is None:
            lines.append(f"  {figure:25}  not counted")
            continue
        spread = " to ".join(f"{each:.2f}" for each in results["spread"].get(figure, []))
        missed = "" if ratio <= aim else "  MISSED"
        lines.append(f"  {figure:25} {ratio:6.3f}  {spread:12}  at most {aim:<5g} {whole:6.3f}{missed}")
    return "\n".join(lines)


def environment(counter: str | None) -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line for line in lines if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "processors": len(models),
        "instructions": counter,
    }


def _cell(value: float | None, ours: float | None, form: str) -> str:
    if value is None:
        return "-"
    return form.format(value) + (f" ({value / ours:.2f})" if ours else "")
