"""Simulates deployments of one to ten million users: the peak, the refused requests, and the costs.

    python -m tools.scaling [--views N]

prints the two Markdown tables of docs/scaling.md.
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
    """Return both tables in Markdown, with a row per number of users; `views` is page views per user and day."""
    limits = [_limits(users, views) for users in a.USERS]
    money = [_costs(users, views) for users in a.USERS]
    titles = ["users", *costs(1, views), "total", "quota (unconfirmed)"]
    return f"{_markdown(_LIMITS, limits)}\n\n{_markdown(titles, money)}"


def _limits(users: int, views: float) -> list[str]:
    now, quota = peak(users, views, a.QUOTA), needed_quota(users, views)
    shares = [f"{share:.1%}" for share in (now.refused, now.given_up)]
    each = [f"{count:.2f}" for count in (now.tries, now.attempts)]
    concurrency = str(peak(users, views, quota).concurrency)
    changes = _short(now.reads * a.CHANGES_A_VIEW)
    return [f"{users:,}", _short(now.reads), *shares, *each, str(quota), concurrency, changes]


def _costs(users: int, views: float) -> list[str]:
    month = [*costs(users, views).values()]
    quota = max(0, needed_quota(users, views) - a.QUOTA) * a.COGNITO_READ_A_SECOND_MONTH
    return [f"{users:,}", *(f"{dollars:,.2f}" for dollars in (*month, sum(month), quota))]


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
