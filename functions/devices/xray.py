"""AWS X-Ray behind Powertools' Tracer: subsegments, sent to the daemon that Lambda runs beside the function.

This is all of AWS's SDK that the function needs; the SDK itself is in maintenance, and slows the cold start down.
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
        The subsegment document, times in epoch seconds.
    """

    def __init__(self, name: str, start_time: float) -> None:
        self.document: dict[str, Any] = {"name": name, "id": os.urandom(8).hex(), "start_time": start_time}

    def put_annotation(self, key: str, value: str | float) -> None:
        """Add a text, number or boolean by which traces can be searched."""
        self.document.setdefault("annotations", {})[key] = value


class XRay:
    """A provider for Powertools' Tracer. It records what Lambda says is sampled, and nothing outside of Lambda."""

    def __init__(self) -> None:
        self._open: list[Subsegment] = []
        self._epoch = 0.0
        self._socket = socket.socket(type=socket.SOCK_DGRAM)

    def close(self) -> None:
        """Give the socket back; Lambda does so itself when it ends an environment."""
        self._socket.close()

    @contextmanager
    def in_subsegment(self, name: str) -> Iterator[Subsegment]:
        """Trace the block as a part of the subsegment around it, or else of Lambda's segment, and then send it.

        An exception passes through and marks the subsegment as failed. Its text stays out of the trace: such texts
        quote what they are about.
        """
        if not self._open:
            # The clock is read once for an invocation: what ends must not end before it started, if the clock is set.
            self._epoch = time.time() - time.monotonic()
        subsegment = Subsegment(name, self._epoch + time.monotonic())
        if self._open:
            self._open[-1].document.setdefault("subsegments", []).append(subsegment.document)
        self._open.append(subsegment)
        try:
            yield subsegment
        except Exception:
            subsegment.document["fault"] = True
            raise
        finally:
            self._open.pop()
            subsegment.document["end_time"] = self._epoch + time.monotonic()
            if not self._open:
                self._send(subsegment.document)

    def _send(self, document: dict[str, Any]) -> None:
        # https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
        trace = dict(part.partition("=")[::2] for part in os.environ.get("_X_AMZN_TRACE_ID", "").split(";"))
        if trace.get("Sampled") != "1":
            return
        document |= {"type": "subsegment", "trace_id": trace.get("Root"), "parent_id": trace.get("Parent")}
        host, _, port = os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "").rpartition(":")
        # A request must not fail for its trace; sending a datagram does not wait for anybody.
        with contextlib.suppress(OSError, OverflowError, ValueError):
            self._socket.sendto(f"{_HEADER}{json.dumps(document)}".encode(), (host, int(port)))
