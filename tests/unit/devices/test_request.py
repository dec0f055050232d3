"""What a page may ask for."""

import pytest
from pydantic import ValidationError

from devices.problems import INVALID_REQUEST, ProblemError
from devices.request import ListQuery, StatusChange, is_device_key


@pytest.mark.parametrize("key", ["a_b", "-_-", "a" * 53 + "_b", "us-west-2_A1"])
def test_a_key_has_an_underscore_and_at_most_55_characters(key: str) -> None:
    assert is_device_key(key)


@pytest.mark.parametrize("key", ["", "_", "a_", "_b", "ab", "a_b ", " a_b", "a_b\n", "a" * 54 + "_b", "é_b", "a_b.c"])
def test_anything_else_is_no_key(key: str) -> None:
    assert not is_device_key(key)


@pytest.mark.parametrize(
    ("parameters", "limit", "next_token"),
    [
        ({}, None, None),
        ({"limit": ["1"]}, 1, None),
        ({"limit": ["60"]}, 60, None),
        ({"limit": ["007"]}, 7, None),
        ({"nextToken": ["a"]}, None, "a"),
        ({"nextToken": ["CAIS/+==,&"], "limit": ["2"]}, 2, "CAIS/+==,&"),
        ({"Limit": ["x"], "next_token": ["n"], "other": ["1", "2"]}, None, None),
    ],
)
def test_a_list_is_asked_for_with_a_limit_and_a_token(
    parameters: dict[str, list[str]], limit: int | None, next_token: str | None
) -> None:
    query = ListQuery.of(parameters)

    assert (query.limit, query.next_token) == (limit, next_token)


@pytest.mark.parametrize(
    "parameters",
    [
        *({"limit": [text]} for text in ["0", "61", "-1", "+1", "1.0", "1_0", " 1", "", "x", "\u0665", "\u00b2"]),
        *({"nextToken": [text]} for text in ["", " ", "a b", "a\n", "\ta"]),
        {"limit": ["1", "1"]},
        {"limit": []},
        {"nextToken": ["a", "a"]},
    ],
    ids=ascii,
)
def test_a_query_of_another_form_is_an_invalid_request(parameters: dict[str, list[str]]) -> None:
    with pytest.raises(ProblemError) as caught:
        ListQuery.of(parameters)

    assert caught.value.problem is INVALID_REQUEST


@pytest.mark.parametrize(
    ("body", "remembered"),
    [
        ('{"remembered": true}', True),
        ('{"remembered":false}', False),
        ('{"remembered": true, "remembered": false}', False),
    ],
)
def test_a_change_is_to_remember_or_not(body: str, remembered: bool) -> None:  # noqa: FBT001 - a table
    assert StatusChange.of(body).remembered is remembered


@pytest.mark.parametrize(
    "body",
    ["", "null", "{}", "[]", "true", '{"remembered": null}', '{"remembered": 1}', '{"remembered": "true"}',
     '{"remembered": true, "name": "a"}', '{"Remembered": true}'],
)  # fmt: skip
def test_a_body_of_another_form_is_an_invalid_request(body: str) -> None:
    with pytest.raises(ProblemError) as caught:
        StatusChange.of(body)

    assert caught.value.problem is INVALID_REQUEST


def test_what_was_refused_is_not_quoted() -> None:
    # Not even in the error behind the problem, which a debugger or a log could show.
    for refused in (
        lambda: ListQuery.of({"nextToken": ["canary canary"]}),
        lambda: StatusChange.of('{"remembered": "canary"}'),
    ):
        with pytest.raises(ProblemError) as caught:
            refused()
        assert isinstance(caught.value.__context__, ValidationError)
        assert "canary" not in str(caught.value.__context__)


def test_what_is_asked_for_stays_as_it_was_checked() -> None:
    query, change = ListQuery.of({"limit": ["5"]}), StatusChange.of('{"remembered": true}')

    with pytest.raises(ValidationError, match="frozen"):
        query.limit = 61  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        change.remembered = False  # type: ignore[misc]
