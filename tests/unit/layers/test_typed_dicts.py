"""Typed dictionaries without their fields."""

import pytest
from typed_dicts import drop_fields


def test_typed_dictionaries_lose_their_fields_and_other_classes_keep_theirs() -> None:
    source = drop_fields(
        "class A(TypedDict, total=False):\n    a: int\n"
        'class B(TypedDict):\n    """B."""\n    b: int\n'
        "class C:\n    c: int"
    )

    assert source == (
        'class A(TypedDict, total=False):\n    pass\n\nclass B(TypedDict):\n    """B."""\n\nclass C:\n    c: int'
    )


def test_a_module_without_typed_dictionaries_is_an_error() -> None:
    with pytest.raises(LookupError, match="no typed dictionaries"):
        drop_fields("class A: pass")
