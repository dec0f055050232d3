"""Preflights, as a browser reads them: which headers a page may send."""

from typing import Any

import pytest

from tests.support.devices_page import DevicesPage
from tests.support.events import MONITORING_HEADERS

_SEND = "([url, headers]) => fetch(url, { headers }).then((response) => response.status, () => 'refused')"


@pytest.mark.parametrize(
    ("headers", "outcome"), [({}, 200), (dict.fromkeys(MONITORING_HEADERS, "1"), 200), ({"X-Other": "1"}, "refused")]
)
def test_a_page_may_send_the_headers_that_monitoring_adds(
    page: DevicesPage, session: dict[str, Any], bearer: dict[str, str], headers: dict[str, str], outcome: object
) -> None:
    # Given
    page.tab.goto(page.url)

    # When
    url = f"{session['api_url']}/devices"
    received = page.tab.evaluate(_SEND, [url, {**bearer, **headers}])

    # Then
    assert received == outcome
    if outcome == "refused":
        page.expect_complaints("Request header field x-other is not allowed", "net::ERR_FAILED")
