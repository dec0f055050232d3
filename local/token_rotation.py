"""Keeps an app client's RefreshTokenRotation, which MiniStack drops; local/cognito/refresh.py rotates the tokens.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

type Operation = Callable[[Mapping[str, Any]], tuple[int, Any, bytes]]

_SETTING = "RefreshTokenRotation"


def keep_setting(cognito: Any, provisioners: Any) -> None:
    """Change what makes app clients in `ministack.services`; call it once in a process.

    Parameters
    ----------
    cognito : module
        `ministack.services.cognito`.
    provisioners : module
        `ministack.services.cloudformation.provisioners`, which makes the resources of a template.
    """

    def keeping(operation: Operation) -> Operation:
        def operation_that_keeps(request: Mapping[str, Any]) -> tuple[int, Any, bytes]:
            answer = operation(request)
            content = json.loads(answer[2])
            if "UserPoolClient" not in content:
                return answer
            made = content["UserPoolClient"]
            # Cognito sets what an update leaves out to its default: no rotation.
            setting = request.get(_SETTING)
            cognito._user_pools[request["UserPoolId"]]["_clients"][made["ClientId"]][_SETTING] = setting  # noqa: SLF001
            made |= {_SETTING: setting} if setting else {}
            responded: tuple[int, Any, bytes] = cognito.json_response(content)
            return responded

        return operation_that_keeps

    for name in ("_create_user_pool_client", "_update_user_pool_client"):
        setattr(cognito, name, keeping(getattr(cognito, name)))
    provisioners._COGNITO_USER_POOL_CLIENT_UPDATABLE[_SETTING] = None  # noqa: SLF001 - the default
