"""The developer's own proxy: processes that download packages need it, and tests of the function must not see it."""

import os

_NAMES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
# Read when tests/conftest.py imports this module, which is before it hides them.
DEVELOPERS = {name: value for name, value in os.environ.items() if name.lower() in _NAMES}


def hide() -> None:
    """Remove the variables from the environment of this process."""
    for name in DEVELOPERS:
        os.environ.pop(name, None)
