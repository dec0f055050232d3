"""What `make bench` records of each variant."""

from dataclasses import dataclass, field


@dataclass
class Samples:
    """The measurements of one variant: an item per cold start, per warm call, and per session of warm calls."""

    init_ms: list[float] = field(default_factory=list)
    first_call_ms: list[float] = field(default_factory=list)
    first_call_cpu_ms: list[float] = field(default_factory=list)
    second_call_ms: list[float] = field(default_factory=list)
    warm_call_ms: list[float] = field(default_factory=list)
    warm_cpu_ms: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)

    @property
    def cold_request_ms(self) -> list[float]:
        """What the first user of each cold start waits for: the init and the first call."""
        return [init + call for init, call in zip(self.init_ms, self.first_call_ms, strict=True)]


type AllSamples = dict[str, Samples]
