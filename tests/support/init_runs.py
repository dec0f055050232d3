"""Runs the packaged function through init and two requests, with what happens in a row before and between them."""

import contextlib
import json
import shutil
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from tests.support import canaries
from tests.support.certificates import Authority
from tests.support.events import load
from tests.support.function_log import answered
from tests.support.name_server import NameServer
from tests.support.scene import Row, Scene
from tests.support.tcp_proxy import TcpProxy
from tests.support.template import TEMPLATE
from tests.support.upstream_cases import EVENTS
from tests.support.wire_cognito import WireCognito
from tools.perf import runtime
from tools.perf.cognito import StandIn
from tools.perf.environment import Environment
from tools.perf.variables import variables
from tools.perf.variants import Variant

_HOST = "cognito.test"
_TIMEOUT_SECONDS: int = TEMPLATE["Globals"]["Function"]["Timeout"]
_WRAPPER = Path(__file__).with_name("init_wrapper.py")


@dataclass(frozen=True)
class Package:
    """What all environments have in common.

    Attributes
    ----------
    variant, runtime
        The packaged function, and the folder in place of Lambda's /var/runtime.
    contexts : mapping
        Cognito's TLS contexts, as in Scene.
    bundle : Path
        The file of the authority that the function trusts.
    folder : Path
        Has a folder for each scene.
    """

    variant: Variant
    runtime: Path
    contexts: Mapping[str, ssl.SSLContext]
    bundle: Path
    folder: Path

    @classmethod
    def create(cls, variant: Variant, runtime: Path, folder: Path) -> Self:
        """Create the certificates."""
        (folder / "foreign").mkdir()
        authority = Authority(folder)
        contexts = {
            "good": authority.server(_HOST),
            "renewed": authority.server(_HOST),
            "expired": authority.server(_HOST, valid=timedelta(hours=-1)),
            "misnamed": authority.server("cognito.invalid"),
            "foreign": Authority(folder / "foreign").server(_HOST),
        }
        return cls(variant, runtime, contexts, authority.bundle, folder)

    @contextlib.contextmanager
    def scene(self, name: str, over: str) -> Iterator[Scene]:
        """Set up a Cognito, and a proxy that does not accept connections yet."""
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(_WRAPPER, folder)
        context = self.contexts["good"] if over == "TLS" else None
        with WireCognito(context) as cognito, TcpProxy(cognito.port) as proxy, NameServer() as names:
            yield Scene(cognito, proxy, names, self.contexts, folder)

    @contextlib.contextmanager
    def started(self, scene: Scene, kind: str = "on-demand") -> Iterator[Environment]:
        """Run the function at log level DEBUG, whose first invocation does not call Cognito."""
        variant = replace(self.variant, handler="init_wrapper.lambda_handler")
        scheme = "https" if scene.cognito.context else "http"
        stand_in = StandIn(f"{scheme}://{_HOST}:{scene.proxy.port}", "127.0.0.1:9")
        settings = variables(variant, self.runtime, stand_in) | {
            "AWS_CA_BUNDLE": str(self.bundle),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(_TIMEOUT_SECONDS),
            "AWS_LAMBDA_INITIALIZATION_TYPE": kind,
            "NAME_SERVER_PORT": str(scene.names.port),
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
        }
        settings["PYTHONPATH"] += f":{scene.folder}"
        with Environment(variant, settings, scene.folder / "log") as environment:
            response = environment.post(json.dumps(load("missing_token")).encode())
            assert response.get("statusCode") == 401, (scene.folder / "log").read_text()
            scene.pid = environment.pid()
            yield environment


@dataclass(frozen=True)
class Observed:
    """What happened in a row.

    Attributes
    ----------
    init_ms : float
        The time that init took.
    received : int
        The bytes that Cognito had received before the first request, without those of TLS.
    heard : list of bytes
        The bytes that each connection had carried by then.
    opened, connections : int
        The connections that the proxy had accepted before and after the first request.
    first, second : dict
        The responses.
    seconds : float
        The time that the first request took.
    logged : str
        The function's log.
    """

    init_ms: float
    received: int
    heard: list[bytes]
    opened: int
    connections: int
    first: dict[str, Any]
    second: dict[str, Any]
    seconds: float
    logged: str


def event_for(operation: str) -> dict[str, Any]:
    """Return the request with canaries that needs an operation of Cognito."""
    return canaries.marked(load(EVENTS[operation], token=canaries.TOKEN))


def settle(scene: Scene, connections: int = 0) -> None:
    """Wait until Cognito has accepted so many connections, and what has been sent has arrived."""
    deadline = time.monotonic() + 10
    while scene.cognito.connections < connections and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)


def observe(row: Row, package: Package) -> Observed:
    """Run one row."""
    with package.scene(row.name.replace(":", "").replace(" ", "-"), row.over) as scene:
        row.before(scene)
        with package.started(scene, row.kind) as environment:
            settle(scene, row.connections[0] if row.connections else 0)
            received, heard = scene.cognito.received, [bytes(each) for each in scene.proxy.heard]
            opened = scene.proxy.connections
            row.between(scene)
            settle(scene)
            started = time.monotonic()
            first = environment.post(json.dumps(event_for(row.operation)).encode())
            seconds, connections = time.monotonic() - started, scene.proxy.connections
            scene.work()
            second = environment.post(json.dumps(event_for("GetDevice")).encode())
            logged = answered(scene.folder / "log", 3)
    (init_ms,) = filter(None, map(runtime.init_ms, logged.splitlines()))
    return Observed(init_ms, received, heard, opened, connections, first, second, seconds, logged)
