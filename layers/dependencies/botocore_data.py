"""Reduce botocore's data to what the function's client reads.

botocore describes all AWS services in 28 MB of JSON, of which a new client reads its own service's part. The layer
keeps one service, Amazon Cognito user pools, with the operations that the function calls and the endpoints of all
Regions.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SERVICE = "cognito-idp"
# The operations that the function calls. An operation that is missing here fails when the function calls it.
OPERATIONS = ("ForgetDevice", "GetDevice", "ListDevices", "UpdateDeviceStatus")

# The files that a client reads in its service's folder, and those that all clients read.
_OF_THE_SERVICE = ("service-2.json", "endpoint-rule-set-1.json")
_OF_ALL = ("_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json")


def cut(data: Path) -> None:
    """Remove what the client does not read from `data`, the folder `botocore/data`.

    Raises
    ------
    LookupError
        The folder lacks a file or an operation that the client needs.
    """
    versions = sorted(path for path in (data / SERVICE).glob("*") if path.is_dir())
    if not versions:
        raise LookupError(f"{data} has no {SERVICE}")
    kept = {f"{SERVICE}/{versions[-1].name}/{name}": _read(versions[-1] / name) for name in _OF_THE_SERVICE}
    kept |= {name: _read(data / name) for name in _OF_ALL}
    for name, content in kept.items():
        if name.endswith("service-2.json"):
            kept[name] = _service(content)
        if name == "endpoints.json":
            kept[name] = _endpoints(content)
    shutil.rmtree(data)
    for name, content in kept.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, separators=(",", ":")))


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON
    compressed = path.with_name(f"{path.name}.gz")
    if compressed.exists():
        return json.loads(gzip.decompress(compressed.read_bytes()))
    if not path.exists():
        raise LookupError(f"{path} is missing")
    return json.loads(path.read_text())


def _service(model: dict[str, Any]) -> dict[str, Any]:
    missing = set(OPERATIONS) - model["operations"].keys()
    if missing:
        raise LookupError(f"{SERVICE} has no operation {', '.join(sorted(missing))}")
    operations = {name: model["operations"][name] for name in OPERATIONS}
    # The shapes that the operations name, and the shapes that those name.
    shapes: dict[str, Any] = {}
    pending = [operations]
    while pending:
        for name in set(_shapes_in(pending.pop())) - shapes.keys():
            shapes[name] = model["shapes"][name]
            pending.append(shapes[name])
    cut: dict[str, Any] = _undocumented({**model, "operations": operations, "shapes": shapes})
    return cut


def _shapes_in(part: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _shapes_in(each)


def _undocumented(part: Any) -> Any:  # noqa: ANN401
    if isinstance(part, dict):
        return {
            key: _undocumented(value)
            for key, value in part.items()
            if not (key == "documentation" and isinstance(value, str))  # a shape could have a member of this name
        }
    return [_undocumented(each) for each in part] if isinstance(part, list) else part


def _endpoints(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {SERVICE: services[SERVICE]} if SERVICE in services else {}
    return endpoints
