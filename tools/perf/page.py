"""`make bench-page`: start the local cloud, open the page in Chromium on a slow network, and write the figures.

python -m tools.perf.page [--runs N]
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from local import demo
from local import page as local_page
from local.deployment import client
from local.session import Session, page_config
from tools.perf import browser, first_view, local_api, markdown, runtime, traffic
from tools.perf.command import run, say, whole_number, write
from tools.perf.first_view import FirstView
from tools.perf.traffic import Traffic

_RUNS = (1, 50)
_DEVICES = ("Phone", "Laptop")  # besides the browser itself
NETWORK = traffic.SLOW_4G
# Key in page.json -> the row's title, and how to take its traffic and its milliseconds from a first view.
_ROWS: Mapping[str, tuple[str, Callable[[FirstView], Traffic], Callable[[FirstView], float] | None]] = {
    "form": ("sign-in form, until it can be used", lambda view: view.form, lambda view: view.form_ms),
    "cognito": ("from the sign-in to the first device: Cognito", lambda view: view.cognito, None),
    "api": ("from the sign-in to the first device: the API", lambda view: view.api, None),
    "device": (
        "from the sign-in to the first device: all",
        lambda view: view.cognito + view.api + view.files,
        lambda view: view.device_ms,
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    return run(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    with browser.chromium() as chromium:
        say("starting the local cloud")
        with local_api.running(options.directory) as session:
            results = _figures(_measure(chromium, session, options.runs), chromium.version)
    written = options.output / "page.json"
    write(results, written)
    print(table(results))
    say(f"written: {written}")


def _measure(chromium: Browser, session: Session, runs: int) -> list[FirstView]:
    """Measure the page on one origin with the API, as `make deploy-page` deploys it, each time with a new user."""
    port, _ = runtime.free_ports()
    config = {**page_config(session), "apiUrl": "/v1"}
    views = []
    with local_page.serving(port, config, api_url=session["api_url"]):
        for number in range(runs):
            say(f"first view {number + 1} of {runs} on {NETWORK.name}")
            url = f"{local_page.origin(port)}/"
            views.append(first_view.measure(chromium, url, _user(session), demo.PASSWORD, NETWORK))
    return views


def _user(session: Session) -> str:
    """Create a user with devices, and return the email address."""
    email = f"{uuid.uuid4()}@example.com"
    pool = (session["user_pool_id"], session["user_pool_client_id"])
    demo.create_user(client("cognito-idp", session["cognito_endpoint"]), pool[0], email)
    cognito, _ = demo.client_of(session["cognito_endpoint"])
    for name in _DEVICES:
        demo.confirm_device(cognito, demo.sign_in(cognito, *pool, email), name)
    return email


def _figures(views: Sequence[FirstView], version: str) -> dict[str, Any]:
    """Return the most requests and bytes of any view, and the medians of the times."""
    figures: dict[str, Any] = {}
    for key, (_, traffic_of, ms_of) in _ROWS.items():
        traffic = [traffic_of(view) for view in views]
        figures[key] = {
            "requests": max(each.requests for each in traffic),
            "preflights": max(each.preflights for each in traffic),
            "bytes": max(each.bytes for each in traffic),
        }
        if ms_of:
            times = sorted(map(ms_of, views))
            figures[key] |= {"ms": round(statistics.median(times)), "ms_range": [round(times[0]), round(times[-1])]}
    return {
        **figures,
        "network": NETWORK.name,
        "runs": len(views),
        "browser": version,
        "processors": os.cpu_count(),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }


def table(results: Mapping[str, Any]) -> str:
    """Return the figures as a table in Markdown."""
    rows = [_row(title, results[key]) for key, (title, *_) in _ROWS.items()]
    return markdown.table(["step", "requests", "preflights", "kB", "ms"], rows)


def _row(title: str, row: Mapping[str, Any]) -> Sequence[object]:
    least, most = row.get("ms_range", ("", ""))
    milliseconds = f"{row['ms']:,} ({least:,} to {most:,})" if "ms" in row else ""
    return (title, row["requests"], row["preflights"], f"{row['bytes'] / 1000:.1f}", milliseconds)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.perf.page", description="Measure the page's first view.")
    parser.add_argument("--runs", type=whole_number(*_RUNS), default=9, metavar="N", help="number of first views (9)")
    parser.add_argument(
        "--directory", type=Path, default=Path(".bench/page"), help="folder of the local cloud (.bench/page)"
    )
    parser.add_argument("--output", type=Path, default=Path("tools/perf"), help="folder for page.json (tools/perf)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
