"""Defers imports that libraries make for what the function does not do: documentation, S3, other kinds of events.

A deferred name is imported when it is first used, in a function of the module or from outside (PEP 562), as Powertools
itself began to: https://github.com/aws-powertools/powertools-lambda-python/pull/8405. The names stay, and stay what
they were. A name that a module needs while it is imported cannot be deferred, and is refused.
"""

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path

# Module -> the modules whose import it defers; all where there are none.
MODULES: dict[str, tuple[str, ...]] = {
    "aws_lambda_powertools/event_handler/__init__.py": (),
    "aws_lambda_powertools/event_handler/openapi/__init__.py": (),
    "aws_lambda_powertools/utilities/data_classes/__init__.py": (),
    "boto3/resources/action.py": ("boto3.docs.docstring",),
    "boto3/resources/collection.py": ("..docs",),
    "boto3/resources/factory.py": ("..docs",),
    "botocore/docs/__init__.py": ("botocore.docs.service",),
    "botocore/docs/docstring.py": (),
    "pydantic/plugin/_loader.py": ("importlib.metadata",),
    "s3transfer/compat.py": ("multiprocessing.managers",),
    "urllib3/http2/__init__.py": ("importlib.metadata",),
}

# Its dictionaries' fields are for type checkers; compiling their types takes a fifteenth of a cold start.
TYPED_DICTS = "pydantic_core/core_schema.py"

_RESOLVE = """
def __getattr__(name):
    if name not in _DEFERRED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    exec(_DEFERRED[name], globals())
    return globals()[name]

def __dir__():
    return sorted(globals().keys() | _DEFERRED.keys())
"""

type _Import = ast.Import | ast.ImportFrom
type _Function = ast.FunctionDef | ast.AsyncFunctionDef


def defer(folder: Path) -> None:
    """Defer the imports of MODULES, installed in `folder`.

    Raises
    ------
    LookupError
        One of them is missing, does not import what is to be deferred, or needs it at once.
    """
    for module, imported in MODULES.items():
        _change(folder / module, partial(deferring, imported=imported))
    _change(folder / TYPED_DICTS, without_fields)


def _change(path: Path, change: Callable[[str], str]) -> None:
    try:
        path.write_text(change(path.read_text()))
    except (FileNotFoundError, LookupError) as error:
        raise LookupError(f"{path}: {error}") from None


def without_fields(source: str) -> str:
    """Return a module's source with its typed dictionaries emptied.

    Raises
    ------
    LookupError
        It has none.
    """
    module = ast.parse(source)
    classes = [each for each in module.body if isinstance(each, ast.ClassDef) and _bases(each) == ["TypedDict"]]
    if not classes:
        raise LookupError("no typed dictionaries")
    for each in classes:
        each.body = [statement for statement in each.body if not isinstance(statement, ast.AnnAssign)] or [ast.Pass()]
    return ast.unparse(module)


def _bases(class_: ast.ClassDef) -> list[str]:
    return [base.id for base in class_.bases if isinstance(base, ast.Name)]


def deferring(source: str, imported: tuple[str, ...]) -> str:
    """Return a module's source with its imports from the modules `imported` deferred, or from all if there are none.

    Raises
    ------
    LookupError
        It does not import from one of them, or a name is needed while the module is imported.
    """
    module = ast.parse(source)
    deferred: dict[str, ast.stmt] = {}
    found: set[str] = set()
    for statement in [each for each in module.body if isinstance(each, _Import.__value__)]:
        origin = _origin(statement)
        if origin and (origin in imported or not imported):
            found.add(origin)
            module.body.remove(statement)
            deferred |= _one_by_one(statement)
    if missing := set(imported) - found:
        raise LookupError(f"no import of {missing}")
    if needed := _used_at_once(module) & deferred.keys():
        raise LookupError(f"{needed} is needed at once")
    for function in _outermost_functions(module):
        for name in sorted(_names_in(function) & deferred.keys()):
            _insert(deferred[name], name, function.body)
    sources = {name: ast.unparse(statement) for name, statement in deferred.items()}
    return f"{ast.unparse(module)}\n_DEFERRED = {sources!r}\n{_RESOLVE}"


def _origin(statement: _Import) -> str | None:
    match statement:
        case ast.ImportFrom(module=str(module), level=level) if module != "__future__":
            return "." * level + module
        case ast.Import(names=[ast.alias(name=module, asname=str())]):
            return module
        case _:
            return None


def _one_by_one(statement: _Import) -> dict[str, ast.stmt]:
    if isinstance(statement, ast.Import):
        return {str(statement.names[0].asname): statement}
    module, level = statement.module, statement.level
    return {alias.asname or alias.name: ast.ImportFrom(module, [alias], level) for alias in statement.names}


def _outermost_functions(node: ast.AST) -> list[_Function]:
    functions = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function.__value__):
            functions.append(child)
        else:
            functions += _outermost_functions(child)
    return functions


def _used_at_once(node: ast.AST) -> set[str]:
    """Return the names that are used outside of functions' bodies."""
    used = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function.__value__):
            used |= {
                name for each in (child.args, child.returns, *child.decorator_list) if each for name in _names_in(each)
            }
        else:
            used |= {child.id} if isinstance(child, ast.Name) else set()
            used |= _used_at_once(child)
    return used


def _insert(statement: ast.stmt, name: str, block: list[ast.stmt]) -> None:
    """Put an import in front of the first use of its name: within the branch that alone uses it, if there is one."""
    users = [each for each in block if name in _names_in(each)]
    inner = [getattr(users[0], part, []) for part in ("body", "orelse", "handlers", "finalbody")]
    using = [branch for branch in inner if any(name in _names_in(each) for each in branch)]
    if len(users) == 1 and isinstance(users[0], ast.If) and len(using) == 1 and name not in _names_in(users[0].test):
        _insert(statement, name, using[0])
    else:
        block.insert(block.index(users[0]), statement)


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
