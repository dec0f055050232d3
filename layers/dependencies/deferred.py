"""Defers imports of libraries that nothing needs here until something does.

Some packages import all of their modules to offer the names in them, although a program uses one or two. These resolve
such a name when it is first asked for (PEP 562), as Powertools itself began to:
https://github.com/aws-powertools/powertools-lambda-python/pull/8405
"""

import ast
from pathlib import Path

# Packages that hold nothing but names of their modules.
PACKAGES = (
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/event_handler/openapi",
    "aws_lambda_powertools/utilities/data_classes",
)

_RESOLVE = """
def __getattr__(name):
    if name not in _DEFERRED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module
    module, attribute = _DEFERRED[name]
    value = globals()[name] = getattr(import_module(module, __name__), attribute)
    return value

def __dir__():
    return sorted(globals().keys() | _DEFERRED.keys())
"""


def defer(folder: Path) -> None:
    """Defer the imports of PACKAGES, installed in `folder`.

    Raises
    ------
    LookupError
        One of them is missing, or holds more than names of its modules.
    """
    for package in PACKAGES:
        init = folder / package / "__init__.py"
        if not init.exists():
            raise LookupError(f"{init} is missing")
        init.write_text(_deferring(init))


def _deferring(init: Path) -> str:
    names: dict[str, tuple[str, str]] = {}
    rest: list[ast.stmt] = []
    for statement in ast.parse(init.read_text()).body:
        match statement:
            case ast.ImportFrom(module=str(module), names=aliases, level=level):
                names |= {alias.asname or alias.name: ("." * level + module, alias.name) for alias in aliases}
            case ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__all__")]):
                rest.append(statement)
            case _:
                raise LookupError(f"{init}:{statement.lineno} is more than a name of a module")
    return f"{ast.unparse(ast.Module(rest, []))}\n_DEFERRED = {names!r}\n{_RESOLVE}"
