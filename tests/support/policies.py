"""IAM policies of a template: their statements with the parameters' values, and what they allow."""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012"}
NO_VALUE = object()

type Context = Mapping[str, str]


def resolved(value: Any, template: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:
    """Return a part of a template with the values of its references and conditions."""
    defaults = {name: each.get("Default", "") for name, each in template["Parameters"].items()}
    names: dict[str, Any] = {**PSEUDO, **defaults, **parameters}

    def condition(name: str) -> bool:
        return bool(value_of(template["Conditions"][name]))

    intrinsics: dict[str, Callable[[Any], Any]] = {
        "Ref": lambda name: NO_VALUE if name == "AWS::NoValue" else names.get(name, name),
        "Fn::Sub": lambda text: re.sub(r"\$\{([\w:]+)}", lambda found: str(names[found[1]]), text),
        "Fn::If": lambda parts: value_of(parts[1] if condition(parts[0]) else parts[2]),
        "Fn::Equals": lambda parts: value_of(parts[0]) == value_of(parts[1]),
        "Fn::Not": lambda parts: not value_of(parts[0]),
    }

    def value_of(part: Any) -> Any:
        if isinstance(part, list):
            return [each for each in map(value_of, part) if each is not NO_VALUE]
        if not isinstance(part, dict):
            return part
        for name in intrinsics.keys() & part.keys():
            return intrinsics[name](part[name])
        return {key: value_of(each) for key, each in part.items()}

    return value_of(value)


def many(value: Any) -> list[Any]:
    """Return a list, which a policy may replace by its only item."""
    return value if isinstance(value, list) else [value]


def allows(statements: list[Any], action: str, arn: str, context: Context) -> bool:
    """Return whether one of the statements, each of which allows, covers an action on a resource."""
    return any(
        any(fnmatchcase(action, each) for each in many(statement["Action"]))
        and any(fnmatchcase(arn, each) for each in many(statement["Resource"]))
        and all(_holds(operator, keys, context) for operator, keys in statement.get("Condition", {}).items())
        for statement in statements
    )


def _holds(operator: str, keys: Mapping[str, Any], context: Context) -> bool:
    assert operator in {"StringEquals", "ForAnyValue:StringEquals"}
    return all(context.get(key) in many(value) for key, value in keys.items())
