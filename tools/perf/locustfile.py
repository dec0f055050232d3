"""Carries out a plan in Locust: each of Locust's users has one target, and sends it one request after another.

tools/perf/drive.py writes the plan and reads the outcomes, both as files. Locust's own statistics are not used: they
round to milliseconds, and cannot see the status within the response to an invocation.
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
outcomes: list[tuple[str, float, float, int, str | None]] = []
samples: list[tuple[int, int, int]] = []
targets = iter(enumerate(PLAN["targets"]))


def sample(pid: int) -> tuple[int, int]:
    """Return the resident memory of a process in bytes, and the number of its open files."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def status_of(response: Any) -> tuple[int, str | None]:
    """Return status and Retry-After of the response, or of the one that an invocation returned; status 0 for none."""
    if not PLAN["invocations"]:
        return response.status_code, (response.headers or {}).get("Retry-After")
    try:
        returned = json.loads(response.text)
        return int(returned["statusCode"]), returned["multiValueHeaders"].get("Retry-After", [None])[0]
    except (KeyError, TypeError, ValueError):
        return 0, None


class Caller(FastHttpUser):
    """Calls its target at the plan's rate, or without a pause."""

    host = "http://127.0.0.1"  # required by Locust; the plan has whole URLs
    wait_time = constant_throughput(PLAN["rate"]) if PLAN["rate"] else constant(0)

    def on_start(self) -> None:
        """Take the next target, and delay the first call so that the calls of all users are spread evenly."""
        number, self.target = next(targets)
        if not number:
            gevent.spawn_later(PLAN["seconds"], self.environment.runner.quit)
        self.kinds = itertools.cycle(self.target["kinds"])
        if PLAN["rate"]:
            gevent.sleep(number / len(PLAN["targets"]) / PLAN["rate"])

    @task
    def call(self) -> None:
        """Send one request, and record its outcome."""
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
            outcomes.append((kind, time.perf_counter(), response.request_meta["response_time"], *status_of(response)))
            response.success()
        if EVERY and len(outcomes) % EVERY == 0:
            samples.append((len(outcomes), *sample(PLAN["pid"])))
        if len(outcomes) == PLAN["requests"]:
            gevent.spawn(self.environment.runner.quit)
            raise StopUser


@events.quitting.add_listener
def write(**_: Any) -> None:
    """Write the outcomes and samples."""
    Path(PLAN["result"]).write_text(json.dumps({"outcomes": outcomes, "samples": samples}))
