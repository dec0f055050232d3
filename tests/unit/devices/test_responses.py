"""The headers that let pages of the allowed origins read responses."""

import pytest

from devices.responses import cors

READABLE = {
    "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
    "Access-Control-Expose-Headers": "Retry-After,x-amzn-RequestId",
    "Access-Control-Max-Age": "3600",
}
ORIGINS = ("https://app.example.com", "https://admin.example.com", "https://ops.example.com")


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_of_each_allowed_origin_may_read_responses(origin: str) -> None:
    assert cors(ORIGINS).to_dict(origin) == READABLE | {"Access-Control-Allow-Origin": origin}


@pytest.mark.parametrize("origins", [(), ORIGINS])
def test_a_page_of_another_origin_may_read_nothing(origins: tuple[str, ...]) -> None:
    assert cors(origins).to_dict("https://foreign.example.com") == {}
