"""Remove the fields of a module's typed dictionaries."""

import ast


def drop_fields(source: str) -> str:
    """Return a module's source, in which its typed dictionaries have no fields.

    Raises
    ------
    LookupError
        The module has no typed dictionary.
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
