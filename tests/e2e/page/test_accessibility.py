"""Accessibility of the page: axe-core in each state, the keyboard, and the text for screen readers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.support.devices_page import DevicesPage
from tests.support.local_cloud import PROJECT
from tests.support.users import User

_AXE = PROJECT / "tests/spa/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: DevicesPage) -> list[str]:
    """Return the violations that axe-core finds in the page's present state."""
    # The page's content security policy refuses a script element.
    page.tab.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.tab.evaluate(
        "async (values) => (await axe.run({ runOnly: { type: 'tag', values } })).violations", _RULES
    )
    return [f"{each['id']}: {node['html']}: {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.fixture(params=["light", "dark"])
def styled(request: pytest.FixtureRequest, visit: Callable[..., DevicesPage]) -> DevicesPage:
    """Return the page in each colour scheme. It has no transitions, because colours are in between during one."""
    return visit(color_scheme=request.param, reduced_motion="reduce")


def test_axe_finds_a_violation(page: DevicesPage) -> None:
    page.open()
    page.tab.evaluate("document.querySelector('label').remove()")

    assert {each.partition(":")[0] for each in violations(page)} == {"label", "label-title-only"}


def test_each_state_of_signing_in_is_accessible(styled: DevicesPage) -> None:
    styled.open()
    assert violations(styled) == []

    styled.fill_in("nobody@example.com")

    expect(styled.tab.get_by_role("alert")).to_be_visible()
    assert violations(styled) == []
    styled.expect_refusals(400)


def test_each_state_of_the_list_is_accessible(styled: DevicesPage, user: Callable[..., User]) -> None:
    # The list
    styled.sign_in(user("Phone", None).email)
    assert violations(styled) == []
    # A change, and one that fails
    styled.stop_remembering("Phone")
    expect(styled.news).to_contain_text("no longer remembered")
    styled.tab.route("**/devices/*", lambda route: route.abort())
    styled.start_to_forget("Unnamed device")
    expect(styled.tab.get_by_role("alert")).to_be_visible()
    assert violations(styled) == []
    styled.tab.unroute("**/devices/*")
    styled.expect_complaints("net::ERR_FAILED")
    # The dialogs
    styled.ask_to_forget("Phone")
    expect(styled.dialog).to_be_visible()
    assert violations(styled) == []
    styled.tab.keyboard.press("Escape")
    styled.open_details("Unnamed device").get_by_text("Technical details").click()
    assert violations(styled) == []
    styled.tab.keyboard.press("Escape")
    styled.tab.get_by_role("button", name="Sign out everywhere").click()
    expect(styled.dialog).to_be_visible()
    assert violations(styled) == []


def test_each_state_of_forgetting_many_is_accessible(styled: DevicesPage, user: Callable[..., User]) -> None:
    # The question, with the list behind it
    styled.sign_in(user(*(f"Phone {number}" for number in range(12))).email)
    assert violations(styled) == []
    styled.tab.get_by_role("button", name="Forget all others").click()
    assert violations(styled) == []
    # While a request has no response
    held = styled.hold("**/devices/*", later=Route.abort)
    styled.dialog.get_by_role("button", name="Forget 12 devices").click()
    styled.wait_for(lambda: held)
    assert violations(styled) == []
    # The report of three failures
    held[0].abort()
    expect(styled.dialog.get_by_role("button", name="Done")).to_be_visible()
    assert violations(styled) == []
    styled.wait_for(lambda: len(styled.complaints) == 3)
    styled.complaints.clear()
    # The filter that shows nothing
    styled.dialog.get_by_role("button", name="Done").click()
    styled.await_devices()
    styled.tab.get_by_label("Find a device").fill("toaster")
    assert violations(styled) == []


def test_an_empty_list_is_accessible(styled: DevicesPage, user: Callable[..., User]) -> None:
    styled.sign_in(user().email)
    styled.stop_remembering("Chrome on Linux")
    expect(styled.news).to_contain_text("no longer remembered")

    styled.tab.reload()

    styled.await_devices()
    expect(styled.tab.get_by_role("button", name="Remember this device")).to_be_visible()
    assert violations(styled) == []


def test_a_list_that_fails_is_accessible(styled: DevicesPage, user: Callable[..., User]) -> None:
    styled.tab.route("**/devices", lambda route: route.abort())

    styled.sign_in(user().email)

    expect(styled.tab.get_by_role("button", name="Try again")).to_be_visible()
    assert violations(styled) == []
    styled.expect_complaints("net::ERR_FAILED")


def test_the_keyboard_focus_moves_in_order_and_is_visible(page: DevicesPage, user: Callable[..., User]) -> None:
    # Given
    page.sign_in(user("Phone").email)

    # When
    places = []
    for _ in range(5):
        page.tab.keyboard.press("Tab")
        places.append(
            page.tab.evaluate(
                """() => {
                  const { ariaLabel, textContent } = document.activeElement;
                  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                  return [ariaLabel ?? textContent.trim(), `${outlineStyle} ${outlineWidth}`];
                }"""
            )
        )

    # Then
    assert [place for place, _ in places] == [
        "Sign out everywhere",
        *("Chrome on Linux", "Forget Chrome on Linux"),
        *("Phone", "Forget Phone"),
    ]
    assert {outline for _, outline in places} == {"solid 3px"}


def test_a_screen_reader_gets_names_and_states(page: DevicesPage, user: Callable[..., User]) -> None:
    page.sign_in(user("Phone").email)

    expect(page.tab.get_by_role("main")).to_match_aria_snapshot(
        """
        - region "Your devices":
          - heading "Your devices" [level=1]
          - paragraph: /You have signed in on these devices/
          - status: 2 devices
          - button "Sign out everywhere"
          - region "In use now":
            - heading "In use now" [level=2]
            - list:
              - listitem:
                - heading "Chrome on Linux" [level=3]
                - paragraph: This device
                - paragraph: /Chrome \\d+/
                - term: Last seen
                - definition:
                  - time
                - term: First seen
                - definition:
                  - time
                - button "Forget Chrome on Linux"
          - region "Recently used 1":
            - heading "Recently used 1" [level=2]
            - list:
              - listitem:
                - heading "Phone" [level=3]
                - paragraph: New
                - button "Forget Phone"
        """
    )


def test_the_page_can_be_read_at_400_percent(visit: Callable[..., DevicesPage], user: Callable[..., User]) -> None:
    """WCAG 2.2 success criterion 1.4.10: no scrolling in two dimensions at 320 CSS pixels."""
    page = visit(viewport={"width": 320, "height": 256})

    page.sign_in(user("W" * 256).email)

    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 320
    page.cards.get_by_role("link").last.click()
    page.await_details()
    assert page.tab.evaluate("document.querySelector('dialog[open]').scrollWidth") <= 320
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_news_cover_nothing(visit: Callable[..., DevicesPage], user: Callable[..., User]) -> None:
    """WCAG 2.2 success criterion 2.4.11, and for the other elements too."""
    # Given news in a low window
    page = visit(viewport={"width": 1100, "height": 500})
    page.sign_in(user(*(f"Phone {number}" for number in range(12))).email)
    page.stop_remembering("Phone 6")
    expect(page.news).to_contain_text("no longer remembered")
    news = page.group("Recently used").get_by_text("It leaves this list when you leave the page.")
    expect(news).to_be_in_viewport()

    # Then no other element of the page is below it, wherever the page is scrolled to
    assert (
        page.tab.evaluate(
            """() => {
          const news = document.querySelector(".trace").getBoundingClientRect();
          const others = document.querySelectorAll(".card, .tools, h1, h2, header");
          return [...others].map((element) => element.getBoundingClientRect())
            .filter(({ height }) => height)
            .filter(({ top, bottom }) => bottom > news.top + 1 && top < news.bottom - 1).length;
        }"""
        )
        == 0
    )
    styles = page.tab.evaluate(
        "[...document.querySelectorAll('body *:not(dialog *)')].map((each) => getComputedStyle(each).position)"
    )
    assert not {"sticky", "fixed"} & set(styles)


def test_news_stay_until_the_next_change(page: DevicesPage, user: Callable[..., User]) -> None:
    """WCAG 2.2 success criterion 2.2.1: nobody needs to read them in time."""
    # Given
    page.tab.clock.install()
    page.sign_in(user("Phone", "Laptop").email)
    page.forget("Phone")
    expect(page.news).to_have_text("Phone is forgotten.")
    shown = page.tab.locator(".trace")
    expect(shown).to_have_text("Phone is forgotten.")

    # When
    page.tab.clock.run_for(3_600_000)

    # Then
    expect(shown).to_be_visible()
    page.forget("Laptop")
    expect(page.news).to_have_text("Laptop is forgotten.")
    expect(shown).to_have_text("Laptop is forgotten.")


@pytest.mark.parametrize("width", [320, 1100])
def test_each_control_of_a_card_is_easy_to_hit(visit: Callable[..., DevicesPage], owner: User, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    page.sign_in(owner.email)

    for control in [*page.cards.get_by_role("link").all(), *page.cards.get_by_role("button").all()]:
        # A touch up to 21 pixels above or below the middle hits the control
        hits = control.evaluate(
            """(element) => {
              element.scrollIntoView({ block: "center" });
              const { left, right, top, bottom } = element.getBoundingClientRect();
              const [x, y] = [(left + right) / 2, (top + bottom) / 2];
              const hits = [-21, 0, 21].map((away) => document.elementFromPoint(x, y + away));
              return hits.map((hit) => hit.closest("a, button") === element);
            }"""
        )
        assert hits == [True, True, True]
