"""docs/api.md: its tables name what the function and API Gateway return."""

import json
import re
from itertools import groupby

from devices import problems
from devices.inputs import METHODS
from devices.models import Device
from tests.support.local_cloud import PROJECT
from tests.support.template import RESOURCES

TEXT = (PROJECT / "docs/api.md").read_text()
TYPE_PREFIX = "urn:problem-type:"


def _problems_of_the_function() -> dict[str, int]:
    return {each.slug: each.status for each in vars(problems).values() if isinstance(each, problems.Problem)}


def _problems_of_api_gateway() -> dict[str, int]:
    bodies = [
        json.loads(response["ResponseTemplates"]["application/json"].replace("$context.requestId", "id"))
        for response in RESOURCES["Api"]["Properties"]["GatewayResponses"].values()
    ]
    statuses = {body["type"].removeprefix(TYPE_PREFIX): body.get("status") for body in bodies}
    return {slug: status for slug, status in statuses.items() if status is not None}


def test_the_table_of_errors_has_each_problem_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([\w-]+)` \|", TEXT, re.MULTILINE)

    assert len(rows) == len({slug for _, slug in rows})
    assert {slug: int(status) for status, slug in rows} == _problems_of_api_gateway() | _problems_of_the_function()


def test_the_table_of_a_device_has_each_of_its_keys_in_order() -> None:
    section = TEXT.partition("## A device")[2].partition("## ")[0]

    keys = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)

    assert keys == [field.alias for field in Device.model_fields.values()]
    assert list(json.loads(section.split("```")[1].removeprefix("json"))) == keys


def test_the_table_of_operations_has_each_method_of_each_resource() -> None:
    rows = sorted((path, method) for method, path in re.findall(r"^\| `([A-Z]+) (/[^?`]*)", TEXT, re.MULTILINE))

    methods = {path: [method for _, method in each] for path, each in groupby(rows, key=lambda row: row[0])}

    assert methods == {
        path: [each for each in allowed.split(", ") if each != "OPTIONS"] for path, allowed in METHODS.items()
    }
