"""The settings that a deployment passes in environment variables."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from devices.settings import settings


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        (None, ()),
        ("", ()),
        ("https://a.example.com", ("https://a.example.com",)),
        ("https://a.example.com,https://b.example.com", ("https://a.example.com", "https://b.example.com")),
    ],
)
def test_settings_split_the_origins_at_commas(
    value: str | None, origins: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALLOWED_ORIGINS")
    if value is not None:
        monkeypatch.setenv("ALLOWED_ORIGINS", value)

    assert settings().allowed_origins == origins


def test_addresses_are_masked_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().last_ip_visibility == "masked"

    settings.cache_clear()
    monkeypatch.setenv("LAST_IP_VISIBILITY", "full")
    assert settings().last_ip_visibility == "full"


@pytest.mark.parametrize("value", ["", "Full", "none"])
def test_an_unknown_visibility_is_invalid(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAST_IP_VISIBILITY", value)

    with pytest.raises(ValidationError):
        settings()


def test_settings_read_the_environment_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://other.example.com")

    assert settings() is first


def test_settings_are_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings().last_ip_visibility = "full"  # type: ignore[misc]
