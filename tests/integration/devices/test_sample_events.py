"""The sample events of `events/`, which also serve to invoke the function by hand."""

import json
from pathlib import Path

import pytest

from tests.support.events import EVENTS, RESPONSES, load
from tests.support.fake_cognito import FakeCognito, Reply
from tests.support.handler import invoke

FILES = sorted(EVENTS.glob("*.json"))
UNKNOWN = [Reply.error("ResourceNotFoundException")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_event_gets_the_response_that_its_name_implies(file: Path, fake: FakeCognito) -> None:
    fake.replies = UNKNOWN if file.stem == "unknown_device" else []

    response = invoke(load(file.stem))

    status, slug = RESPONSES[file.stem]
    assert response.status == status
    assert slug is None or response.body["type"] == f"urn:problem-type:{slug}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_members_of_a_sample_event_are_consistent(file: Path) -> None:
    event = json.loads(file.read_text(encoding="utf-8"))
    context = event["requestContext"]

    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
    parameters = event["queryStringParameters"]
    assert event["multiValueQueryStringParameters"] == (
        parameters and {name: [each] for name, each in parameters.items()}
    )
    assert event["path"] == event["resource"].format(**event["pathParameters"] or {})
    assert context["path"] == f"/{context['stage']}{event['path']}"
    assert (context["resourcePath"], context["httpMethod"]) == (event["resource"], event["httpMethod"])


def test_each_sample_event_has_an_expected_response() -> None:
    assert [file.stem for file in FILES] == sorted(RESPONSES)
