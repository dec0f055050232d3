"""Prints template.yaml as CloudFormation's SAM transform leaves it, for given parameters, as JSON.

    python -m local.transform DeploymentPreference=Canary10Percent5Minutes

The emulator's CloudFormation transforms without the parameters' values, AWS's with them; so does this.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from local.emulator import REGION
from local.sam_cli import PROJECT

_ARTIFACTS = {
    "DevicesFunction": ("CodeUri", "s3://artifacts/function"),
    "DependenciesLayer": ("ContentUri", "s3://artifacts/layer"),
}


def transformed(parameters: Mapping[str, str], artifacts: Mapping[str, str]) -> dict[str, Any]:
    """Transform template.yaml, with what `sam deploy` would have put in place of its folders.

    Parameters
    ----------
    parameters : mapping of str to str
        The template's parameters; the others have their defaults.
    artifacts : mapping of str to str
        Where what was built is, by the logical id of its resource, such as `s3://bucket/key`.

    Returns
    -------
    dict
        A template of plain CloudFormation.

    Raises
    ------
    ValueError
        The template has no such parameter, or builds no such resource.
    samtranslator.model.exceptions.InvalidDocumentException
        The template is none of SAM's.
    """
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    _refuse_unknown("parameter", parameters, template["Parameters"])
    _refuse_unknown("resource that is built", artifacts, _ARTIFACTS)
    for resource, (name, address) in _ARTIFACTS.items():
        template["Resources"][resource]["Properties"][name] = artifacts.get(resource, address)
    no_managed_policies = SimpleNamespace(load=dict)  # the template names none of AWS's
    # It says of each of its features under trial that it is off.
    logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.ERROR)
    os.environ["AWS_DEFAULT_REGION"] = REGION  # where it would ask AWS for the partition
    from samtranslator.translator.transform import transform  # noqa: PLC0415 - a second that a refusal does not need

    return dict(transform(template, dict(parameters), no_managed_policies))


def _refuse_unknown(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in sorted(set(given) - set(known)):
        raise ValueError(f"The template has no {kind} called {name}: there are {', '.join(known)}.")


def main(arguments: list[str] | None = None) -> int:
    """Print the transformed template."""
    parser = argparse.ArgumentParser(prog="python -m local.transform", description="Transform template.yaml.")
    parser.add_argument("parameters", nargs="*", type=_pair, metavar="NAME=VALUE", help="a parameter of the template")
    parser.add_argument(
        "--artifact", action="append", default=[], type=_pair, metavar="RESOURCE=URI", help="where a build's result is"
    )
    asked = parser.parse_args(arguments)
    try:
        print(json.dumps(transformed(dict(asked.parameters), dict(asked.artifact)), indent=1))
    except ValueError as error:
        parser.error(str(error))
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
