"""The report of `make bench-imports`: a table of what each change of the layer's libraries spares an init."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Init:
    """What an init with some layer takes: millions of instructions, CPU time in milliseconds, imported modules."""

    instructions_m: float
    cpu_ms: float
    modules: int


def table(reported: Sequence[str], inits: Sequence[Init]) -> str:
    """Return what the changes spare, in percent of the init with all of them, as a Markdown table.

    Parameters
    ----------
    reported : sequence of str
        The changed modules to report.
    inits : sequence of Init
        With all changes, with none, without each reported one, and with each reported one alone.
    """
    everything, nothing = inits[:2]
    without, alone = inits[2 : 2 + len(reported)], inits[2 + len(reported) :]
    lines = [
        "| Changed module | instructions | CPU time | modules | alone: instructions | CPU time | modules |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {module} | {_spared(left_out, everything, everything)} | {_spared(nothing, only, everything)} |"
            for module, left_out, only in zip(reported, without, alone, strict=True)
        ),
        f"| all | {_spared(nothing, everything, everything)} | | | |",
    ]
    total = (
        f"{everything.instructions_m:.0f} million instructions, {everything.cpu_ms:.0f} ms of CPU time, "
        f"{everything.modules} modules"
    )
    return "\n".join([*lines, "", f"An init with all changes takes {total}."])


def _spared(before: Init, after: Init, whole: Init) -> str:
    instructions_m = (before.instructions_m - after.instructions_m) / whole.instructions_m
    cpu_ms = (before.cpu_ms - after.cpu_ms) / whole.cpu_ms
    return f"{instructions_m:.2%} | {cpu_ms:.1%} | {before.modules - after.modules}"
