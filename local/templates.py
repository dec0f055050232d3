"""Reads this project's CloudFormation templates as plain data."""

from pathlib import Path
from typing import Any

import yaml

_PROJECT = Path(__file__).parent.parent


class _Loader(yaml.CSafeLoader):
    """Reads `!Sub text` and other intrinsics as what they are applied to, here `text`."""


def _argument(loader: _Loader, _name: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node, deep=True)  # type: ignore[arg-type]  # no intrinsic is applied to a mapping


_Loader.add_multi_constructor("!", _argument)


def read(path: str) -> dict[str, Any]:
    """Return a template of this project.

    Parameters
    ----------
    path : str
        Its path in the project, such as `spa/template.yaml`.
    """
    return dict(yaml.load((_PROJECT / path).read_text(encoding="utf-8"), _Loader))  # noqa: S506 - a SafeLoader
