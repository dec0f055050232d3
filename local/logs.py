"""The command behind `make logs`: prints what the function logged in the local cloud.

    python -m local.logs
    python -m local.logs --request 76f84817-6558-4bc1-b754-67848cf5b032

The first follows the log until Ctrl-C. `sam logs` does not fit: MiniStack ignores JSON patterns, and the SAM CLI puts
the log stream and the time before each line, ends after some quiet minutes, and misses lines of the same millisecond.
"""

import argparse
import json
import os
import select
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local import options, session

_POLL_MS = 500
# MiniStack sends at most this many, and no nextToken to ask for more.
_MOST_EVENTS = 10_000
# Concurrent requests may add their lines in another order than that of the times.
_OVERLAP_MS = 2000
# Lambda's own lines around each invocation
_PLATFORM = ("START RequestId: ", "END RequestId: ", "REPORT RequestId: ")

# The log group, the log stream, the time in epoch milliseconds, and the line
type _Event = tuple[str, str, int, str]


def main(arguments: list[str] | None = None) -> int:
    """Print the log; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.logs", description="Print what the function logged.")
    options.add_directory(parser)
    parser.add_argument(
        "--request", default="", metavar="ID", help="print only the lines of the request with this requestId, and end"
    )
    asked = parser.parse_args(arguments)
    try:
        return _print_log(asked.directory, asked.request)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # as by `make logs | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python writes what is left when it ends
        return 0


def _print_log(directory: Path, request_id: str) -> int:
    # The import takes a second, in which Ctrl-C may come.
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    from local.deployment import client  # noqa: PLC0415

    running = session.read(directory)
    if running is None:
        return _fail("no local cloud runs here: start it with `make run` in another shell.")
    logs = client("logs", running["cognito_endpoint"])
    try:
        if not request_id:
            _follow(logs)
        elif not sum(_show(line, request_id) for line in _new_lines(logs, Counter(), 0, f'"{request_id}"')):
            return _fail(
                f"the function logged nothing for {with_escapes(request_id)}: API Gateway responded itself, or the id "
                "is not a requestId of this local cloud."
            )
    except (BotoCoreError, ClientError, KeyError):  # another server may have the port now, and send anything
        return _fail("the local cloud stopped: start it with `make run` in another shell.")
    return 0


def _follow(logs: Any) -> None:
    shown, since = Counter[_Event](), 0
    reader = select.poll()
    reader.register(sys.stdout, 0)  # reports nothing but a reader that is gone
    while not reader.poll(_POLL_MS):
        for line in _new_lines(logs, shown, since):
            _show(line)
        newest = max((event[2] for event in shown), default=0)
        since = max(since, newest - _OVERLAP_MS)
        shown = Counter({event: number for event, number in shown.items() if event[2] >= since})


def _new_lines(logs: Any, shown: Counter[_Event], since: int, pattern: str = "") -> Iterator[str]:
    """Yield the lines since a time, in epoch milliseconds, that were not shown; add them to `shown`."""
    for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]:
        for events in _pages(logs, group["logGroupName"], since, pattern):
            found = Counter[_Event]()
            for event in events:
                event_id = (group["logGroupName"], event["logStreamName"], event["timestamp"], event["message"])
                found[event_id] += 1
                if found[event_id] > shown[event_id]:
                    shown[event_id] += 1
                    yield event["message"]


def _pages(logs: Any, group: str, since: int, pattern: str) -> Iterator[list[dict[str, Any]]]:
    """Yield a log group's events in lists. Each list begins with the last millisecond of the one before."""
    while True:
        events = logs.filter_log_events(logGroupName=group, startTime=since, filterPattern=pattern)["events"]
        yield events
        if len(events) < _MOST_EVENTS:
            return
        since = max(since + 1, events[-1]["timestamp"])


def _show(line: str, request_id: str = "") -> bool:
    """Print a line to standard output if it is JSON, else to standard error; return whether it was to be printed."""
    if line.startswith(_PLATFORM):
        return False
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if request_id and not (isinstance(record, dict) and record.get("correlation_id") == request_id):
        return False
    print(with_escapes(line), file=sys.stderr if record is None else sys.stdout, flush=True)
    return True


def with_escapes(line: str) -> str:
    """Return a line with JSON's escapes for what controls a terminal, such as C1 codes and changes of direction."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
