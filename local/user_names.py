"""Finds users by their names in any case, as Cognito does if a pool's CaseSensitive is false.

MiniStack stores that setting, but compares case. Source:
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
"""

from collections.abc import Iterator, Mapping
from typing import Any


def ignore_case(cognito: Any) -> None:
    """Replace what finds users in `ministack.services.cognito`; call it once in a process."""
    resolve = cognito._resolve_user  # noqa: SLF001 - MiniStack has no setting for it

    def resolve_in_any_case(pool: Mapping[str, Any], name: Any) -> Any:
        user, error = resolve(pool, name)
        if user is None and isinstance(name, str) and not _is_case_sensitive(pool):
            for stored in _names(pool):
                if stored.lower() == name.lower():
                    return resolve(pool, stored)
        return user, error

    cognito._resolve_user = resolve_in_any_case  # noqa: SLF001


def _is_case_sensitive(pool: Mapping[str, Any]) -> bool:
    # The value is a string if a parameter of a CloudFormation template sets it.
    return str((pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True)).lower() == "true"


def _names(pool: Mapping[str, Any]) -> Iterator[str]:
    """Yield all names and aliases of the pool's users."""
    aliases = {*(pool.get("UsernameAttributes") or ()), *(pool.get("AliasAttributes") or ())}
    for username, user in pool["_users"].items():
        yield username
        yield from (each["Value"] for each in user["Attributes"] if each["Name"] in aliases)
