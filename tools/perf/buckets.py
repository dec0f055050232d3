"""Buckets of tokens, with which services count what they admit."""

from collections.abc import Sequence


class Bucket:
    """A bucket of tokens, full at first.

    Parameters
    ----------
    rate : float
        Tokens that come in a second.
    size : float
        Most tokens that it holds.

    Attributes
    ----------
    tokens : float
        How many it held when it was last filled.
    """

    def __init__(self, rate: float, size: float) -> None:
        self._rate, self._size = rate, size
        self._filled_at = 0.0
        self.tokens = size

    def fill(self, now: float) -> None:
        """Add what has come since the last time; `now` is in seconds, of any clock that does not go back."""
        self.tokens = min(self._size, self.tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now

    def take(self, wanted: Sequence[float], now: float) -> list[float]:
        """Return how much of each want is met: all, or the same share of each."""
        self.fill(now)
        share = min(1.0, self.tokens / (sum(wanted) or 1.0))
        self.tokens -= share * sum(wanted)
        return [share * each for each in wanted]
