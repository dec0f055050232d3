"""docs/openapi.json: that it is valid and up to date, and describes the function."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import validate

from devices.inputs import METHODS
from tests.support.problems import PROBLEMS
from tests.support.template import RESOURCES
from tools.openapi import __main__ as command
from tools.openapi.document import document
from tools.openapi.operations import app
from tools.openapi.responses import REQUEST_TOO_LARGE

DOCUMENT: dict[str, Any] = json.loads(document())
OPERATIONS = [(path, method, each) for path, methods in DOCUMENT["paths"].items() for method, each in methods.items()]
ALL = [*PROBLEMS, REQUEST_TOO_LARGE]


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT)


def test_the_file_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0, capsys.readouterr().err


def test_it_has_every_operation_of_the_function() -> None:
    offered = {(path, method) for path, methods in METHODS.items() for method in methods.split(", ")}

    assert {(path, method.upper()) for path, method, _ in OPERATIONS} == {
        (path, method) for path, method in offered if method != "OPTIONS"
    }


def test_every_part_has_a_description() -> None:
    missing = [place for place, part in parts() if not part.get("description")]

    assert missing == []


def parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield operations, parameters, bodies and their members, responses, links and headers, with where they are."""
    for server in DOCUMENT["servers"]:
        yield from ((f"{server['url']} {name}", each) for name, each in server["variables"].items())
    for path, method, operation in OPERATIONS:
        yield f"{method} {path}", operation
        yield from ((f"{method} {path} {each['name']}", each) for each in operation["parameters"])
        if "requestBody" in operation:
            yield f"{method} {path}'s body", operation["requestBody"]
        for response in operation["responses"].values():
            yield from ((f"{method} {path}'s {name}", each) for name, each in response.get("links", {}).items())
        yield from (
            (f"{method} {path} {status}", each) for status, each in operation["responses"].items() if "$ref" not in each
        )
    components = DOCUMENT["components"]
    for kind in ("headers", "responses", "securitySchemes"):
        yield from ((f"{kind} {name}", each) for name, each in components[kind].items())
    for name, schema in components["schemas"].items():
        yield from ((f"{name}.{member}", each) for member, each in schema.get("properties", {}).items())


def test_every_problem_is_shown_with_an_example_under_its_status() -> None:
    referred = [
        (int(status), resolved(reference))
        for _, _, operation in OPERATIONS
        for status, reference in operation["responses"].items()
        if int(status) >= 400
    ]
    # 405 is the response of no operation.
    further = [(405, DOCUMENT["components"]["responses"]["MethodNotAllowed"])]
    shown = {
        (status, example["value"]["type"])
        for status, response in referred + further
        for example in response["content"]["application/problem+json"]["examples"].values()
    }

    assert shown == {(each.status, f"urn:problem-type:{each.slug}") for each in ALL}


def test_every_reference_resolves() -> None:
    found = list(references(DOCUMENT))

    for reference in found:
        assert resolved({"$ref": reference})
    assert len(found) > 50


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_operation_needs_a_token() -> None:
    assert DOCUMENT["security"] == [{"accessToken": []}]
    assert not [operation for _, _, operation in OPERATIONS if "security" in operation]


def test_the_problem_schema_lists_every_type() -> None:
    types = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]

    assert types == sorted(f"urn:problem-type:{each.slug}" for each in ALL)


@pytest.mark.parametrize("response", RESOURCES["Api"]["Properties"]["GatewayResponses"].values())
def test_the_problem_schema_admits_each_body_of_api_gateway(response: dict[str, Any]) -> None:
    body = json.loads(response["ResponseTemplates"]["application/json"])

    OAS31Validator(DOCUMENT["components"]["schemas"]["Problem"]).validate(body)


def test_every_example_matches_its_schema() -> None:
    found = list(examples(DOCUMENT))

    for schema, example in found:
        resolvable = {**schema, "components": DOCUMENT["components"]}
        OAS31Validator(resolvable, format_checker=oas31_format_checker).validate(example)
    assert len(found) > 20


def examples(part: Any) -> Iterator[tuple[dict[str, Any], object]]:
    if isinstance(part, dict):
        if "schema" in part:
            yield from ((part["schema"], example["value"]) for example in part.get("examples", {}).values())
        elif isinstance(part.get("examples"), list):
            yield from ((part, example) for example in part["examples"])
        for each in part.values():
            yield from examples(each)
    elif isinstance(part, list):
        for each in part:
            yield from examples(each)


def test_the_command_writes_and_checks_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "DOCUMENT", tmp_path / "openapi.json")

    assert command.main(["--check"]) == 1
    assert command.main([]) == 0
    assert command.main(["--check"]) == 0
    (tmp_path / "openapi.json").write_text("{}")
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/openapi.json is out of date: run make openapi.\n" * 2


def test_operations_must_share_their_error_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    responses: Any = app._static_routes[0].responses  # noqa: SLF001
    monkeypatch.setitem(responses, 404, {"description": "Another.", "content": {}})

    with pytest.raises(ValueError, match="operations have different responses for status 404"):
        document()


def test_a_bound_must_be_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "get_openapi_json_schema", lambda **_: '{"maximum": 1.5}')

    with pytest.raises(ValueError, match=r"1\.5 is not a whole number"):
        document()


def resolved(reference: dict[str, str]) -> dict[str, Any]:
    part: Any = DOCUMENT
    for name in reference["$ref"].removeprefix("#/").split("/"):
        part = part[name]
    assert isinstance(part, dict)
    return part
