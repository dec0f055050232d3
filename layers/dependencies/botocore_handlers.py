"""Remove the handlers that botocore registers for the events of other services.

botocore registers 130 handlers for each session, nearly all for S3, for other services, and for documentation. The
client of one service never emits their events.
"""

import ast

from botocore_data import SERVICE

_LIST = "BUILTIN_HANDLERS"
# The second part of an event's name, as in `before-call.s3.PutObject`, is a service. botocore has two names for ours.
_KEPT = ("*", SERVICE, "cognito-identity-provider")


def keep_own(source: str) -> str:
    """Return the source of botocore/handlers.py, in which only the client's own events have handlers.

    Raises
    ------
    LookupError
        The module has no list of handlers, or an entry of it does not begin with the name of an event.
    """
    module = ast.parse(source)
    lists = [
        each.value
        for each in module.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.List) and ast.unparse(each.targets[0]) == _LIST
    ]
    if len(lists) != 1:
        raise LookupError(f"no list {_LIST}")
    lists[0].elts = [entry for entry in lists[0].elts if _is_kept(entry)]
    return ast.unparse(module)


def _is_kept(entry: ast.expr) -> bool:
    match entry:
        case ast.Tuple(elts=[ast.Constant(value=str(event)), *_]):
            kind, *service = event.split(".")[:2]
            return kind != "docs" and all(name in _KEPT for name in service)
        case _:
            raise LookupError(f"no event in {ast.unparse(entry)}")
