"""The limit to how long work may take."""

import signal
import socket
import time
from types import SimpleNamespace
from typing import Any

import pytest

from devices.deadlines import DeadlineExceededError, within
from tests.support.start import started

SOON, LATE = 0.05, 30

# Interrupts the queue in which urllib3 keeps connections, and takes its lock.
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


class Stubborn:
    """Something that ignores the first exception, as Python does with those of finalizers."""

    def __init__(self) -> None:
        self.ignored = False

    def wait(self) -> None:
        try:
            time.sleep(LATE)
        except DeadlineExceededError:
            self.ignored = True
        time.sleep(LATE)


def test_work_in_time_is_returned_and_the_alarm_is_off() -> None:
    assert within(LATE, lambda: "done") == "done"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_the_error_of_work_in_time_is_raised_and_the_alarm_is_off() -> None:
    with pytest.raises(ZeroDivisionError):
        within(LATE, lambda: 1 // 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_sleep_is_interrupted_and_the_alarm_is_off() -> None:
    with pytest.raises(DeadlineExceededError):
        within(SOON, lambda: time.sleep(LATE))
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_waiting_for_a_peer_is_interrupted() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(DeadlineExceededError):
        within(SOON, lambda: ours.recv(1))


def test_computing_is_interrupted() -> None:
    def compute() -> None:
        while True:
            pass

    with pytest.raises(DeadlineExceededError):
        within(SOON, compute)


def test_the_alarm_rings_until_it_is_heard() -> None:
    stubborn = Stubborn()

    with pytest.raises(DeadlineExceededError):
        within(SOON, stubborn.wait)

    assert stubborn.ignored


def test_no_lock_that_python_code_takes_stays_taken() -> None:
    """In a process without coverage: an alarm in coverage's own code would leave coverage's lock taken."""
    attempts, _ = started(INTERRUPTED_QUEUE)

    assert attempts == 60


def test_the_alarm_is_put_off_in_the_code_of_locks_and_in_its_own() -> None:
    within(LATE, lambda: None)
    ring: Any = signal.getsignal(signal.SIGALRM)

    for module in ("threading", "devices.deadlines"):
        ring(signal.SIGALRM, SimpleNamespace(f_globals={"__name__": module}))

    for frame in (SimpleNamespace(f_globals={"__name__": "urllib3.connection"}), None):
        with pytest.raises(DeadlineExceededError):
            ring(signal.SIGALRM, frame)


@pytest.mark.parametrize("seconds", [0, -0.001, -3])
def test_without_time_work_is_not_begun(seconds: float) -> None:
    begun: list[str] = []

    with pytest.raises(DeadlineExceededError):
        within(seconds, lambda: begun.append("work"))

    assert begun == []


def test_it_is_no_failure_that_work_could_take_for_its_own() -> None:
    assert not issubclass(DeadlineExceededError, Exception)
