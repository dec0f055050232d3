"""`make scaling`: the simulation, the costs, and the tables in docs/scaling.md."""

import json
import re
from pathlib import Path

import pytest

from tests.support.template import TEMPLATE
from tools.perf.buckets import Bucket
from tools.scaling import __main__ as scaling
from tools.scaling import assumptions
from tools.scaling.costs import costs
from tools.scaling.peak import needed_quota, peak

PROJECT = Path(__file__).parents[3]


def test_a_bucket_shares_its_tokens_in_proportion() -> None:
    # Given a bucket that is full at first
    bucket = Bucket(rate=10, size=20)

    # When demand grows, Then it is met at first, and later in proportion
    assert bucket.take([5, 10], now=0) == [5, 10]
    assert bucket.take([10, 20], now=1) == pytest.approx([5, 10])
    assert bucket.take([0, 0], now=1) == [0, 0]


def test_a_bucket_holds_no_more_than_its_size() -> None:
    bucket = Bucket(rate=10, size=20)
    bucket.take([20], now=0)

    bucket.fill(now=100)

    assert bucket.tokens == 20


def test_far_below_the_quota_nothing_is_refused() -> None:
    found = peak(users=1000, views=1, quota=50)

    assert (found.refused, found.given_up, found.tries, found.attempts) == (0, 0, 1, 1)


def test_far_above_the_quota_as_many_views_succeed_as_it_admits() -> None:
    # Given ten times as many page views as reads are admitted
    found = peak(users=14_400_000, views=1, quota=50)

    # Then a tenth succeeds, and the client retried the others until it gave up
    assert found.reads == 500
    assert found.given_up == pytest.approx(0.9, abs=0.01)
    assert 1 < found.tries <= assumptions.TRIES
    assert found.refused == pytest.approx(1 - 0.1 / found.tries, abs=0.01)


def test_the_function_makes_at_most_two_attempts_per_try() -> None:
    # Given a quota just above the demand: Cognito refuses some requests, API Gateway none
    found = peak(users=1_000_000, views=1, quota=36)

    assert 1 < found.attempts <= 2 * found.tries


def test_every_simulation_has_the_same_result() -> None:
    assert peak(1_500_000, 1, 50) == peak(1_500_000, 1, 50)


def test_an_hour_without_views_needs_one_environment() -> None:
    found = peak(users=1, views=0.001, quota=1)

    assert (found.refused, found.concurrency) == (0, 1)


def test_the_needed_quota_is_the_smallest_sufficient_one() -> None:
    quota = needed_quota(users=1_000_000, views=1)

    assert peak(1_000_000, 1, quota).refused <= 0.001 < peak(1_000_000, 1, quota - 1).refused


def test_ten_requests_a_second_need_an_environment() -> None:
    found = peak(users=1_000_000, views=1, quota=1000)

    # 34.7 views per second, each with a preflight, some with a change
    assert found.concurrency > 34.7 * 2 / assumptions.REQUESTS_A_SECOND_AND_ENVIRONMENT


def test_a_month_is_charged_at_the_listed_prices() -> None:
    # Given a million users who each open the page once a day: 63 million calls
    month = costs(1_000_000, 1)

    # Then
    assert month["API Gateway"] == pytest.approx(63 * 3.50)
    assert month["Lambda"] == pytest.approx(63 * 0.20 + 0.5 * (31.5e6 * 0.03 + 31.5e6 * 0.005) * 0.0000133334)
    assert month["logs"] == pytest.approx(63e6 * assumptions.LOG_BYTES / 1e9 * 0.50)
    assert month["metrics"] == pytest.approx(43 * 0.30)
    assert month["traces"] == pytest.approx((2_592_000 + 0.05 * (63e6 - 2_592_000)) * 5e-6)
    assert month["transfer"] == pytest.approx(30e6 * 2000 / 1e9 * 0.09)


def test_with_one_origin_nobody_pays_for_preflights() -> None:
    # Given the same million users: 31.5 million calls, all through CloudFront
    month = costs(1_000_000, 1, one_origin=True)

    # Then
    assert month["API Gateway"] == pytest.approx(31.5 * 3.50)
    assert month["Lambda"] == pytest.approx(31.5 * 0.20 + 0.5 * 31.5e6 * 0.03 * 0.0000133334)
    assert month["metrics"] == pytest.approx(33 * 0.30)
    assert month["CloudFront"] == pytest.approx(31.5 * 1.00 + 30e6 * 2000 / 1e9 * 0.085)
    assert "transfer" not in month
    assert sum(month.values()) < sum(costs(1_000_000, 1).values())


@pytest.mark.parametrize("one_origin", [True, False])
def test_the_pages_own_files_cost_the_same_with_one_origin_and_with_two(*, one_origin: bool) -> None:
    # Given a million users, 30 million views, and a release that each user loads once
    month = costs(1_000_000, 1, one_origin=one_origin)

    # Then two files per view are asked for, at CloudFront and at S3, and three assets per user
    gigabytes = (60e6 * assumptions.UNCHANGED_BYTES + 1e6 * assumptions.RELEASE_BYTES) / 1e9
    assert month["page"] == pytest.approx(63 * 1.00 + 60 * 0.40 + gigabytes * 0.085)


def test_who_views_the_page_less_than_once_a_month_does_not_load_each_release() -> None:
    seldom, hardly_ever = (costs(1_000_000, views)["page"] for views in (0.02, 0.01))

    assert seldom == pytest.approx(2 * hardly_ever)


def test_each_tier_has_its_own_price() -> None:
    # 630 million calls: 333 million in the first tier
    assert costs(10_000_000, 1)["API Gateway"] == pytest.approx(333 * 3.50 + 297 * 2.80)


def test_the_document_shows_the_printed_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert scaling.main([]) == 0

    printed = capsys.readouterr().out
    for table in printed.split("\n\n"):
        assert table.strip() in (PROJECT / "docs/scaling.md").read_text(), (
            "copy the tables of `make scaling` to docs/scaling.md"
        )


def test_fewer_views_send_fewer_requests(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assumptions, "USERS", (1_000_000,))

    scaling.main(["--views", "0.1"])

    assert "| 1,000,000 | 3.5 |" in capsys.readouterr().out


def test_the_assumptions_are_those_of_the_deployment() -> None:
    client = (PROJECT / "spa/client/requests.js").read_text()

    limits = {name: TEMPLATE["Parameters"][f"Throttling{name}Limit"]["Default"] for name in ("Rate", "Burst")}
    assert limits == {"Rate": assumptions.QUOTA, "Burst": assumptions.QUOTA * assumptions.BURST}
    assert TEMPLATE["Globals"]["Function"]["MemorySize"] == assumptions.MEMORY_GB * 1024
    assert re.findall(r"MAX_TRIES = (\d+);", client) == [str(assumptions.TRIES)]


def test_the_log_line_has_the_measured_length() -> None:
    (measured,) = json.loads((PROJECT / "tools/perf/load.json").read_text())["flat"]

    assert measured["log_line_bytes"] == pytest.approx(assumptions.LOG_LINE_BYTES, rel=0.1)


@pytest.mark.parametrize("views", ["0", "101", "many"])
def test_views_out_of_bounds_are_refused(views: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        scaling.main(["--views", views])

    assert "is not a number from" in capsys.readouterr().err
