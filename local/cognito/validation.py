"""Validates requests by Cognito's service model, and words the errors as Cognito does."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import Shape

from local.cognito.exceptions import InvalidParameterError, SerializationError
from local.cognito.model import service_model

_TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "blob": str, "boolean": bool, "integer": int}
# The model allows only hexadecimal digits after the underscore of a device key, but AWS's own examples have others;
# whether Cognito rejects those is unconfirmed.
_PATTERNS = {"DeviceKeyType": r"[\w-]+_[\w-]+"}


def parse(operation: str, body: bytes, *required: str) -> dict[str, Any]:
    """Return the members of a request; unknown members and nulls are left out.

    Parameters
    ----------
    operation : str
        An operation of the service model.
    body : bytes
        The request's body.
    *required : str
        Members that the request must have besides those that the model requires.

    Raises
    ------
    SerializationError
        The body is not a JSON object, or a member has the wrong JSON type.
    InvalidParameterError
        Required members are missing, or values violate their constraints. The message lists all of them.
    """
    shape: Any = service_model().operation_model(operation).input_shape
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise SerializationError("Invalid JSON") from None
    if not isinstance(request, dict):
        raise SerializationError("Start of structure or map found where not expected.")
    _check_types(shape, request, "")
    given = _given(shape, request)
    errors = [_is_null(_inside("", name)) for name in required if name not in {*given, *shape.required_members}]
    errors += _violations(shape, request, "")
    if errors:
        count = "1 validation error" if len(errors) == 1 else f"{len(errors)} validation errors"
        raise InvalidParameterError(f"{count} detected: {'; '.join(errors)}")
    return given


def _given(shape: Any, value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name in shape.members and each is not None}


def _check_types(shape: Any, value: object, place: str) -> None:
    if not isinstance(value, _TYPES[shape.type_name]) or isinstance(value, bool) != (shape.type_name == "boolean"):
        raise SerializationError(f"Unexpected JSON type for {place}")
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise SerializationError(f"{place} has half of a surrogate pair")
    for part in _parts(shape, value, place):
        _check_types(*part)


def _violations(shape: Any, value: Any, place: str) -> Iterator[str]:
    quoted = "" if shape.metadata.get("sensitive") else f" '{value}'"
    for constraint in _violated(shape, value):
        yield f"Value{quoted} at '{place}' failed to satisfy constraint: Member must {constraint}"
    if shape.type_name == "structure":
        given = _given(shape, value)
        yield from (_is_null(_inside(place, name)) for name in shape.required_members if name not in given)
    for part in _parts(shape, value, place):
        yield from _violations(*part)


def _parts(shape: Any, value: Any, place: str) -> Iterator[tuple[Any, Any, str]]:
    """Yield the shape, the value and the place of each part that a value consists of."""
    match shape.type_name:
        case "structure":
            yield from ((shape.members[key], each, _inside(place, key)) for key, each in _given(shape, value).items())
        case "map":
            for key, each in value.items():
                yield shape.key, key, f"{place}.key"
                # amazon-cognito-identity-js sends null as the key of a device that it does not have.
                yield from [(shape.value, each, f"{place}.{key}")] if each is not None else []
        case "list":
            yield from ((shape.member, each, f"{place}.{number}.member") for number, each in enumerate(value, 1))


def _violated(shape: Any, value: Any) -> Iterator[str]:
    """Yield the constraints of a shape that a value violates."""
    pattern = _pattern(shape)
    if pattern and not pattern.fullmatch(value):
        yield f"satisfy regular expression pattern: {pattern.pattern}"
    if getattr(shape, "enum", None) and value not in shape.enum:
        yield f"satisfy enum value set: [{', '.join(sorted(shape.enum))}]"
    is_number = shape.type_name == "integer"
    measure, size = ("value", value) if is_number else ("length", len(value) if hasattr(value, "__len__") else 0)
    if size > shape.metadata.get("max", size):
        yield f"have {measure} less than or equal to {shape.metadata['max']}"
    if size < shape.metadata.get("min", size):
        yield f"have {measure} greater than or equal to {shape.metadata['min']}"


@cache
def _pattern(shape: Shape) -> "re.Pattern[str] | None":
    pattern = _PATTERNS.get(shape.name, shape.metadata.get("pattern"))
    if pattern is None or r"\p" in pattern:  # Python's re does not know Unicode's categories
        return None
    return re.compile(pattern, re.ASCII)


def _is_null(place: str) -> str:
    return f"Value null at '{place}' failed to satisfy constraint: Member must not be null"


def _inside(place: str, name: str) -> str:
    """Return the place of a member, as Cognito names it: `userAttributes.1.member.name`."""
    return f"{place}{'.' if place else ''}{name[0].lower()}{name[1:]}"
