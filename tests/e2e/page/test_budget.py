"""The budget of the page's first view, on one origin as `make deploy-page` deploys it. No test looks at a time."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from local.demo import PASSWORD
from tests.support.commands import printed
from tests.support.page_double import page_double
from tests.support.users import User
from tools.perf import browser as browsers
from tools.perf import local_api, page
from tools.perf.first_view import BUDGET, measure
from tools.perf.traffic import Network, Traffic


def test_the_first_view_keeps_its_budget(
    browser: Browser, session: dict[str, Any], config: dict[str, str], owner: User
) -> None:
    with page_double(config, session["api_url"]) as url:
        view = measure(browser, url, owner.email, PASSWORD)

    # Before the form can be used
    assert view.form.requests <= BUDGET.form_requests
    assert view.form.bytes <= BUDGET.form_bytes
    # Before the first device is shown, without a preflight to the page's own origin, and without further files
    assert (view.api.requests, view.api.preflights) == (BUDGET.api_requests, 0)
    assert view.files == Traffic(0, 0, 0)


def test_make_bench_page_writes_what_it_prints(
    browser: Browser, session: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the running local cloud and browser of the tests, and a fast network
    monkeypatch.setattr(local_api, "running", lambda _: nullcontext(session))
    monkeypatch.setattr(browsers, "chromium", lambda: nullcontext(browser))
    monkeypatch.setattr(page, "NETWORK", Network("fast", latency=1, download=1e7, upload=1e7))

    # When
    shown = printed(page.main, "--runs", "2", "--output", str(tmp_path))

    # Then
    results = json.loads((tmp_path / "page.json").read_text())
    assert shown == page.table(results) + "\n"
    assert (results["network"], results["runs"], results["browser"]) == ("fast", 2, browser.version)
    assert results["api"]["requests"] == BUDGET.api_requests
    assert results["device"]["requests"] == results["cognito"]["requests"] + BUDGET.api_requests
    assert 0 < results["form"]["ms"] <= results["form"]["ms_range"][1]
