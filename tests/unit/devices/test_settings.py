"""A deployment's settings."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from devices.settings import settings


@pytest.fixture(autouse=True)
def _unread() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        (None, ()),
        ("", ()),
        (" , ", ()),
        ("https://a.example.com", ("https://a.example.com",)),
        ("https://a.example.com, https://b.example.com ,", ("https://a.example.com", "https://b.example.com")),
    ],
)
def test_origins_are_parted_by_commas(
    value: str | None, origins: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALLOWED_ORIGINS")
    if value is not None:
        monkeypatch.setenv("ALLOWED_ORIGINS", value)

    assert settings().allowed_origins == origins


def test_addresses_are_masked_unless_set_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().last_ip_visibility == "masked"

    settings.cache_clear()
    monkeypatch.setenv("LAST_IP_VISIBILITY", "full")
    assert settings().last_ip_visibility == "full"


@pytest.mark.parametrize("value", ["", "Full", "none"])
def test_an_unknown_visibility_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAST_IP_VISIBILITY", value)

    with pytest.raises(ValidationError):
        settings()


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://other.example.com")

    assert settings() is first


def test_settings_stay_as_they_were_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings().last_ip_visibility = "full"  # type: ignore[misc]
