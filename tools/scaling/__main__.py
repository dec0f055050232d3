"""Simulates deployments of one to ten million users: the peak, the refused requests, and the costs.

    python -m tools.scaling [--views N]

prints the Markdown tables of docs/scaling.md.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Sequence

from tools.scaling import assumptions as a
from tools.scaling.costs import costs
from tools.scaling.peak import needed_quota, peak

_LIMITS = ("users", "reads/s", "429", "given up", "tries/view", "attempts/view", "needed quota", "Lambda concurrency",
           "changes/s")  # fmt: skip


def tables(views: float) -> str:
    """Return the tables in Markdown, with a row per number of users; `views` is page views per user and day.

    The last two are the costs with the page on an origin of its own, and with one origin for page and API.
    """
    limits = [_limits(users, views) for users in a.USERS]
    two = [[*_costs(users, views, one_origin=False), _quota(users, views)] for users in a.USERS]
    one = [_costs(users, views, one_origin=True) for users in a.USERS]
    titles_of_two = ["users", *costs(1, views), "total", "quota (unconfirmed)"]
    titles_of_one = ["users", *costs(1, views, one_origin=True), "total"]
    return "\n\n".join([_markdown(_LIMITS, limits), _markdown(titles_of_two, two), _markdown(titles_of_one, one)])


def _limits(users: int, views: float) -> list[str]:
    now, quota = peak(users, views, a.QUOTA), needed_quota(users, views)
    shares = [f"{share:.1%}" for share in (now.refused, now.given_up)]
    each = [f"{count:.2f}" for count in (now.tries, now.attempts)]
    concurrency = str(peak(users, views, quota).concurrency)
    changes = _short(now.reads * a.CHANGES_A_VIEW)
    return [f"{users:,}", _short(now.reads), *shares, *each, str(quota), concurrency, changes]


def _costs(users: int, views: float, *, one_origin: bool) -> list[str]:
    month = [*costs(users, views, one_origin=one_origin).values()]
    return [f"{users:,}", *(f"{dollars:,.2f}" for dollars in (*month, sum(month)))]


def _quota(users: int, views: float) -> str:
    return f"{max(0, needed_quota(users, views) - a.QUOTA) * a.COGNITO_READ_A_SECOND_MONTH:,.2f}"


def _short(rate: float) -> str:
    return f"{rate:.1f}" if rate >= 1 else f"{rate:.1g}"


def _markdown(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---:"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(least: float, most: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
        return value

    return number


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.scaling", description="Simulate deployments of one to ten million users."
    )
    parser.add_argument(
        "--views",
        type=_number(0.001, 100),
        default=a.VIEWS_A_DAY,
        metavar="N",
        help="page views per user and day (1)",
    )
    print(tables(parser.parse_args(arguments).views))
    return 0


if __name__ == "__main__":
    sys.exit(main())
