"""Each fault of Cognito and the network, with the deployed deadlines. `make faults` runs it, which takes minutes.

The packaged function runs under AWS's runtime client and emulator. The emulator ends an invocation that outlasts the
function's timeout, and returns an error of its own.
"""

import contextlib
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from devices.models import Device
from tests.support import canaries
from tests.support.cases import Case, by_name, happening
from tests.support.events import load
from tests.support.fake_cognito import FakeCognito, Reply, Send, drip, stall
from tests.support.faults import FAULTS
from tests.support.function_log import ANSWERED, answered
from tests.support.template import TEMPLATE
from tests.support.upstream_cases import EVENTS
from tests.support.xray_daemon import XRayDaemon, xray_daemon
from tools.perf.cognito import StandIn
from tools.perf.environment import Environment
from tools.perf.variables import variables
from tools.perf.variants import Variant

FUNCTION_TIMEOUT_SECONDS: int = TEMPLATE["Globals"]["Function"]["Timeout"]
GOOD = canaries.marked(load("get_device", token=canaries.TOKEN))
# The emulator sets no trace ID, and without one nothing is traced. This wrapper of the handler sets it.
SAMPLED = """
import os
from devices import app

def lambda_handler(event, context):
    os.environ["_X_AMZN_TRACE_ID"] = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1"
    return app.lambda_handler(event, context)
"""
DEVICE = {field.serialization_alias or to_camel(name) for name, field in Device.model_fields.items()}


@dataclass(frozen=True)
class Invocation:
    """A response, the seconds that it took, and what the function logged and traced meanwhile."""

    response: dict[str, Any]
    seconds: float
    logged: str
    traced: str

    @property
    def body(self) -> Any:
        """The JSON body, or an empty object."""
        return json.loads(self.response["body"] or "{}")


@dataclass
class Function:
    """The function in one execution environment, with its fake Cognito and X-Ray daemon."""

    environment: Environment
    cognito: FakeCognito
    daemon: XRayDaemon
    log: Path
    _read: int = 0

    def invoke(self, event: dict[str, Any]) -> Invocation:
        """Invoke the function once."""
        started = time.monotonic()
        response = self.environment.post(json.dumps(event).encode())
        seconds = time.monotonic() - started
        return Invocation(response, seconds, self._logged(), self._traced())

    def _logged(self) -> str:
        logged = answered(self.log, 1, self._read)
        self._read += len(logged)
        return logged

    def _traced(self) -> str:
        segments = self.daemon.received()
        assert segments, "nothing was traced"
        return "".join(segments)


@contextlib.contextmanager
def running(packaged: tuple[Variant, Path], log: Path, timeout_seconds: int) -> Iterator[Function]:
    """Run the function at log level DEBUG, warm, with every request traced."""
    variant, runtime = packaged
    (log.parent / "sampled.py").write_text(SAMPLED)
    variant = replace(variant, handler="sampled.lambda_handler")
    with FakeCognito(successes=canaries.SUCCESSES) as fake, xray_daemon() as daemon:
        environment_variables = variables(variant, runtime, StandIn(fake.url, daemon.address))
        environment_variables |= {"AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_seconds), "POWERTOOLS_LOG_LEVEL": "DEBUG"}
        environment_variables["PYTHONPATH"] += f":{log.parent}"
        with Environment(variant, environment_variables, log) as environment:
            function = Function(environment, fake, daemon, log)
            function.invoke(GOOD)  # over the connection that init opened; each row needs one of its own
            yield function


@pytest.fixture(scope="module")
def functions(
    packaged: tuple[Variant, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Function]]:
    """Return an environment for each operation: botocore's retry quota would run out if one had all faults."""
    folder = tmp_path_factory.mktemp("functions")
    with contextlib.ExitStack() as stack:
        yield {
            operation: stack.enter_context(running(packaged, folder / operation, FUNCTION_TIMEOUT_SECONDS))
            for operation in EVENTS
        }


@pytest.fixture(scope="module")
def took(figure: Callable[[str], None]) -> Iterator[dict[str, float]]:
    """Collect the seconds that each fault took."""
    seconds: dict[str, float] = {}
    yield seconds
    slowest = max(seconds, key=seconds.__getitem__)
    figure(f"faults: {len(seconds)} rows, {statistics.median(seconds.values()):.2f} s median, "
           f"{seconds[slowest]:.2f} s at most ({slowest})")  # fmt: skip


@pytest.mark.parametrize("case", FAULTS, ids=by_name)
def test_a_fault_gets_its_response_in_time_and_the_next_request_succeeds(
    case: Case, functions: dict[str, Function], took: dict[str, float]
) -> None:
    # Given
    assert case.operation
    function = functions[case.operation]
    event = canaries.marked(case.event)
    # When
    with happening(case, function.cognito):
        invoked = function.invoke(event)
    took[case.name] = invoked.seconds
    # Then the response is the expected one, and in time
    assert invoked.response["statusCode"] == case.status, invoked.response
    assert invoked.seconds < case.seconds
    if case.slug == "ok":
        assert set(invoked.body) <= {"devices", "nextToken", *DEVICE}
    else:
        assert invoked.body["type"] == f"urn:problem-type:{case.slug}"
        assert canaries.found(invoked.response["body"], event) == []
    # And the log has the number of attempts; neither the log nor the trace has a secret
    (line,) = [json.loads(line) for line in invoked.logged.splitlines() if ANSWERED in line]
    assert (line["outcome"], line["cognito_attempts"]) == (case.slug, case.attempts)
    assert canaries.found(invoked.logged + invoked.traced, event) == []
    # And the same environment serves a valid request, again without a secret in its log or trace
    served = function.invoke(GOOD)
    assert served.response["statusCode"] == 200
    assert canaries.found(served.logged + served.traced, GOOD) == []


@pytest.mark.parametrize("send", [stall, drip])
@pytest.mark.parametrize(("timeout_seconds", "attempts"), [(1, 0), (2, 1), (3, 1), (6, 2)])
def test_the_function_responds_before_its_timeout_however_short_it_is(
    packaged: tuple[Variant, Path], send: Send, timeout_seconds: int, attempts: int, tmp_path: Path
) -> None:
    with running(packaged, tmp_path / "log", timeout_seconds) as function:
        # Given
        function.cognito.replies = [Reply.device(), Reply(send=send, body=b"canary" * 100)]
        if timeout_seconds > 1:
            assert function.invoke(load("get_device")).response["statusCode"] == 200
        function.cognito.connections = 0
        # When
        invoked = function.invoke(load("get_device"))
        # Then
        assert invoked.response.get("statusCode") == 504, invoked.response
        assert invoked.body["type"] == "urn:problem-type:upstream-timeout"
        assert function.cognito.connections == (min(attempts, 1) if send is drip else attempts)
