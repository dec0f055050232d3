"""The page's layout: nothing is wider than the screen, and no label of a control is broken within a word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.support.devices_page import LIST, DevicesPage
from tests.support.users import User

# Names that need room: a long word, words from right to left, letters with many accents, and emoji
_NAMES = (
    "W" * 256,
    "הטלפון החדש של דנה " * 9,
    "a" + "\u0301\u0302\u0303\u0304" * 62,
    "👩\u200d👩\u200d👧\u200d👦" * 30,
    "Phone",
)

_BROKEN = """() => {
  const found = [];
  const right = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > right) found.push(`page: ${document.documentElement.scrollWidth}`);
  for (const dialog of document.querySelectorAll("dialog[open]")) {
    if (dialog.scrollWidth > dialog.clientWidth) found.push(`dialog: ${dialog.scrollWidth}`);
  }
  // Nothing leaves its card, its message or its dialog
  for (const box of document.querySelectorAll(".card, .notice, dialog[open], form")) {
    const outer = box.getBoundingClientRect();
    for (const element of box.querySelectorAll("*")) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && !element.closest("svg") && (left < outer.left - 1 || right > outer.right + 1))
        found.push(`outside ${box.className || box.id}: ${element.outerHTML.slice(0, 80)}`);
    }
  }
  // Each word of a control's label is on one line
  for (const control of document.querySelectorAll("button, label, summary, .badge, dt")) {
    const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const pieces = [...range.getClientRects()].filter(({ width }) => width > 1);
        if (new Set(pieces.map(({ top }) => Math.round(top))).size > 1) found.push(`broken: ${word}`);
      }
    }
  }
  return found;
}"""

# The page's content security policy refuses a style element.
_LARGE_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root { font-size: 200% !important }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(params=[320, 768, 1440])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=[False, True], ids=["usual text", "large text"])
def fits(request: pytest.FixtureRequest) -> Callable[[DevicesPage], None]:
    """Return a function that checks the layout of the page's present state."""

    def check(page: DevicesPage) -> None:
        if request.param:
            page.tab.evaluate(_LARGE_TEXT)
        assert page.tab.evaluate(_BROKEN) == []

    return check


def opened(visit: Callable[..., DevicesPage], width: int) -> DevicesPage:
    return visit(viewport={"width": width, "height": 800}, reduced_motion="reduce")


def test_the_check_finds_what_is_broken(visit: Callable[..., DevicesPage]) -> None:
    page = opened(visit, 320)
    page.open()
    page.tab.evaluate(
        """() => {
          const button = document.querySelector("form:not([hidden]) .primary");
          button.style.overflowWrap = "anywhere";
          button.style.width = "4rem";
          button.textContent = "Unbreakable";
          document.querySelector("h1").style.width = "600px";
        }"""
    )

    assert page.tab.evaluate(_BROKEN) == ["page: 613", "broken: Unbreakable"]


def test_the_sign_in_fits(visit: Callable[..., DevicesPage], width: int, fits: Callable[[DevicesPage], None]) -> None:
    page = opened(visit, width)
    page.open()
    fits(page)

    page.fill_in("nobody@example.com")

    expect(page.tab.get_by_role("alert")).to_be_visible()
    fits(page)
    page.expect_refusals(400)


def test_each_state_of_the_list_fits(
    visit: Callable[..., DevicesPage], user: Callable[..., User], width: int, fits: Callable[[DevicesPage], None]
) -> None:
    page = opened(visit, width)
    # The list
    page.sign_in(user(*_NAMES, *(f"Laptop {number}" for number in range(7))).email)
    fits(page)
    page.tab.get_by_label("Find a device").fill("toaster")
    fits(page)
    page.tab.get_by_role("button", name="Show all devices").click()
    # Changes, and one that fails
    page.stop_remembering("W" * 256)
    expect(page.news).to_contain_text("no longer remembered")
    fits(page)
    page.tab.route("**/devices/*", lambda route: route.abort())
    page.start_to_forget("W" * 256)
    expect(page.tab.get_by_role("alert")).to_be_visible()
    fits(page)
    page.tab.unroute("**/devices/*")
    page.expect_complaints("net::ERR_FAILED")
    # No list, and this device not remembered
    page.stop_remembering("Chrome on Linux")
    expect(page.news).to_contain_text("no longer remembered")
    page.tab.reload()
    expect(page.tab.get_by_role("button", name="Remember this device")).to_be_visible()
    fits(page)
    page.tab.route(LIST, lambda route: route.abort())
    page.tab.reload()
    expect(page.tab.get_by_role("button", name="Try again")).to_be_visible()
    fits(page)
    page.expect_complaints("net::ERR_FAILED")


