"""What `make bench` runs: packages the variants, measures them, and says what they cost."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from local.sam_cli import require_tools
from tools.perf import bench_report, chart, cognito, instructions, variants
from tools.perf.command import run, say, whole_number
from tools.perf.measure import SESSIONS, Bench, Samples
from tools.perf.runtime import emulator
from tools.perf.variants import Variant

LEAST_COLD, LEAST_WARM = 1, SESSIONS * 10


def main(arguments: list[str] | None = None) -> int:
    """Run; return the exit code."""
    asked = _options(arguments)
    return run(lambda: _run(asked))


def _run(asked: argparse.Namespace) -> None:
    require_tools()
    emulator()
    say("packaging the variants")
    packaged = variants.package(asked.directory / "variants")
    results = _measure(asked, packaged, variants.runtime(asked.directory / "runtime"))
    asked.output.mkdir(parents=True, exist_ok=True)
    bench_report.write(results, asked.output / "bench.json")
    chart.draw(results, asked.output / "bench.svg")
    print(bench_report.table(results))
    say(f"written: {asked.output / 'bench.json'}, {asked.output / 'bench.svg'}")


def _measure(asked: argparse.Namespace, packaged: list[Variant], runtime: Path) -> dict[str, object]:
    samples = {each.name: Samples() for each in packaged}
    logs: Path = asked.directory / "logs"
    logs.mkdir(exist_ok=True)
    counter = None if asked.no_instructions else instructions.counter()
    with cognito.running() as stand_in:
        bench = Bench(runtime, stand_in, logs, say)
        bench.cold(packaged, asked.cold, samples)
        bench.warm(packaged, asked.warm, samples)
        figures = bench_report.figures(samples, {each.name: each.sizes() for each in packaged})
        say(f"instructions of the init, by {counter[0]}" if counter else "instructions are not counted")
        for variant in packaged:
            counted = instructions.millions_in_init(counter, variant, bench.variables(variant))
            figures[variant.name]["init_instructions_m"] = counted
    return {
        **bench_report.ratios(figures),
        "with_the_runtime": bench_report.ratios(figures, with_the_runtime=True),
        "spread": bench_report.spreads(samples),
        "variants": figures,
        "cold_starts": asked.cold,
        "warm_calls": len(samples[variants.OURS].warm_call_ms),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "environment": bench_report.environment(counter),
    }


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.perf.bench", description="Measure cold starts and warm calls."
    )
    parser.add_argument(
        "--cold",
        type=whole_number(LEAST_COLD),
        default=20,
        metavar="N",
        help="cold starts of each variant (default: 20)",
    )
    parser.add_argument(
        "--warm", type=whole_number(LEAST_WARM), default=4000, metavar="N", help="warm calls of each (default: 4000)"
    )
    parser.add_argument("--no-instructions", action="store_true", help="count no instructions, which takes a minute")
    parser.add_argument("--directory", type=Path, default=Path(".bench"), help="for packages and logs")
    parser.add_argument("--output", type=Path, default=Path("tools/perf"), help="for bench.json and bench.svg")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
