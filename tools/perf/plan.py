"""What Locust is told to send, and what it reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tools.perf.environment import Environment


@dataclass(frozen=True)
class Target:
    """A URL that gets one request at a time; its kinds of requests take turns."""

    url: str
    kinds: Sequence[str]
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


def target(environment: Environment, kinds: Sequence[str]) -> Target:
    """Return an execution environment as a target."""
    return Target(environment.url, kinds)


@dataclass(frozen=True)
class Plan:
    """What Locust sends.

    Attributes
    ----------
    bodies : mapping
        Kind of request -> its body.
    seconds : float
        How long to send requests, at most.
    requests : int or None
        Stop after this number of requests; needs a single target.
    rate : float or None
        Requests per second and target, spread evenly. None sends each as soon as the one before it is done.
    sample_every, pid : int
        Sample the process `pid` after every so many requests; 0 takes no samples.
    invocations : bool
        Whether responses are those of invocations, which contain the function's response, or plain HTTP.
    """

    targets: Sequence[Target]
    bodies: Mapping[str, str]
    seconds: float
    requests: int | None = None
    rate: float | None = None
    sample_every: int = 0
    pid: int = 0
    invocations: bool = True


class Outcome(NamedTuple):
    """The outcome of one request.

    Attributes
    ----------
    at : float
        When the response came, in seconds of a clock that all outcomes share.
    milliseconds : float
        Time from the request to its response, as Locust measures it.
    status : int
        HTTP status of the function's response; 0 if there was none.
    retry_after : str or None
        The response's Retry-After header.
    """

    kind: str
    at: float
    milliseconds: float
    status: int
    retry_after: str | None


class Sample(NamedTuple):
    """A process after a number of requests: its resident memory in bytes, and its open files."""

    events: int
    memory: int
    files: int