def test_each_dialog_fits(
    visit: Callable[..., DevicesPage], user: Callable[..., User], width: int, fits: Callable[[DevicesPage], None]
) -> None:
    page = opened(visit, width)
    page.sign_in(user(*_NAMES).email)
    # Details and question of each name
    for place in range(page.cards.count()):
        page.cards.nth(place).get_by_role("link").click()
        page.await_details().get_by_text("Technical details").click()
        fits(page)
        page.dialog.get_by_role("button", name="Forget this device").click()
        fits(page)
        page.tab.keyboard.press("Escape")
        page.tab.keyboard.press("Escape")
        expect(page.dialog).to_be_hidden()
        expect(page.tab).to_have_url(f"{page.url}/")
    # All others, in each step
    page.tab.get_by_role("button", name="Forget all others").click()
    fits(page)
    held = page.hold("**/devices/*", later=Route.abort)
    page.dialog.get_by_role("button", name="Forget 5 devices").click()
    page.wait_for(lambda: held)
    fits(page)
    held[0].abort()
    page.wait_for(lambda: page.complaints)
    expect(page.dialog.get_by_role("button", name="Done")).to_be_visible()
    fits(page)
    page.dialog.get_by_role("button", name="Done").click()
    page.complaints.clear()
    # All sessions
    page.tab.get_by_role("button", name="Sign out everywhere").click()
    fits(page)


def test_what_is_empty_moves_nothing(visit: Callable[..., DevicesPage], owner: User) -> None:
    # Given a list that does not load, so that it has no number of devices
    page = opened(visit, 320)
    page.tab.route(LIST, lambda route: route.abort())
    page.sign_in(owner.email)
    page.expect_complaints("net::ERR_FAILED")

    # Then the button's text starts where the heading does
    lefts = page.tab.evaluate(
        """() => ["#devices-title", "#sign-out-everywhere"].map((selector) => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(selector));
          return Math.round(range.getBoundingClientRect().left);
        })"""
    )
    assert lefts[0] == lefts[1]


def test_an_empty_list_follows_what_has_emptied_it(
    visit: Callable[..., DevicesPage], user: Callable[..., User]
) -> None:
    page = opened(visit, 320)
    page.sign_in(user(None).email)
    page.forget("Unnamed device")
    page.forget("Chrome on Linux")

    above = page.tab.locator(".trace").bounding_box()
    below = page.tab.get_by_role("heading", name="No remembered devices").bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]


def test_a_touch_leaves_no_mark(visit: Callable[..., DevicesPage], owner: User) -> None:
    page = visit(viewport={"width": 320, "height": 800}, has_touch=True, is_mobile=True)
    page.sign_in(owner.email)
    button = page.tab.get_by_role("button", name="Sign out everywhere")
    colour = button.evaluate("(element) => getComputedStyle(element).backgroundColor")

    button.hover()

    assert button.evaluate("(element) => element.matches(':hover') && matchMedia('(hover: none)').matches")
    expect(button).to_have_css("background-color", colour)


@pytest.mark.parametrize("width", [320, 375])
def test_a_question_opens_at_its_title(visit: Callable[..., DevicesPage], owner: User, width: int) -> None:
    # Given a question that is longer than the screen
    page = visit(viewport={"width": width, "height": 568}, reduced_motion="reduce")
    page.sign_in(owner.email)
    page.tab.evaluate(_LARGE_TEXT)

    page.ask_to_forget("Phone")

    assert page.dialog.evaluate("(element) => element.scrollHeight > element.clientHeight")
    expect(page.dialog.get_by_role("heading")).to_be_in_viewport(ratio=1)
    expect(page.dialog.get_by_role("button", name="Keep it")).to_be_focused()
    for button in page.dialog.get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)


def test_a_small_screen_with_large_text_has_the_way_out_beside_the_title(
    visit: Callable[..., DevicesPage], owner: User
) -> None:
    page = opened(visit, 320)
    page.sign_in(owner.email)
    page.tab.evaluate(_LARGE_TEXT)

    dialog = page.open_details("Phone")

    title = dialog.get_by_role("heading").bounding_box()
    close = dialog.get_by_role("button", name="Close").bounding_box()
    assert title
    assert close
    assert close["y"] < title["y"] + title["height"]
