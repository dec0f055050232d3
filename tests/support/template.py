"""This project's templates as written, and template.yaml as transformed by SAM."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from tests.support.local_cloud import PROJECT, PYTHON


class _Loader(yaml.CSafeLoader):
    """Reads `!Sub` and other short intrinsics in their long form, `{"Fn::Sub": …}`."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag == "Ref" else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    raise yaml.constructor.ConstructorError(None, None, f"!{tag} of a mapping", node.start_mark)


_Loader.add_multi_constructor("!", _intrinsic)


def load(path: str = "template.yaml") -> dict[str, Any]:
    """Return a template of this project, with all intrinsics in their long form."""
    return dict(yaml.load((PROJECT / path).read_text(), _Loader))  # noqa: S506 - a SafeLoader


TEMPLATE = load()
PARAMETERS: dict[str, Any] = TEMPLATE["Parameters"]
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


_TRANSFORM = """
import json, sys
from local.transform import transformed
json.dump([transformed(*each) for each in json.load(sys.stdin)], sys.stdout)
"""


class Variant(NamedTuple):
    """What the transform is given: parameters' values, and the S3 URLs of built code and layers by logical ID."""

    parameters: Mapping[str, str] = {}
    artifacts: Mapping[str, str] = {}


def transformed(*variants: Variant) -> list[dict[str, Any]]:
    """Transform the template for each variant, in one process, because importing SAM is slow."""
    ran = subprocess.run(
        [PYTHON, "-c", _TRANSFORM], cwd=PROJECT, input=json.dumps(variants), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))


def of_type(template: Mapping[str, Any], resource_type: str) -> dict[str, Any]:
    """Return a template's resources of one type, by logical ID."""
    return {name: each for name, each in template["Resources"].items() if each["Type"] == resource_type}


def references(value: object) -> Iterator[str]:
    """Yield the names to which a part of a template refers with Ref or Sub."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name == "Ref":
                yield str(part)
            elif name == "Fn::Sub" and isinstance(part, str):
                yield from (piece.partition("}")[0] for piece in part.split("${")[1:])
            else:
                yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)
