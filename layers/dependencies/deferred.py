"""Defer a module's imports until a name that they bind is first used.

The functions that use the name import it themselves. Other modules that read it trigger the import through the
module's `__getattr__` (PEP 562). Powertools began to do the same:
https://github.com/aws-powertools/powertools-lambda-python/pull/8405

Module attributes are unchanged. Python needs some names while it imports the module, such as a base class or a
default value; these cannot be deferred.
"""

import ast

# Appended to the module, after `_DEFERRED`, which maps each deferred name to the source of its import.
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


def defer_imports(source: str, origins: tuple[str, ...]) -> str:
    """Return a module's source with deferred imports.

    Parameters
    ----------
    source : str
        The module's source.
    origins : tuple of str
        The modules whose import is deferred, as the source writes them, such as `..docs`; empty for all that the
        source imports names from.

    Raises
    ------
    LookupError
        The module does not import one of `origins`, imports a name twice, or needs a name while it is imported.
    """
    module = ast.parse(source)
    deferred: dict[str, ast.stmt] = {}
    found: set[str] = set()
    for statement in [each for each in module.body if isinstance(each, _Import.__value__)]:
        origin = _origin(statement)
        if origin in origins or (origin and not origins and isinstance(statement, ast.ImportFrom)):
            found.add(origin)
            module.body.remove(statement)
            names = _one_by_one(statement)
            if twice := deferred.keys() & names.keys():
                raise LookupError(f"{twice} is imported twice")
            deferred |= names
    if missing := set(origins) - found:
        raise LookupError(f"no import of {missing}")
    if needed := _used_at_once(module) & deferred.keys():
        raise LookupError(f"{needed} is needed at once")
    for function in _outermost_functions(module):
        for name in sorted(_names_in(function) & deferred.keys()):
            _insert(deferred[name], name, function.body)
    sources = {name: ast.unparse(statement) for name, statement in deferred.items()}
    return f"{ast.unparse(module)}\n_DEFERRED = {sources!r}\n{_RESOLVE}"


def _origin(statement: _Import) -> str | None:
    """Return the module that a statement imports from; None if the import cannot be deferred."""
    match statement:
        case ast.ImportFrom(module=str(module), level=level) if module != "__future__":
            return "." * level + module
        case ast.Import(names=[ast.alias(name=module)]):
            return module
        case _:
            return None


def _one_by_one(statement: _Import) -> dict[str, ast.stmt]:
    """Return an import statement for each name that `statement` binds."""
    if isinstance(statement, ast.Import):
        (alias,) = statement.names
        return {alias.asname or alias.name.partition(".")[0]: statement}
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
    """Return the names that Python needs to import the module: those outside of functions' bodies."""
    used = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function.__value__):
            signature = (child.args, child.returns, *child.decorator_list)
            used |= {name for each in signature if each for name in _names_in(each)}
        else:
            used |= {child.id} if isinstance(child, ast.Name) else set()
            used |= _used_at_once(child)
    return used


def _insert(statement: ast.stmt, name: str, block: list[ast.stmt]) -> None:
    """Insert an import before the first use of its name, inside an `if` branch if only that branch uses the name."""
    users = [each for each in block if name in _names_in(each)]
    inner = [getattr(users[0], part, []) for part in ("body", "orelse", "handlers", "finalbody")]
    using = [branch for branch in inner if any(name in _names_in(each) for each in branch)]
    if len(users) == 1 and isinstance(users[0], ast.If) and len(using) == 1 and name not in _names_in(users[0].test):
        _insert(statement, name, using[0])
    else:
        block.insert(block.index(users[0]), statement)


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
