"""`make bench-page`: the figures that docs/performance.md has."""

import json

from local.sam_cli import PROJECT
from tools.perf import page


def test_the_document_has_the_measured_table() -> None:
    results = json.loads((PROJECT / "tools/perf/page.json").read_text())
    document = (PROJECT / "docs/performance.md").read_text(encoding="utf-8").replace("\n", " ")

    assert page.table(results).replace("\n", " ") in document
    assert f"medians of {results['runs']} first views on {results['date']}" in document
