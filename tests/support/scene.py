"""What surrounds an execution environment, and a row of what happens to it around its init."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.name_server import FOUND, NameServer
from tests.support.tcp_proxy import TcpProxy
from tests.support.wire_cognito import WireCognito


@dataclass
class Scene:
    """What surrounds one execution environment.

    Attributes
    ----------
    cognito, proxy, names
        The function looks up the proxy by name, and reaches Cognito through it.
    contexts : mapping
        Cognito's TLS contexts: `good`, and others by their fault.
    folder : Path
        The folder of the function's wrapper.
    pid : int
        The function's process, after init.
    """

    cognito: WireCognito
    proxy: TcpProxy
    names: NameServer
    contexts: Mapping[str, ssl.SSLContext]
    folder: Path
    pid: int = 0

    def work(self) -> None:
        """Let all that happens from now on succeed. Open connections stay as they are."""
        self.proxy.behaviour = TcpProxy.relay
        self.proxy.open()
        self.cognito.context = self.cognito.context and self.contexts["good"]
        self.cognito.greeting, self.cognito.unasked, self.cognito.scripts = b"", lambda _: None, {}
        self.names.flags = FOUND


type Act = Callable[[Scene], object]


@dataclass(frozen=True)
class Row:
    """What happens, and what is expected.

    Attributes
    ----------
    name : str
        The test's id.
    over : str
        TCP or TLS.
    before, between : callable
        Called before init, and between init and the first request. Cognito works until then, and from the second
        request on.
    error : str or None
        A regular expression for the name of the exception with which init fails to connect. None if it connects.
    status : int
        Status of the first response.
    attempts : int
        How often the first request calls Cognito.
    connections : tuple of int, or None
        How many connections the proxy has accepted before and after the first request, if these are certain.
    operation : str
        What the first request needs of Cognito.
    kind : str
        How the environment is initialised (AWS_LAMBDA_INITIALIZATION_TYPE).
    """

    name: str
    over: str
    before: Act = Scene.work
    between: Act = Scene.work
    error: str | None = None
    status: int = 200
    attempts: int = 1
    connections: tuple[int, int] | None = None
    operation: str = "GetDevice"
    kind: str = "on-demand"


def nothing(_: Scene) -> None:
    """Do nothing."""
