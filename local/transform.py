"""Prints the plain CloudFormation template that the SAM transform makes of template.yaml, as JSON.

    python -m local.transform DeploymentPreference=Canary10Percent5Minutes

Like AWS's CloudFormation, and unlike the emulator's, it transforms the template with the parameters' values.
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

from local.ministack import REGION
from local.sam_cli import PROJECT

_ARTIFACTS = {
    "DevicesFunction": ("CodeUri", "s3://artifacts/function"),
    "DependenciesLayer": ("ContentUri", "s3://artifacts/layer"),
}


def transformed(parameters: Mapping[str, str], artifacts: Mapping[str, str]) -> dict[str, Any]:
    """Transform template.yaml, with URIs of artifacts in place of its folders, as `sam deploy` puts them.

    Parameters
    ----------
    parameters : mapping of str to str
        Values of the template's parameters; the others get their defaults.
    artifacts : mapping of str to str
        The logical ID of a resource that is built -> the URI of its artifact, such as `s3://bucket/key`.

    Returns
    -------
    dict
        A template of plain CloudFormation.

    Raises
    ------
    ValueError
        The template lacks a parameter, or a resource that is built.
    samtranslator.model.exceptions.InvalidDocumentException
        The template is not a valid SAM template.
    """
    template = yaml_parse((PROJECT / "template.yaml").read_text(encoding="utf-8"))
    _refuse_unknown("parameter", parameters, template["Parameters"])
    _refuse_unknown("resource that is built", artifacts, _ARTIFACTS)
    for resource, (name, address) in _ARTIFACTS.items():
        template["Resources"][resource]["Properties"][name] = artifacts.get(resource, address)
    no_managed_policies = SimpleNamespace(load=dict)  # the template uses none of AWS's
    # It logs for each of its experimental features that the feature is off.
    logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.ERROR)
    os.environ["AWS_DEFAULT_REGION"] = REGION  # the translator derives the partition from it, or asks AWS
    from samtranslator.translator.transform import transform  # noqa: PLC0415 - it takes a second, and errors come first

    return dict(transform(template, dict(parameters), no_managed_policies))


def _refuse_unknown(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in sorted(set(given) - set(known)):
        raise ValueError(f"The template has no {kind} called {name}: there are {', '.join(known)}.")


def main(arguments: list[str] | None = None) -> int:
    """Print the transformed template; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m local.transform", description="Print template.yaml as plain CloudFormation in JSON."
    )
    parser.add_argument(
        "parameters", nargs="*", type=_pair, metavar="NAME=VALUE", help="value of a parameter of the template"
    )
    parser.add_argument(
        "--artifact",
        action="append",
        default=[],
        type=_pair,
        metavar="RESOURCE=URI",
        help="URI of the artifact of a resource that is built, such as s3://bucket/key",
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
