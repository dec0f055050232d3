"""`make bench`: package the variants, measure them, and write what they cost.

python -m tools.perf.bench [--cold N] [--warm N]
"""

import argparse
import datetime as dt
import sys
from pathlib import Path

from local.sam_cli import require_tools
from tools.perf import (
    bench_figures,
    bench_report,
    certificates,
    chart,
    cognito,
    cold,
    instructions,
    processor,
    runtime,
    variants,
    warm,
)
from tools.perf.command import run, say, whole_number, write
from tools.perf.samples import Samples
from tools.perf.setting import Bench
from tools.perf.variants import Variant

LEAST_COLD, LEAST_WARM = 1, 10


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    return run(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    require_tools()
    runtime.emulator()
    say("packaging the variants")
    packaged = variants.package(options.directory / "variants", options.built)
    results = _measure(options, packaged, variants.runtime(options.directory / "runtime"))
    write(results, options.output / "bench.json")
    chart.draw(results, options.output / "bench.svg")
    print(bench_report.table(results))
    say(f"written: {options.output / 'bench.json'}, {options.output / 'bench.svg'}")


def _measure(options: argparse.Namespace, packaged: list[Variant], runtime_folder: Path) -> dict[str, object]:
    samples = {each.name: Samples() for each in packaged}
    sizes = {each.name: each.sizes() for each in packaged}
    logs: Path = options.directory / "logs"
    logs.mkdir(exist_ok=True)
    chain = certificates.create(options.directory / "certificates")
    for folder in (runtime_folder, *(each.layer for each in packaged if each.layer)):
        certificates.trust(chain.root, folder)
    counter = None if options.no_instructions else instructions.counter()
    with cognito.running("tools.perf.cognito", str(chain.server)) as stand_in, processor.limited() as quota:
        bench = Bench(runtime_folder, stand_in, logs, quota, say)
        say(quota.sentence())
        cold.measure(bench, packaged, options.cold, samples)
        warm.measure(bench, packaged, options.warm, samples)
        figures = bench_figures.figures(samples, sizes)
        say(f"counting instructions with {counter.name}" if counter else "not counting instructions")
        for variant in packaged:
            figures[variant.name] |= instructions.count(counter, bench, variant)
    return {
        **bench_figures.ratios(figures),
        "with_the_runtime": bench_figures.ratios(figures, with_the_runtime=True),
        "spread": bench_figures.spreads(samples),
        "variants": figures,
        "processor_share": round(quota.share, 3),
        "processor_period_ms": quota.period_ms,
        "processor_note": quota.sentence(),
        "tls": stand_in.endpoint.startswith("https:"),
        "cold_starts": options.cold,
        "warm_calls": len(samples[variants.OURS].warm_call_ms),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "environment": bench_report.environment(counter.name if counter else None),
    }


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.perf.bench", description="Measure cold requests and warm calls of the function."
    )
    cold_starts, warm_calls = whole_number(LEAST_COLD), whole_number(LEAST_WARM)
    parser.add_argument("--cold", type=cold_starts, default=20, metavar="N", help="cold starts per variant (20)")
    parser.add_argument("--warm", type=warm_calls, default=4000, metavar="N", help="warm calls per variant (4000)")
    parser.add_argument("--no-instructions", action="store_true", help="save the minutes of counting instructions")
    parser.add_argument("--built", type=Path, help="folder of a finished sam build to measure (default: build)")
    parser.add_argument("--directory", type=Path, default=Path(".bench"), help="folder for packages and logs (.bench)")
    parser.add_argument(
        "--output", type=Path, default=Path("tools/perf"), help="folder for bench.json and bench.svg (tools/perf)"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
