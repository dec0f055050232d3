"""The checks of `make load`: what they report, and the quotas of the stand-in for Cognito."""

from collections.abc import Sequence

import pytest

from tools.perf import flat, kinds, quotas, throughput
from tools.perf.cognito_quotas import Quotas
from tools.perf.errors import LoadError
from tools.perf.plan import Outcome, Sample

ADMITTED = Outcome(kinds.DEVICE, 2.0, 1.0, 200, None)
REFUSED = Outcome(kinds.DEVICE, 1.0, 1.0, 429, "1")
FAILED = Outcome(kinds.DEVICE, 1.0, 1.0, 502, None)


def samples(memory: int, files: int) -> list[Sample]:
    """Samples of a process that has so many bytes and files more in each fifth of the run."""
    return [Sample(number, 50_000_000 + number // 20 * memory, 8 + number // 20 * files) for number in range(100)]


def test_a_process_that_stays_the_same_passes() -> None:
    grown = flat.growth(samples(memory=0, files=0))

    assert (grown["memory_growth_kb"], grown["files_growth"]) == (0, 0)


@pytest.mark.parametrize(
    ("memory", "files", "reported"), [(0, 1, "memory by 0 kB .* files by 3"), (400_000, 0, "memory by 1200 kB")]
)
def test_a_leak_is_reported(memory: int, files: int, reported: str) -> None:
    with pytest.raises(LoadError, match=reported):
        flat.growth(samples(memory, files))


def test_a_missing_response_is_reported() -> None:
    with pytest.raises(LoadError, match="2 events had 1 responses"):
        flat.check([ADMITTED], 2)


def test_a_status_that_is_not_that_of_the_kind_is_reported() -> None:
    with pytest.raises(LoadError, match="a device: status 502 instead of 200"):
        flat.check([ADMITTED, FAILED], 2)


def test_a_failure_stops_the_measurement_of_the_throughput() -> None:
    with pytest.raises(LoadError, match=r"the function did not respond with 200 alone: \{'200': 1, '502': 1\}"):
        throughput.row_of("the function", 1, [ADMITTED, FAILED])


@pytest.mark.parametrize(
    ("outcomes", "attempts", "reported"),
    [
        ([ADMITTED, FAILED], 2, r"other statuses than 200 and 429: \[502\]"),
        ([ADMITTED, REFUSED._replace(retry_after=None)], 2, "1 of 1 responses 429 have no Retry-After"),
        ([ADMITTED, REFUSED], 5, "2 requests made 5 attempts"),
        ([ADMITTED], 1, "0 of 1 requests were refused"),
        ([REFUSED], 1, "1 of 1 requests were refused"),
    ],
)
def test_a_response_that_should_not_be_over_the_quota_is_reported(
    outcomes: Sequence[Outcome], attempts: int, reported: str
) -> None:
    with pytest.raises(LoadError, match=reported):
        quotas.check(outcomes, attempts)


def test_quotas_admit_ten_reads_of_a_user_and_fifty_of_the_account() -> None:
    # Given full buckets
    admitted = Quotas(account=50, user=10)

    # When one user sends more requests than a user may, and then others send more than the account may
    one = [admitted.admit("one", 100.0) for _ in range(12)]
    others = [admitted.admit(f"user {number}", 100.0) for number in range(45)]

    # Then refused requests took no token
    assert one == [True] * 10 + [False] * 2
    assert others == [True] * 40 + [False] * 5
    # And a tenth of a second later, one read of the first user and four of others are admitted
    assert [admitted.admit("one", 100.1 + 1e-9) for _ in range(2)] == [True, False]
    assert [admitted.admit(f"later {number}", 100.1 + 1e-9) for number in range(5)] == [True] * 4 + [False]
