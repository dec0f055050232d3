"""Random requests, and a check of the responses to them."""

import base64
import json
from typing import Any

from hypothesis import strategies as st

from tests.support import canaries
from tests.support.events import ALLOWED_ORIGIN, RESPONSES, load
from tests.support.problems import PROBLEMS
from tests.support.tokens import DEVICE_KEY, IN_2024, IN_2099, SCOPE, jwt

ORIGINS = {ALLOWED_ORIGIN, "https://admin.example.com"}
_BY_TYPE = {f"urn:problem-type:{each.slug}": each for each in PROBLEMS}
# Lambda's limit for a response: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BYTES = 6_000_000

# Includes lone surrogates, which JSON can escape.
texts = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["", " ", "\t", "\x00", "canary", "canary\r\nX-Canary: 1", "\u0661\u0662", "\uff11", "\ud800", "a" * 10_000,
     "../../canary", "{}", "[]", "null", "${jndi:canary}", "%00", "current", DEVICE_KEY, "Authorization"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)

_claims = st.fixed_dictionaries(
    {
        "token_use": st.just("access") | values,
        "exp": st.just(IN_2099) | st.just(IN_2024) | values,
        "scope": st.just(SCOPE) | st.just(f"openid {SCOPE}") | values,
        "username": st.just("canary-user"),
    },
    optional={"device_key": st.just(DEVICE_KEY) | values, "sub": st.just("canary-sub")},
)
_tokens = (
    st.just(canaries.TOKEN)
    | _claims.map(lambda claims: jwt(json.dumps(claims).encode(), signature="canary-signature"))
    | st.binary(max_size=40).map(lambda payload: jwt(payload or b"{", signature="canary-signature"))
    | st.just(jwt(b'{"canary":"' + b"x" * 300_000 + b'"}'))
    | texts
)
_authorization = st.builds(
    lambda scheme, between, token: scheme + between + token,
    st.sampled_from(["Bearer", "Bearer", "bearer", "BEARER", "Basic", "Bearer,", "\u212aearer"]) | texts,
    st.sampled_from([" ", " ", "  ", "\t", "\n", "\u00a0", ""]),
    _tokens,
)
_names = st.sampled_from(
    [
        "Authorization",
        "Authorization",
        "authorization",
        "AUTHORIZATION",
        "Authorization ",
        "Origin",
        "origin",
        "Content-Type",
    ]
)
_values = st.lists(_authorization | st.sampled_from([*ORIGINS, "null", "*"]) | texts, min_size=1, max_size=3)
_headers = st.dictionaries(_names | texts, _values, max_size=4)
_query = st.dictionaries(st.sampled_from(["limit", "nextToken"]) | texts, st.lists(texts, max_size=3), max_size=3)


@st.composite
def _bodies(draw: st.DrawFn) -> tuple[str | None, bool]:
    text = draw(
        st.sampled_from(['{"remembered": true}', '{"remembered": false}']) | values.map(json.dumps) | texts | st.none()
    )
    if text is None or not draw(st.booleans()):
        return text, draw(st.booleans())
    return base64.b64encode(text.encode(errors="surrogatepass")).decode(), True


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """An event as API Gateway could build it from some request."""
    event = canaries.marked(load(draw(st.sampled_from(sorted(RESPONSES))), token=canaries.TOKEN))
    if draw(st.booleans()):
        several = draw(_headers)
        event["multiValueHeaders"] = draw(st.sampled_from([several, None, {}]))
        event["headers"] = draw(st.sampled_from([{name: each[-1] for name, each in several.items()}, None, {}]))
    if draw(st.booleans()):
        event["httpMethod"] = draw(st.sampled_from(["GET", "PATCH", "DELETE", "OPTIONS", "HEAD", "POST"]) | texts)
    if draw(st.booleans()):
        event["pathParameters"] = draw(st.none() | st.fixed_dictionaries({"deviceKey": texts | st.just("current")}))
    if draw(st.booleans()):
        query = draw(_query)
        event["multiValueQueryStringParameters"] = draw(st.sampled_from([query, None]))
        event["queryStringParameters"] = {name: each[-1] for name, each in query.items() if each}
    if draw(st.booleans()):
        event["body"], event["isBase64Encoded"] = draw(_bodies())
    return event


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """An event with random values for some of its members, or without them."""
    event = draw(requests())
    # Keep the context: the response may repeat its request ID, which only API Gateway chooses.
    for name in draw(st.lists(st.sampled_from(sorted(event.keys() - {"requestContext"})), max_size=4)):
        event[name] = draw(values)
    for name in draw(st.lists(st.sampled_from(sorted(event)), max_size=2)):
        event.pop(name, None)
    return event


def assert_contract(response: dict[str, Any]) -> None:
    """Check that a response is one of the contract, and that its status is below 500: Cognito did not fail."""
    assert len(json.dumps(response).encode()) < MAX_BYTES
    headers = {name: value for name, (value,) in response["multiValueHeaders"].items()}
    assert all(isinstance(value, str) and value.isprintable() for value in headers.values())
    assert headers.get("Access-Control-Allow-Origin", ALLOWED_ORIGIN) in ORIGINS
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert response["statusCode"] < 500
    if response["statusCode"] >= 400:
        problem = json.loads(response["body"])
        known = _BY_TYPE[problem["type"]]
        assert headers["Content-Type"] == "application/problem+json"
        assert problem == json.loads(known.body(problem["requestId"]))
        assert problem["status"] == response["statusCode"]
        assert isinstance(problem["requestId"], str)
    else:
        assert response["statusCode"] in {200, 204}
