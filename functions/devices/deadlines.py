"""Deadlines, and a time limit for a piece of work."""

import signal
import time
from collections.abc import Callable
from types import FrameType

# The signal repeats because one exception may be lost: Python ignores exceptions in finalizers, and `_interrupt` defers
# some.
REPEAT_SECONDS = 0.05


class Deadline:
    """A moment of the monotonic clock, which a change of the wall clock cannot move.

    Parameters
    ----------
    seconds : float
        The time from now to the deadline.
    """

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return the seconds until the deadline; negative once it has passed."""
        return self._at - time.monotonic()


class DeadlineExceededError(BaseException):
    """The work took too long. Subclasses BaseException, so that `except Exception` in the work cannot swallow it."""


def within[Result](seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns, or interrupt it after `seconds`.

    SIGALRM interrupts waiting, sleeping and computing alike. With a thread, the work could not be stopped.
    Python raises the exception after the current call into C, such as a DNS lookup, has returned.
    https://docs.python.org/3/library/signal.html#signal.setitimer

    Parameters
    ----------
    seconds : float
        The time limit. At 0 or less the work does not start.
    work : callable
        Runs in the main thread, where Lambda's Python runtime calls the handler: only that thread receives signals.

    Raises
    ------
    DeadlineExceededError
        The time limit passed.
    """
    if seconds <= 0:
        raise DeadlineExceededError
    signal.signal(signal.SIGALRM, _interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _interrupt(_signal: int, frame: FrameType | None) -> None:
    # An exception inside `threading` could leave a lock taken, such as the connection pool's, and block every later
    # request. So return there; the next signal, 50 ms later, raises the exception. Return inside this module too: this
    # function may itself have interrupted `threading`.
    if frame is None or frame.f_globals.get("__name__") not in {"threading", __name__}:
        raise DeadlineExceededError
