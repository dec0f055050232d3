"""What the parts of `make load` share: the function as it is deployed, and environments of it that are warm."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.perf.cognito import StandIn
from tools.perf.drive import LoadError
from tools.perf.measure import event
from tools.perf.runtime import Environment, environment
from tools.perf.variants import Variant

# Environments become faster for a while.
WARM_UP = 100


@dataclass(frozen=True)
class Setting:
    """The packaged function, what stands for /var/runtime, a folder for plans and logs, and how to tell progress."""

    variant: Variant
    runtime: Path
    folder: Path
    say: Callable[[str], None]

    @contextmanager
    def environments(self, number: int, stand_in: StandIn, warm_up: int = WARM_UP) -> Iterator[list[Environment]]:
        """Start environments of the function, and send each as many events; end them with the block.

        Raises
        ------
        LoadError
            One answers otherwise than with 200.
        """
        variables = environment(self.variant, self.runtime, stand_in.endpoint, stand_in.daemon_address)
        with ExitStack() as stack:
            started = []
            for index in range(number):
                each = stack.enter_context(Environment(self.variant, variables, self.log(index)))
                # A user of its own, so that no user's quota is used up.
                answers = [each.post(event(f"warm-up-{index}")) for _ in range(warm_up)]
                if strange := [answer for answer in answers if answer.get("statusCode") != 200]:  # noqa: PLR2004
                    raise LoadError(f"the function does not answer: see {self.log(index)}. It is {strange[0]}")
                started.append(each)
            yield started

    def log(self, index: int) -> Path:
        """Return the file with what an environment writes."""
        return self.folder / f"environment-{index}.log"
