"""Which origins the local API allows: the page's, and those of the developer's own app."""

import argparse
import re
from collections.abc import Sequence
from typing import Any

from local import page, templates
from local.hosts import THIS_MACHINE
from local.server import EmulatorError

# Where development servers listen by default: Vite, Next.js, Angular and Vue's command-line interface.
_PORTS = (5173, 3000, 4200, 8080)
DEVELOPMENT = tuple(f"http://{host}:{port}" for port in _PORTS for host in ("localhost", THIS_MACHINE))
# The origins are part of VersionDescription, which has a limit of 256 characters. The template's own limit leaves room
# for values of the other parameters in it that `local.deployment` never sets.
MOST_CHARACTERS = 230


def parse(text: str) -> tuple[str, ...]:
    """Return the origins that a developer chose, by the pattern of the template's parameter AllowedOrigins.

    Parameters
    ----------
    text : str
        Origins separated by commas, or an empty string for none.

    Raises
    ------
    argparse.ArgumentTypeError
        One of them is not an origin as browsers send it.
    """
    origins = tuple(text.split(",")) if text else ()
    pattern = re.compile(_parameter()["AllowedPattern"])
    for origin in origins:
        if not origin or not pattern.fullmatch(origin):
            raise argparse.ArgumentTypeError(
                f"{origin!r} is not an origin as browsers send it: write http://localhost:PORT or https://HOST in "
                "lower case, without a path, and separate origins by commas without spaces"
            )
    return origins


def allowed(page_port: int, own: Sequence[str]) -> str:
    """Return the value of AllowedOrigins: the page's origins, and the app's.

    Parameters
    ----------
    page_port : int
        TCP port of the page, 1 to 65535.
    own : sequence of str
        Origins of the developer's own app.

    Raises
    ------
    EmulatorError
        They are longer than MOST_CHARACTERS.
    """
    both = ",".join(dict.fromkeys([page.origin(page_port), page.origin(page_port, THIS_MACHINE), *own]))
    if len(both) > MOST_CHARACTERS:
        raise EmulatorError(
            f"ORIGINS is too long: with the page's own, the origins have {len(both)} characters, and at most "
            f"{MOST_CHARACTERS} are possible."
        )
    return both


def _parameter() -> dict[str, Any]:
    parameter: dict[str, Any] = templates.read("template.yaml")["Parameters"]["AllowedOrigins"]
    return parameter
