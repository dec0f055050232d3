"""The deployment's settings, from the environment variables that template.yaml sets."""

import os
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

type LastIpVisibility = Literal["masked", "full", "hidden"]


class Settings(BaseModel):
    """A deployment's settings.

    Attributes
    ----------
    allowed_origins : tuple of str
        Origins whose pages may read the responses, such as `https://app.example.com`. May be empty.
    last_ip_visibility : {"masked", "full", "hidden"}
        How much of a device's last IP address the browser sees.
    """

    model_config = ConfigDict(frozen=True)

    allowed_origins: tuple[str, ...]
    last_ip_visibility: LastIpVisibility


@cache
def settings() -> Settings:
    """Read the settings once for each execution environment.

    Raises
    ------
    pydantic.ValidationError
        `LAST_IP_VISIBILITY` has another value. `app` reads the settings at init, so every request then fails, and no
        address is shown that should be hidden.
    """
    origins = os.environ.get("ALLOWED_ORIGINS", "").split(",")
    return Settings.model_validate(
        {
            "allowed_origins": tuple(origin.strip() for origin in origins if origin.strip()),
            "last_ip_visibility": os.environ.get("LAST_IP_VISIBILITY", "masked"),
        }
    )
