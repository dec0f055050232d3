"""What Locust runs: each of its users has one target, and sends it one event after another, as the plan says.

The plan is a file, so is what came of it (`tools.perf.drive`). Locust's own statistics are not used: they keep whole
milliseconds, and know nothing of the status within the answer to an invocation.
"""

import itertools
import json
import os
import time
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, constant_throughput, events, task
from locust.exception import StopUser

PLAN = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())
EVERY = PLAN["sample_every"]
answers: list[tuple[str, float, float, int, str | None]] = []
samples: list[tuple[int, int, int]] = []
targets = iter(enumerate(PLAN["targets"]))


def sample(pid: int) -> tuple[int, int]:
    """Return a process's resident memory in bytes, and how many files it has open."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def status_of(response: Any) -> tuple[int, str | None]:
    """Return the status and the Retry-After of an answer, or of that which an invocation's answer holds; 0 for none."""
    if not PLAN["invocations"]:
        return response.status_code, (response.headers or {}).get("Retry-After")
    try:
        answer = json.loads(response.text)
        return int(answer["statusCode"]), answer["multiValueHeaders"].get("Retry-After", [None])[0]
    except (KeyError, TypeError, ValueError):
        return 0, None


class Caller(FastHttpUser):
    """Calls its target without a break, or at the plan's rate."""

    host = "http://127.0.0.1"  # the plan has whole URLs
    wait_time = constant_throughput(PLAN["rate"]) if PLAN["rate"] else constant(0)

    def on_start(self) -> None:
        """Take the next target, and start when it is its turn, so that the calls are spread evenly."""
        number, self.target = next(targets)
        if not number:
            gevent.spawn_later(PLAN["seconds"], self.environment.runner.quit)
        self.kinds = itertools.cycle(self.target["kinds"])
        if PLAN["rate"]:
            gevent.sleep(number / len(PLAN["targets"]) / PLAN["rate"])

    @task
    def call(self) -> None:
        """Send one event, and keep what came of it."""
        kind = next(self.kinds)
        method, url = self.target["method"], self.target["url"]
        with self.client.request(
            method,
            url,
            name=kind,
            data=PLAN["bodies"][kind] or None,
            headers=self.target["headers"],
            catch_response=True,
        ) as response:
            answers.append((kind, time.perf_counter(), response.request_meta["response_time"], *status_of(response)))
            response.success()
        if EVERY and len(answers) % EVERY == 0:
            samples.append((len(answers), *sample(PLAN["pid"])))
        if len(answers) == PLAN["requests"]:
            gevent.spawn(self.environment.runner.quit)
            raise StopUser


@events.quitting.add_listener
def write(**_: Any) -> None:
    """Write what came of the plan."""
    Path(PLAN["result"]).write_text(json.dumps({"answers": answers, "samples": samples}))
