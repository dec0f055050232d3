"""Malicious device names, and code that is injected into the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.devices_page import DevicesPage
from tests.support.users import User

_MARKUP = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (_MARKUP, _MARKUP),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("&lt;b&gt; {{1+1}} ${1+1}", "&lt;b&gt; {{1+1}} ${1+1}"),
        ("Phone\u202egpj.exe", "Phonegpj.exe"),
        ("Phone\u2066\u202d\x1b[31m\x00\r\nred", "Phone[31m red"),
        ("הטלפון של דנה", "הטלפון של דנה"),
        ("👩\u200d👩\u200d👧 phone", "👩\u200d👩\u200d👧 phone"),
        ("x" * 1024, "x" * 256),
    ],
    ids=["image", "script", "entities", "override", "controls", "right to left", "joiners", "long"],
)
def test_a_device_name_is_shown_as_text(page: DevicesPage, user: Callable[..., User], name: str, shown: str) -> None:
    # Given a second device that must stay unchanged
    owner = user("Laptop", name)

    # When
    page.sign_in(owner.email)

    # Then the page shows exactly this name everywhere
    page.expect_names(["Chrome on Linux", shown, "Laptop"])
    page.ask_to_forget(shown)
    expect(page.dialog.get_by_role("heading")).to_have_text(f"Forget {shown}?")
    page.tab.keyboard.press("Escape")
    page.stop_remembering(shown)
    expect(page.news).to_have_text(f"{shown} is no longer remembered. It leaves this list when you leave the page.")
    page.remember_again(shown)
    expect(page.news).to_have_text(f"{shown} is remembered.")
    page.open_details(shown).get_by_text("Technical details").click()
    expect(page.dialog.locator(".full-name")).to_have_text(shown)
    # And the name has no effect: no element, no request, no wider page. The complaints would list an alert
    assert page.tab.locator("img, b, main script").count() == 0
    assert not [each for each in page.requests if each.url.endswith("/x")]
    assert page.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_text_direction_of_a_name_does_not_affect_the_text_after_it(
    page: DevicesPage, user: Callable[..., User]
) -> None:
    """The API keeps the formatting characters that some scripts need. They must act within the name's element only."""
    # Given a name that ends with a right-to-left letter, which would move a question mark after it to its left
    page.sign_in(user("Phone א").email)

    # When
    page.ask_to_forget("Phone א")

    # Then
    heading = page.dialog.get_by_role("heading")
    mark = heading.evaluate(
        """(heading) => {
          const range = document.createRange();
          const [name, mark] = [heading.querySelector("bdi"), heading.lastChild];
          range.setStart(mark, 0);
          range.setEnd(mark, 1);
          return [range.toString(), range.getBoundingClientRect().left >= name.getBoundingClientRect().right];
        }"""
    )
    assert mark == ["?", True]


def test_text_direction_of_a_name_does_not_affect_the_news(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given a name that ends with a right-to-left letter, which would move a number after it to its left
    page.sign_in(user("Phone א").email)

    # When
    page.forget("Phone א")

    # Then
    texts = page.tab.evaluate(
        """() => [...document.querySelectorAll(".trace, #news")].map(({ childNodes: [name, text] }) => {
          return [name.localName, name.textContent, text.data];
        })"""
    )
    assert texts == [["bdi", "Phone א", " is forgotten."]] * 2


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("document.body.innerHTML = '<b>'", "This document requires 'TrustedHTML' assignment."),
        ("document.body.setAttribute('onclick', '1')", "This document requires 'TrustedScript' assignment."),
        ("eval('1')", "This document requires 'TrustedScript' assignment."),
        ("new Image().src = 'https://example.com/x.png'", "img-src 'self'"),
        ("fetch('https://example.com/').catch(() => {})", "connect-src 'self' http://127.0.0.1:"),
        (
            "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.com/'}))",
            "default-src 'none'",
        ),
    ],
    ids=["markup", "inline", "eval", "image", "fetch", "frame"],
)
def test_the_browser_refuses_injected_code(page: DevicesPage, code: str, complaint: str) -> None:
    # Given code that was injected into the page
    page.open()

    # When
    page.tab.evaluate(f"setTimeout(() => {{ {code} }})")

    # Then
    page.wait_for(lambda: any(complaint in each for each in page.complaints))
    page.complaints.clear()


def test_no_other_page_may_frame_the_page(page: DevicesPage) -> None:
    page.tab.route(
        "**/framing", lambda route: route.fulfill(content_type="text/html", body="<iframe src='/'></iframe>")
    )

    page.tab.goto(f"{page.url}/framing")

    frame = page.tab.frame_locator("iframe")
    expect(frame.get_by_label("Email", exact=True)).to_have_count(0)
    page.expect_complaints("frame-ancestors 'none'")
