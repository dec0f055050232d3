"""A limit to how long work may take, whatever it waits for."""

import signal
from collections.abc import Callable
from types import FrameType

# The alarm goes on ringing, in case something swallowed the exception (Python ignores those of finalizers), or it could
# not be raised where the alarm came.
_AGAIN_SECONDS = 0.05


class DeadlineExceededError(BaseException):
    """The work took too long. No Exception: what it interrupts must not take it for a failure of its own."""


def within[Result](seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns.

    SIGALRM interrupts it in waiting, sleeping and computing alike, and so ends it for good: a thread that is given up
    goes on. Only a single call into C, such as a lookup of a name, is finished first.
    https://docs.python.org/3/library/signal.html#signal.setitimer

    Parameters
    ----------
    seconds : float
        How long it may take; without any, it is not begun.
    work : callable
        Called in the main thread, where Lambda's Python runtime calls the handler: only that takes signals.

    Raises
    ------
    DeadlineExceededError
        It took longer.
    """
    if seconds <= 0:
        raise DeadlineExceededError
    signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_signal: int, frame: FrameType | None) -> None:
    # A lock that Python code is taking or giving back would stay taken, that of the connections for ever. The alarm may
    # also come while this function is called from there.
    if frame is None or frame.f_globals.get("__name__") not in {"threading", __name__}:
        raise DeadlineExceededError
