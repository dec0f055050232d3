"""Which origins the local API allows."""

import argparse

import pytest

from local import origins
from local.server import EmulatorError


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:5173",
        "http://127.0.0.1:3000",
        "http://[::1]:4200",
        "https://app.test",
        "capacitor://localhost",
    ],
)
def test_origins_that_browsers_send_are_accepted(text: str) -> None:
    assert origins.parse(text) == (text,)
    assert origins.parse(f"{text},http://localhost:1234") == (text, "http://localhost:1234")


def test_an_empty_list_allows_the_page_alone() -> None:
    assert origins.parse("") == ()
    assert origins.allowed(8000, ()) == "http://localhost:8000,http://127.0.0.1:8000"
    assert origins.allowed(80, ()) == "http://localhost,http://127.0.0.1"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("localhost:5173", "localhost:5173"),
        ("http://localhost:5173/", "http://localhost:5173/"),
        ("http://LOCALHOST:5173", "http://LOCALHOST:5173"),
        ("http://app.test", "http://app.test"),
        ("http://localhost:80", "http://localhost:80"),
        ("http://localhost:99999", "http://localhost:99999"),
        ("http://localhost:5173, http://localhost:3000", " http://localhost:3000"),
        ("http://localhost:5173 http://localhost:3000", "http://localhost:5173 http://localhost:3000"),
        ("http://localhost:5173,", ""),
        (",", ""),
        ("*", "*"),
        ("null", "null"),
        ("http://localhost:5173\nhttp://localhost:3000", "http://localhost:5173\\nhttp://localhost:3000"),
    ],
)
def test_what_no_browser_sends_is_named(text: str, named: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        origins.parse(text)

    assert str(refused.value).startswith(f"'{named}' is not an origin as browsers send it: write ")


def test_the_default_has_the_ports_of_development_servers_at_both_names_of_this_machine() -> None:
    found = origins.allowed(65535, origins.DEVELOPMENT).split(",")

    servers = ["5173", "3000", "4200", "8080"]
    assert found == [f"http://{host}:{port}" for port in ["65535", *servers] for host in ("localhost", "127.0.0.1")]
    assert origins.parse(",".join(origins.DEVELOPMENT)) == origins.DEVELOPMENT


def test_an_origin_that_the_page_has_too_is_listed_once() -> None:
    assert (
        origins.allowed(3000, origins.parse("http://localhost:3000")) == "http://localhost:3000,http://127.0.0.1:3000"
    )


def test_too_many_origins_are_refused() -> None:
    fits = "https://" + "a" * (origins.MOST_CHARACTERS - len("http://localhost,http://127.0.0.1,https://"))

    assert len(origins.allowed(80, (fits,))) == origins.MOST_CHARACTERS
    with pytest.raises(EmulatorError) as refused:
        origins.allowed(80, (f"{fits}a",))
    assert str(refused.value) == (
        "ORIGINS is too long: with the page's own, the origins have 231 characters, and at most 230 are possible."
    )
