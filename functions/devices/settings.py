"""The deployment's settings, from the environment variables that template.yaml sets."""

import os
import re
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

# An origin as a browser sends it in the header Origin: in lower case, without the scheme's default port, with an
# international host in its ASCII form. template.yaml has the same pattern, which CloudFormation reads as Java does.
# The last label of a host that is not an IPv4 address is not a number (https://url.spec.whatwg.org/#ends-in-a-number).
ORIGIN = re.compile(
    r"(capacitor|ionic|tauri)://localhost"
    r"|(http://(([a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?!:80\b)"
    r"|https://(([a-z0-9_-]+\.)*(?!0x[0-9a-f]*([:,]|$))[a-z0-9_-]*[a-z_-][a-z0-9_-]*"
    r"|((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?=[0-9])|(?![0-9.]))){4}|\[::1\])(?!:443\b))"
    r"(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
)


def _origin(text: str) -> str:
    if not ORIGIN.fullmatch(text):
        raise ValueError(
            f"no browser sends {text!r} as its origin. Write https://HOST or https://HOST:PORT in lower case, without "
            "a path; http is for localhost only. Separate origins by commas without spaces."
        )
    return text


type LastIpVisibility = Literal["masked", "full", "hidden"]


class Settings(BaseModel):
    """A deployment's settings.

    Attributes
    ----------
    allowed_origins : tuple of str
        Origins whose pages may read the responses, such as `https://app.example.com`, as browsers send them. May be
        empty.
    last_ip_visibility : {"masked", "full", "hidden"}
        How much of a device's last IP address the browser sees.
    """

    model_config = ConfigDict(frozen=True)

    allowed_origins: tuple[Annotated[str, AfterValidator(_origin)], ...]
    last_ip_visibility: LastIpVisibility


@cache
def settings() -> Settings:
    """Read the settings once for each execution environment.

    Raises
    ------
    pydantic.ValidationError
        `LAST_IP_VISIBILITY` has another value, or `ALLOWED_ORIGINS` an item that no browser sends. `app` reads the
        settings at init, so every request then fails. Otherwise the function could show an address that it should
        hide, or leave out the CORS headers that a page needs.
    """
    origins = os.environ.get("ALLOWED_ORIGINS")
    return Settings.model_validate(
        {
            "allowed_origins": tuple(origins.split(",")) if origins else (),
            "last_ip_visibility": os.environ.get("LAST_IP_VISIBILITY", "masked"),
        }
    )
