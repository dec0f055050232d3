"""What device tracking needs of MiniStack besides Cognito's operations. MiniStack has no public functions for it."""

from collections.abc import Mapping
from typing import Any

from local.cognito.upstream import Internals
from local.cognito.user import User


def of(cognito: Any) -> Internals:
    """Return the internals of `ministack.services.cognito`."""

    def sign_token(claims: dict[str, Any], pool_id: str) -> str:
        return str(cognito._signed_jwt(claims, pool_id, "access"))  # noqa: SLF001

    def issue_tokens(user: User, client_id: str) -> dict[str, Any]:
        owner = cognito._user_pools[user.pool_id]["_users"][user.username]  # noqa: SLF001
        return dict(cognito._build_auth_result(user.pool_id, client_id, owner))  # noqa: SLF001

    def pool_of(client_id: str) -> str | None:
        pool_id: str | None = cognito._pool_for_client(client_id)[1]  # noqa: SLF001
        return pool_id

    def rotation_of(client_id: str) -> Mapping[str, Any]:
        pool, _ = cognito._pool_for_client(client_id)  # noqa: SLF001
        return (pool["_clients"][client_id].get("RefreshTokenRotation") if pool else None) or {}

    return Internals(sign_token, issue_tokens, pool_of, rotation_of)


def survive_deep_tokens(cognito: Any) -> None:
    """Let MiniStack refuse a token whose claims are nested too deep, as it refuses other malformed ones."""
    decode = cognito._decode_id_token_unverified  # noqa: SLF001

    def decode_or_refuse(token: str) -> Any:
        try:
            return decode(token)
        except RecursionError:
            raise ValueError("The token's claims are nested too deep.") from None

    cognito._decode_id_token_unverified = decode_or_refuse  # noqa: SLF001
