"""What the parts of a measurement share: where functions run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tools.perf import end_of_init
from tools.perf.certificates import BUNDLE
from tools.perf.cognito import StandIn
from tools.perf.environment import Environment
from tools.perf.errors import LoadError
from tools.perf.event import EXPECTED, event
from tools.perf.processor import Processor
from tools.perf.variables import variables
from tools.perf.variants import EMPTY, RAW, Variant, folder_name

# Calls until a process that was just started is as fast as it gets.
WARM_UP = 100


@dataclass(frozen=True)
class Bench:
    """What `make bench` runs every variant with.

    Attributes
    ----------
    runtime : Path
        The folder that replaces Lambda's /var/runtime.
    logs : Path
        The folder for what the variants write.
    processor : Processor
        What the calls of cold starts may use.
    say : callable
        Reports progress.
    """

    runtime: Path
    stand_in: StandIn
    logs: Path
    processor: Processor
    say: Callable[[str], None]

    def variables(self, variant: Variant) -> dict[str, str]:
        """Return the environment variables of a variant."""
        # Without botocore, urllib3 uses OpenSSL's trust store. This lets it trust what botocore trusts.
        trust = {"SSL_CERT_FILE": str((self.runtime / BUNDLE).resolve())} if variant.name == RAW else {}
        return variables(variant, self.runtime, self.stand_in) | trust

    def environment(self, variant: Variant) -> Environment:
        """Return an execution environment of a variant with a whole processor, to be started."""
        return Environment(variant, self.variables(variant), self.log(variant))

    def cold_environment(self, variant: Variant) -> Environment:
        """Return an execution environment of a variant with Lambda's share for its calls, to be started."""
        wrapped, extended = end_of_init.wrapped(variant, self.variables(variant), self.processor.processes)
        return Environment(wrapped, extended, self.log(variant))

    def log(self, variant: Variant) -> Path:
        """Return the file for what a variant writes."""
        return self.logs / f"{folder_name(variant.name)}.log"


def rotated(variants: Sequence[Variant], number: int) -> list[Variant]:
    """Return the variants, beginning with another one for each number, so that no variant always runs first."""
    start = number % len(variants)
    return [*variants[start:], *variants[:start]]


def expected_of(variant: Variant) -> dict[str, Any] | None:
    """Return the members that the body of a variant's response must have, or None if any body will do."""
    return None if variant.name == EMPTY else EXPECTED


@dataclass(frozen=True)
class Load:
    """What `make load` loads: the packaged function, and where it runs.

    Attributes
    ----------
    runtime : Path
        The folder that replaces Lambda's /var/runtime.
    folder : Path
        The folder for plans and logs.
    say : callable
        Reports progress.
    """

    variant: Variant
    runtime: Path
    folder: Path
    say: Callable[[str], None]

    @contextmanager
    def environments(self, number: int, stand_in: StandIn, warm_up: int = WARM_UP) -> Iterator[list[Environment]]:
        """Start `number` execution environments, and call each `warm_up` times; end them with the block.

        Raises
        ------
        LoadError
            A response is not 200.
        """
        environment = variables(self.variant, self.runtime, stand_in)
        with ExitStack() as stack:
            started = []
            for index in range(number):
                each = stack.enter_context(Environment(self.variant, environment, self.log(index)))
                # A user of its own, so that these calls do not use up the quota of a measured user.
                responses = [each.post(event(f"warm-up-{index}")) for _ in range(warm_up)]
                if wrong := [response for response in responses if response.get("statusCode") != HTTPStatus.OK]:
                    raise LoadError(
                        f"the function does not respond with 200 but with {wrong[0]}: see {self.log(index)}"
                    )
                started.append(each)
            yield started

    def log(self, index: int) -> Path:
        """Return the log file of an execution environment."""
        return self.folder / f"environment-{index}.log"
