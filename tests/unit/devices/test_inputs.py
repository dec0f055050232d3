"""The form of a device key."""

import pytest

from devices.inputs import is_device_key


@pytest.mark.parametrize("key", ["a_b", "-_-", "a" * 53 + "_b", "us-west-2_A1"])
def test_a_device_key_has_an_underscore_and_at_most_55_characters(key: str) -> None:
    assert is_device_key(key)


@pytest.mark.parametrize("key", ["", "_", "a_", "_b", "ab", "a_b ", " a_b", "a_b\n", "a" * 54 + "_b", "é_b", "a_b.c"])
def test_text_of_another_form_is_not_a_device_key(key: str) -> None:
    assert not is_device_key(key)
