"""The tables of docs/performance.md, which a test compares with bench.json."""

from collections.abc import Mapping
from typing import Any

from tools.perf import markdown
from tools.perf.bench_report import AIMS
from tools.perf.variants import OURS

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "cold_request_ms": ("cold request, ms", "{:.0f}"),
    "init_ms": ("init, ms", "{:.0f}"),
    "first_call_ms": ("first call, ms", "{:.1f}"),
    "second_call_ms": ("second call, ms", "{:.1f}"),
    "warm_cpu_ms": ("CPU of a warm call, ms", "{:.2f}"),
    "warm_instructions_m": ("its instructions, millions", "{:.2f}"),
    "peak_mb": ("peak memory, MB", "{:.0f}"),
}
_RATIOS: Mapping[str, str] = {
    "cold_request_vs_bare": "cold request: bare boto3",
    "cold_request_vs_plain": "cold request: plain wheels",
    "cold_request_vs_fastapi": "cold request: FastAPI",
    "init_vs_bare": "init: bare boto3",
    "init_vs_plain": "init: plain wheels",
    "init_vs_fastapi": "init: FastAPI",
    "warm_cpu_vs_bare": "CPU of a warm call: bare boto3",
    "warm_cpu_vs_fastapi": "CPU of a warm call: FastAPI",
    "warm_instructions_vs_bare": "instructions of a warm call: bare boto3",
    "memory_vs_bare": "peak memory: bare boto3",
}


def variants_table(results: Mapping[str, Any]) -> str:
    """Return the medians of each variant as a table in Markdown."""
    return markdown.table(
        ["variant", *(title for title, _ in _COLUMNS.values())],
        [
            [f"`{name}`", *(form.format(each[key]) for key, (_, form) in _COLUMNS.items())]
            for name, each in results["variants"].items()
        ],
    )


def ratios_table(results: Mapping[str, Any]) -> str:
    """Return the ratios between ours and other variants as a table in Markdown."""
    return markdown.table(
        [f"`{OURS}` against", "ratio", "quartiles", "of whole times", "aim"],
        [
            [
                title,
                f"{results[key]:.3f}",
                " to ".join(f"{each:.2f}" for each in results["spread"].get(key, [])),
                f"{results['with_the_runtime'][key]:.3f}",
                f"{AIMS[key]:.2f}",
            ]
            for key, title in _RATIOS.items()
        ],
    )
