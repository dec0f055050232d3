"""The page in a browser that lacks what Safari 16, Chrome 105 and Firefox 105 lack."""

from typing import Any

from tests.support.devices_page import DevicesPage
from tests.support.local_cloud import PROJECT


def test_the_page_lists_all_list_pages_in_an_old_browser(page: DevicesPage, session: dict[str, Any]) -> None:
    # Given
    page.tab.add_init_script(path=PROJECT / "tests/spa/baseline-2022.js")

    # When a user signs in whose list takes two requests
    page.sign_in(session["username"])

    # Then
    assert page.names.count() > 60
