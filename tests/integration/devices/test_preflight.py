"""OPTIONS: the preflight request that a browser sends before the actual one."""

import pytest

from tests.support.events import ALLOWED_HEADERS, load
from tests.support.fake_cognito import FakeCognito
from tests.support.handler import invoke

ALWAYS = {
    "Access-Control-Allow-Methods": "DELETE,GET,OPTIONS,PATCH",
    "Cache-Control": "no-store",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize("event", ["preflight", "preflight_change", "preflight_list"])
@pytest.mark.parametrize("origin", ["https://app.example.com", "https://admin.example.com"])
def test_a_preflight_of_an_allowed_origin_may_be_cached_for_an_hour(fake: FakeCognito, origin: str, event: str) -> None:
    response = invoke(load(event, origin=origin))

    assert (response.status, response.text) == (204, "")
    assert response.headers == ALWAYS | {
        "Access-Control-Allow-Headers": ",".join(ALLOWED_HEADERS),
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
        "Access-Control-Max-Age": "3600",
    }
    assert fake.requests == []


@pytest.mark.parametrize(
    "origin",
    ["https://foreign.example.com", "http://app.example.com", "https://app.example.com.example.org", "null", "*"],
)
def test_a_preflight_of_a_foreign_origin_gets_no_cors_headers(origin: str) -> None:
    response = invoke(load("preflight", origin=origin))

    assert (response.status, response.text) == (204, "")
    assert response.headers == ALWAYS


@pytest.mark.parametrize("missing", ["headers", "multiValueHeaders"])
def test_the_origin_is_found_in_either_map_of_headers(missing: str) -> None:
    origin = "https://admin.example.com"

    response = invoke(load("preflight", origin=origin) | {missing: None})

    assert response.headers["Access-Control-Allow-Origin"] == origin
