"""`make scaling`: what its costs assume of the bundled page."""

import gzip

import pytest

from local.page_files import DIST
from tools.scaling import assumptions


def test_the_pages_files_have_the_assumed_number_and_length() -> None:
    assets = list(DIST.glob("assets/*"))

    length = sum(len(gzip.compress(each.read_bytes())) for each in [DIST / "index.html", *assets])

    assert len(assets) == assumptions.ASSETS
    assert length == pytest.approx(assumptions.RELEASE_BYTES, rel=0.1)
