"""What a deployment sets, from the environment variables that template.yaml gives the function."""

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
        Origins whose pages may read the answers, such as `https://app.example.com`. May be empty.
    last_ip_visibility : {"masked", "full", "hidden"}
        How much of a device's last IP address a page may see.
    """

    model_config = ConfigDict(frozen=True)

    allowed_origins: tuple[str, ...]
    last_ip_visibility: LastIpVisibility


@cache
def settings() -> Settings:
    """Return the settings of this environment, read once.

    Raises
    ------
    pydantic.ValidationError
        If `LAST_IP_VISIBILITY` is none of the three values: the function then fails at init, not in a request.
    """
    origins = os.environ.get("ALLOWED_ORIGINS", "").split(",")
    return Settings.model_validate(
        {
            "allowed_origins": tuple(origin.strip() for origin in origins if origin.strip()),
            "last_ip_visibility": os.environ.get("LAST_IP_VISIBILITY", "masked"),
        }
    )
