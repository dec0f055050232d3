"""What `make verify` says of a response that differs from the contract."""

import httpx
import pytest

from tests.support.responses import assert_response


def test_the_message_names_the_request_as_it_was_sent() -> None:
    request = httpx.Request("GET", "https://api.example.com/v1/devices/a%0A_b?limit=0")

    with pytest.raises(AssertionError) as failed:
        assert_response(httpx.Response(500, request=request), 400, {"vary": "Origin"})

    first, *_ = str(failed.value).splitlines()  # pytest adds the assertion to the message
    assert first == "GET /v1/devices/a%0A_b?limit=0: status is 500, not 400; header vary is None, not 'Origin'"
