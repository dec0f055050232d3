"""`make bench`: the figures that docs/performance.md has."""

import json

from local.sam_cli import PROJECT
from tools.perf import bench_document


def test_the_document_has_the_measured_tables() -> None:
    results = json.loads((PROJECT / "tools/perf/bench.json").read_text())
    document = (PROJECT / "docs/performance.md").read_text(encoding="utf-8")

    assert bench_document.variants_table(results) in document
    assert bench_document.ratios_table(results) in document
    assert f"Measured on {results['date']}" in document
