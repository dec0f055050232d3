"""A provider for Powertools' Tracer, which sends subsegments to the X-Ray daemon that Lambda runs.

The AWS X-Ray SDK is in maintenance and slows the cold start down. The function needs only this part of it.
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
_HEADER = '{"format": "json", "version": 1}\n'


class Subsegment:
    """One piece of work in the trace of an invocation.

    Attributes
    ----------
    document : dict
        The subsegment document; its times are epoch seconds.
    """

    def __init__(self, name: str, start_time: float) -> None:
        self.document: dict[str, Any] = {"name": name, "id": os.urandom(8).hex(), "start_time": start_time}

    def put_annotation(self, key: str, value: str | float) -> None:
        """Add a string, number or boolean that X-Ray indexes for searches."""
        self.document.setdefault("annotations", {})[key] = value


class XRay:
    """A provider for Powertools' Tracer. Records only the requests that Lambda samples, and nothing outside Lambda.

    Attributes
    ----------
    in_progress : list of Subsegment
        The subsegments in progress, the innermost last.
    """

    def __init__(self) -> None:
        self.in_progress: list[Subsegment] = []
        self._epoch = 0.0
        self._socket = socket.socket(type=socket.SOCK_DGRAM)

    def close(self) -> None:
        """Close the socket. Lambda closes it when it ends an environment."""
        self._socket.close()

    @contextmanager
    def in_subsegment(self, name: str) -> Iterator[Subsegment]:
        """Trace the block as a child of the subsegment around it, or else of Lambda's segment.

        An exception passes through and marks the subsegment as failed. The trace does not hold its text, which may
        quote secrets.
        """
        if not self.in_progress:
            # Read the wall clock once for an invocation, so that a clock change cannot reverse a subsegment.
            self._epoch = time.time() - time.monotonic()
        subsegment = Subsegment(name, self._epoch + time.monotonic())
        if self.in_progress:
            self.in_progress[-1].document.setdefault("subsegments", []).append(subsegment.document)
        self.in_progress.append(subsegment)
        try:
            yield subsegment
        except Exception:
            subsegment.document["fault"] = True
            raise
        finally:
            self.in_progress.pop()
            subsegment.document["end_time"] = self._epoch + time.monotonic()
            if not self.in_progress:
                self._send(subsegment.document)

    def _send(self, document: dict[str, Any]) -> None:
        # https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
        trace = dict(part.partition("=")[::2] for part in os.environ.get("_X_AMZN_TRACE_ID", "").split(";"))
        if trace.get("Sampled") != "1":
            return
        document |= {"type": "subsegment", "trace_id": trace.get("Root"), "parent_id": trace.get("Parent")}
        host, _, port = os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "").rpartition(":")
        # A lost trace must not fail the request. A datagram never waits for the daemon.
        with contextlib.suppress(OSError, OverflowError, ValueError):
            self._socket.sendto(f"{_HEADER}{json.dumps(document)}".encode(), (host, int(port)))
