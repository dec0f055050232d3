"""A token bucket, the usual model of a quota: https://en.wikipedia.org/wiki/Token_bucket."""

from collections.abc import Sequence


class Bucket:
    """A token bucket, full at first.

    Parameters
    ----------
    rate : float
        Tokens added per second.
    size : float
        The most tokens that it holds.

    Attributes
    ----------
    tokens : float
        The tokens that it held when it was last filled.
    """

    def __init__(self, rate: float, size: float) -> None:
        self._rate, self._size = rate, size
        self._filled_at = 0.0
        self.tokens = size

    def fill(self, now: float) -> None:
        """Add the tokens of the time since the last call; `now` is in seconds of a clock that never goes back."""
        self.tokens = min(self._size, self.tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now

    def take(self, wanted: Sequence[float], now: float) -> list[float]:
        """Return the tokens that each demand gets: all it wants, or else the same share as the others."""
        self.fill(now)
        share = min(1.0, self.tokens / (sum(wanted) or 1.0))
        self.tokens -= share * sum(wanted)
        return [share * each for each in wanted]
