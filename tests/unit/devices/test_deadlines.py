"""The time limit for a piece of work."""

import signal
import socket
import time
from types import SimpleNamespace
from typing import Any

import pytest

from devices.deadlines import DeadlineExceededError, within
from tests.support.start import started

SOON, LATE = 0.05, 30

# Interrupts the queue class of urllib3's connection pool, and checks its lock after each interruption.
INTERRUPTED_QUEUE = """
import queue
from devices import deadlines

deadlines.REPEAT_SECONDS = 0.001
pool = queue.LifoQueue()

def use():
    while True:
        pool.put(1)
        pool.get()

interrupted = 0
for _ in range(60):
    try:
        deadlines.within(0.001, use)
    except deadlines.DeadlineExceededError:
        interrupted += 1
    assert pool.mutex.acquire(blocking=False), "the lock is taken"
    pool.mutex.release()
print(interrupted)
"""


class Swallowing:
    """Work that swallows the first exception, as Python does in finalizers."""

    def __init__(self) -> None:
        self.swallowed = False

    def wait(self) -> None:
        try:
            time.sleep(LATE)
        except DeadlineExceededError:
            self.swallowed = True
        time.sleep(LATE)


def test_within_returns_the_result_and_stops_the_timer() -> None:
    assert within(LATE, lambda: "done") == "done"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_within_raises_the_exception_of_the_work_and_stops_the_timer() -> None:
    with pytest.raises(ZeroDivisionError):
        within(LATE, lambda: 1 // 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_within_interrupts_a_sleep_and_stops_the_timer() -> None:
    with pytest.raises(DeadlineExceededError):
        within(SOON, lambda: time.sleep(LATE))
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_within_interrupts_a_read_from_a_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(DeadlineExceededError):
        within(SOON, lambda: ours.recv(1))


def test_within_interrupts_a_computation() -> None:
    def compute() -> None:
        while True:
            pass

    with pytest.raises(DeadlineExceededError):
        within(SOON, compute)


def test_the_signal_repeats_until_the_exception_is_raised() -> None:
    swallowing = Swallowing()

    with pytest.raises(DeadlineExceededError):
        within(SOON, swallowing.wait)

    assert swallowing.swallowed


def test_the_signal_leaves_no_lock_of_a_queue_taken() -> None:
    # A process without coverage, because a signal in coverage's code would leave coverage's own lock taken.
    interrupted, _ = started(INTERRUPTED_QUEUE)

    assert interrupted == 60


def test_the_signal_is_deferred_inside_threading_and_deadlines() -> None:
    within(LATE, lambda: None)
    interrupt: Any = signal.getsignal(signal.SIGALRM)

    for module in ("threading", "devices.deadlines"):
        interrupt(signal.SIGALRM, SimpleNamespace(f_globals={"__name__": module}))

    for frame in (SimpleNamespace(f_globals={"__name__": "urllib3.connection"}), None):
        with pytest.raises(DeadlineExceededError):
            interrupt(signal.SIGALRM, frame)


@pytest.mark.parametrize("seconds", [0, -0.001, -3])
def test_work_does_not_start_if_no_time_is_left(seconds: float) -> None:
    started: list[str] = []

    with pytest.raises(DeadlineExceededError):
        within(seconds, lambda: started.append("work"))

    assert started == []


def test_except_exception_does_not_catch_the_exception() -> None:
    assert not issubclass(DeadlineExceededError, Exception)
