"""Which request may go over a connection to Amazon Cognito that has carried another one."""

from collections.abc import Callable

# A connection ends after as many devices, which bounds the memory for them: each entry is an access token.
_MAX_DEVICES = 100


class Reuse:
    """Decides whether a request may go over the open connection, by what was sent over it.

    A second response to an earlier request may arrive at any time, and looks like the response to the next request.
    Only its content can tell. A device names its key; lists, changes and errors name nothing.

    Attributes
    ----------
    expected : tuple of str, or None
        The device key that the response to the next request must name, and the access token that asks for it. None if
        the response names no device.
    used : bool
        Whether the current request goes over a used connection.
    """

    def __init__(self) -> None:
        self.expected: tuple[str, str] | None = None
        self.used = False
        self._sent: dict[str, str] = {}
        self._trusted = True

    def connected(self) -> None:
        """Note that a new connection is open."""
        self._sent, self.used = {}, False

    def begin(self, close: Callable[[], None]) -> None:
        """Note that a request begins, and call `close` if it needs a new connection.

        Until `accept`, the connection is not trusted, so that a failure or an interrupt at any point ends it.
        """
        trusted, self._trusted = self._trusted, False
        if not (trusted and self._is_unmistakable()):
            close()
        self.used = bool(self._sent)

    def accept(self) -> None:
        """Note that the response passed every check."""
        key, token = self.expected or ("", "")
        self._sent[key] = token
        self._trusted = True

    def _is_unmistakable(self) -> bool:
        """Whether no earlier request over the connection can have the same response, unless the same user sent it."""
        if not self._sent:
            return True
        if self.expected is None:
            return False
        key, token = self.expected
        return self._sent.get(key, token) == token and len(self._sent) < _MAX_DEVICES


reuse = Reuse()
