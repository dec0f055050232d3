"""The figures of `make bench`, from measurements that are easy to calculate with."""

import pytest

from tools.perf import bench_figures
from tools.perf.samples import AllSamples, Samples
from tools.perf.variants import BARE, EMPTY, FASTAPI, OURS, PLAIN

SIZES = {"package_mb": 1.0, "package_zip_mb": 1.0, "layer_mb": 1.0, "layer_zip_mb": 1.0}


def sample(*cold_starts: tuple[float, float]) -> Samples:
    """Return the measurements of cold starts: the init and the first call of each."""
    inits, calls = zip(*cold_starts, strict=True)
    count = len(cold_starts)
    return Samples(
        init_ms=[*inits],
        first_call_ms=[*calls],
        first_call_cpu_ms=[1.0] * count,
        second_call_ms=[2.0] * count,
        warm_call_ms=[inits[0] / 100] * 2,
        warm_cpu_ms=[inits[0] / 100] * count,
        peak_mb=[1.0],
    )


@pytest.fixture
def samples() -> AllSamples:
    return {
        OURS: sample((100, 10), (300, 40), (200, 90)),
        BARE: sample((200, 200), (300, 200), (400, 180)),
        PLAIN: sample((800, 200), (900, 100), (1000, 100)),
        FASTAPI: sample((1800, 200), (1800, 200), (1800, 200)),
        EMPTY: sample((50, 1), (50, 1), (50, 1)),
    }


def test_the_cold_request_is_the_median_of_the_sums(samples: AllSamples) -> None:
    ours = bench_figures.figures(samples, dict.fromkeys(samples, SIZES))[OURS]

    # The sums are 110, 340 and 290. The sum of the medians, 240, is that of no cold start.
    assert ours["cold_request_ms"] == 290
    assert ours["cold_request_ms_quartiles"] == [110, 340]


def test_cold_requests_are_compared_by_whole_times_and_inits_by_what_is_added(samples: AllSamples) -> None:
    figures = bench_figures.figures(samples, dict.fromkeys(samples, SIZES))

    ratios, whole = bench_figures.ratios(figures), bench_figures.ratios(figures, with_the_runtime=True)

    assert ratios["cold_request_vs_bare"] == whole["cold_request_vs_bare"] == 0.58  # 290 / 500
    assert ratios["cold_request_vs_plain"] == 0.29
    assert ratios["cold_request_vs_fastapi"] == 0.145
    assert ratios["init_vs_bare"] == 0.6  # (200 - 50) / (300 - 50)
    assert whole["init_vs_bare"] == 0.667
    assert bench_figures.spreads(samples)["cold_request_vs_bare"] == [0.275, 0.68]  # of 110/400, 340/500, 290/580


@pytest.mark.parametrize(("ours", "bare", "ratio"), [(4.2, 4.0, 1.05), (None, 4.0, None), (4.2, None, None)])
def test_instructions_are_compared_if_they_were_counted(
    samples: AllSamples, ours: float | None, bare: float | None, ratio: float | None
) -> None:
    figures = bench_figures.figures(samples, dict.fromkeys(samples, SIZES))
    figures[OURS]["warm_instructions_m"], figures[BARE]["warm_instructions_m"] = ours, bare

    assert bench_figures.ratios(figures)["warm_instructions_vs_bare"] == ratio
