"""Faults of Cognito and the network during init, and what the first request then gets."""

from dataclasses import replace

from tests.support import tcp_behaviours as tcp
from tests.support.name_server import NO_SUCH_NAME
from tests.support.scene import Act, Row, Scene, nothing
from tests.support.tcp_proxy import Behaviour
from tests.support.upstream_cases import EVENTS, STATUSES

# The emulator lacks what the runtime client needs for SnapStart.
HEALTHY = [
    Row(f"{over}: {operation} after {kind}", over, status=STATUSES[operation], connections=(1, 1), operation=operation,
        kind=kind)
    for over in ("TCP", "TLS")
    for operation in EVENTS
    for kind in ("on-demand", "provisioned-concurrency")
]  # fmt: skip


def _proxy(behaviour: Behaviour) -> Act:
    def act(scene: Scene) -> None:
        scene.proxy.behaviour = behaviour
        scene.proxy.open()

    return act


def _with_certificate(name: str) -> Act:
    def act(scene: Scene) -> None:
        scene.cognito.context = scene.contexts[name]
        scene.proxy.open()

    return act


def _with_names(flags: bytes | None) -> Act:
    def act(scene: Scene) -> None:
        scene.proxy.open()
        scene.names.flags = flags

    return act


def _dropping(scene: Scene) -> None:
    scene.proxy.fill()


def _fault(
    over: str, name: str, act: Act, error: str | None, status: int, attempts: int, *, after: int = 1
) -> list[Row]:
    """Return two rows: one for a fault that lasts beyond the first request, and one for a fault of init alone.

    The first request then takes `after` attempts.
    """
    row = Row(f"{over}: {name}", over, act, nothing, error, status, attempts)
    passing = replace(row, name=f"{row.name}, during init only", between=Scene.work, status=200, attempts=after)
    return [replace(row, name=f"{row.name}, and later"), passing]


_EXPIRED, _FOREIGN, _MISNAMED = (_with_certificate(name) for name in ("expired", "foreign", "misnamed"))
# Depends on whether the connection is closed before the handshake is sent.
_CLOSED = "ConnectionClosedError|SSLError"
DURING_INIT = [
    *_fault("TCP", "refused", nothing, "EndpointConnectionError", 502, 2),
    *_fault("TLS", "refused", nothing, "EndpointConnectionError", 502, 2),
    *_fault("TCP", "SYNs are dropped", _dropping, "DeadlineExceededError", 504, 2),
    *_fault("TLS", "SYNs are dropped", _dropping, "DeadlineExceededError", 504, 2),
    *_fault("TCP", "no such name", _with_names(NO_SUCH_NAME), "EndpointConnectionError", 502, 2),
    *_fault("TCP", "a silent name server", _with_names(None), "DeadlineExceededError", 502, 2),
    *_fault("TCP", "accepted and never read", _proxy(tcp.never_read), None, 504, 2, after=2),
    *_fault("TLS", "a handshake never answered", _proxy(tcp.never_read), "DeadlineExceededError", 504, 2),
    # The time to connect, 1 s, is for the whole handshake.
    *_fault("TLS", "one byte per 20 ms", _proxy(tcp.slow(1, 0.02)), "DeadlineExceededError", 504, 2),
    *_fault("TLS", "50 bytes per 20 ms", _proxy(tcp.slow(50, 0.02)), None, 200, 1),
    *_fault("TCP", "read after 0.5 s", _proxy(tcp.late(0.5)), None, 200, 1),
    *_fault("TLS", "read after 0.5 s", _proxy(tcp.late(0.5)), None, 200, 1),
    *_fault("TLS", "read after 1.2 s", _proxy(tcp.late(1.2)), "DeadlineExceededError", 504, 2),
    *_fault("TCP", "read after 5 s", _proxy(tcp.late(5)), None, 504, 2, after=2),
    *_fault("TLS", "read after 5 s", _proxy(tcp.late(5)), "DeadlineExceededError", 504, 2),
    *_fault("TCP", "closed at once", _proxy(tcp.close), None, 502, 2),
    *_fault("TLS", "closed at once", _proxy(tcp.close), _CLOSED, 502, 2),
    *_fault("TCP", "reset soon", _proxy(tcp.reset), None, 502, 2),
    *_fault("TLS", "reset soon", _proxy(tcp.reset), "ConnectionClosedError", 502, 2),
    *_fault(
        "TLS", "reset within the handshake", _proxy(tcp.reset_within_the_handshake), "ConnectionClosedError", 502, 2
    ),
    *_fault("TLS", "HTTP before the handshake", _proxy(tcp.speak_first), "SSLError", 502, 2),
    *_fault("TLS", "HTTP in response to the handshake", _proxy(tcp.answer_in_plain_http), "SSLError", 502, 2),
    *_fault("TLS", "a certificate of another authority", _FOREIGN, "SSLError", 502, 2),
    *_fault("TLS", "an expired certificate", _EXPIRED, "SSLError", 502, 2),
    *_fault("TLS", "a certificate of another host", _MISNAMED, "SSLError", 502, 2),
]
