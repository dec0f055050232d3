"""Draws bench.svg: what a cold request and a warm call cost in each variant."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tools.perf.variants import EMPTY, OURS

_OURS, _OTHERS = "#0b6bcb", "#9aa5b1"
_PANELS = (
    ("cold_request_ms", "Cold request: init and first call, ms", "{:.0f}"),
    ("init_ms", "Init, ms", "{:.0f}"),
    ("warm_cpu_ms", "Warm call: CPU, ms", "{:.2f}"),
    ("peak_mb", "Peak memory, MB", "{:.0f}"),
)


def draw(results: Mapping[str, Any], path: Path) -> None:
    """Draw the results as bars, shorter is better, with whiskers for the quartiles."""
    # A fixed salt makes the picture reproducible; fonttype none keeps text as text.
    mpl.rcParams.update({"svg.hashsalt": "bench", "svg.fonttype": "none", "font.family": "sans-serif"})
    variants = {name: each for name, each in results["variants"].items() if name != EMPTY}
    figure = Figure(figsize=(14, 3), layout="constrained", facecolor="white")
    for axes, (key, title, form) in zip(figure.subplots(1, len(_PANELS), sharey=True), _PANELS, strict=True):
        values = [each[key] for each in variants.values()]
        quartiles = [each.get(f"{key}_quartiles", [each[key]] * 2) for each in variants.values()]
        below = [max(value - low, 0) for value, (low, _) in zip(values, quartiles, strict=True)]
        above = [max(high - value, 0) for value, (_, high) in zip(values, quartiles, strict=True)]
        colors = [_OURS if name == OURS else _OTHERS for name in variants]
        bars = axes.barh(list(variants), values, xerr=[below, above], color=colors, ecolor="#52606d")
        axes.bar_label(bars, [form.format(value) for value in values], padding=6)
        axes.set_title(title, loc="left", fontsize=11)
        axes.set_xlim(0, max(value + more for value, more in zip(values, above, strict=True)) * 1.2)
        axes.xaxis.set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.spines[:].set_visible(False)
    axes.invert_yaxis()
    figure.savefig(path, metadata={"Date": None})
