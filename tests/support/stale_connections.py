"""What happens to the connection that init opened before the first request, and what that request then gets."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from tests.support import canaries
from tests.support.scene import Act, Row, Scene, nothing
from tests.support.tokens import DEVICE_KEY
from tests.support.wire_cognito import Answer, End, Reset

# A response that fits the first request, except that it is another user's.
_ANOTHERS = bytes(Answer.to("GetDevice", "canary-other", DEVICE_KEY))


def _greeting(scene: Scene) -> None:
    scene.cognito.greeting = _ANOTHERS
    scene.proxy.open()


def _ending(end: type[End]) -> Act:
    def act(scene: Scene) -> None:
        accepted = scene.cognito.connections
        scene.cognito.scripts = {
            canaries.TOKEN: lambda answer: [bytes(answer)] if scene.cognito.connections > accepted else [end]
        }

    return act


def _unasked(act: Callable[[socket.socket], object]) -> Act:
    def unasked(connection: socket.socket) -> None:
        with suppress(TimeoutError):
            act(connection)

    def between(scene: Scene) -> None:
        scene.cognito.unasked = unasked
        time.sleep(0.5)
        scene.cognito.unasked = lambda _: None

    return between


def _restart(name: str) -> Act:
    def act(scene: Scene) -> None:
        scene.cognito.context = scene.contexts[name]
        scene.cognito.hang_up()

    return act


def _ahead(seconds: float) -> Act:
    return lambda scene: (scene.folder / "ahead").write_text(str(seconds))


def _forgotten(scene: Scene) -> None:
    scene.proxy.drop()
    _ahead(301)(scene)


def _frozen(act: Act) -> Act:
    """Return what stops the function's process, as Lambda does between requests, acts, and continues it."""

    def frozen(scene: Scene) -> None:
        os.kill(scene.pid, signal.SIGSTOP)
        act(scene)
        time.sleep(0.5)
        os.kill(scene.pid, signal.SIGCONT)

    return frozen


def _close(scene: Scene) -> None:
    scene.proxy.end()


def _stale(
    name: str,
    between: Act,
    *,
    over: tuple[str, ...] = ("TCP", "TLS"),
    before: Act = Scene.work,
    status: int = 200,
    attempts: int = 1,
    after: int = 2,
) -> list[Row]:
    """Return a row for TCP and one for TLS. The proxy has then accepted `after` connections."""
    return [
        Row(f"{each}: {name}", each, before, between, status=status, attempts=attempts, connections=(1, after))
        for each in over
    ]


STALE = [
    *_stale("Cognito closes", lambda scene: scene.cognito.hang_up()),
    *_stale("the proxy closes", _close),
    *_stale("reset", lambda scene: scene.proxy.reset()),
    *_stale("half closed", lambda scene: scene.proxy.end(socket.SHUT_WR)),
    *_stale("a whole response that nobody asked for", _unasked(lambda connection: connection.sendall(_ANOTHERS))),
    *_stale("a whole response on accepting", Scene.work, before=_greeting),
    *_stale("a response without TLS", lambda scene: scene.proxy.send(_ANOTHERS), over=("TLS",)),
    *_stale("close_notify, then nothing", _unasked(lambda connection: connection.unwrap()), over=("TLS",)),  # type: ignore[attr-defined]
    *_stale("closes when the request arrives", _ending(End), attempts=2),
    *_stale("resets when the request arrives", _ending(Reset), attempts=2),
    *_stale("silent from now on", lambda scene: scene.proxy.drop(), attempts=2),
    *_stale("another certificate of the same authority", _restart("renewed"), over=("TLS",)),
    *_stale("a certificate of another authority", _restart("foreign"), over=("TLS",), status=502, attempts=2, after=3),
    *_stale("idle for 290 s", _ahead(290), after=1),
    *_stale("idle for 301 s", _ahead(301)),
    *_stale("idle for 301 s, and forgotten by a router", _forgotten),
    *_stale("frozen", _frozen(nothing), after=1),
    *_stale("frozen while the proxy closes", _frozen(_close)),
    *_stale("frozen while the proxy resets", _frozen(lambda scene: scene.proxy.reset())),
]
