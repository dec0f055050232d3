"""A module's mutants: its source, changed in one place."""

import difflib
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from mutants.operators import OPERATORS

MODULE_LEVEL = "(module)"

type Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Mutant:
    """One change of a module.

    Attributes
    ----------
    module : str
        Path below functions/, such as `devices/auth.py`.
    scope : str
        Qualified name of the function or class that is changed, or MODULE_LEVEL.
    line : int
        Number of the first line that is changed, from 1.
    change : tuple of str
        The lines that go (`-`) and come (`+`), without their indentation.
    source : str
        The changed module.
    """

    module: str
    scope: str
    line: int
    change: tuple[str, ...]
    source: str

    @property
    def key(self) -> Key:
        """What names the mutant as long as its lines stay the same, wherever they move."""
        return self.module, self.scope, self.change

    @property
    def place(self) -> str:
        """File and line, as editors know them."""
        return f"functions/{self.module}:{self.line}"


def mutants(functions: Path, module: str) -> list[Mutant]:
    """Return the mutants of a module, in the order of their lines.

    Left alone is what has no effect when the code runs: comments, docstrings, annotations of functions (those of
    classes are pydantic's), and what is imported for type checkers alone.
    """
    source = (functions / module).read_text(encoding="utf-8")
    visitor = _Visitor()
    tree = cst.parse_module(source)
    tree.visit(visitor)
    # Two operators may come to the same, or to what there was.
    sources = {_code(tree.deep_replace(node, changed)): scope for scope, node, changed in visitor.changes}
    sources.pop(source, None)
    found = [Mutant(module, scope, *_difference(source, changed), changed) for changed, scope in sources.items()]
    return sorted(found, key=lambda mutant: mutant.line)


def _code(tree: cst.CSTNode | cst.RemovalSentinel) -> str:
    return cst.ensure_type(tree, cst.Module).code


class _Visitor(cst.CSTVisitor):
    def __init__(self) -> None:
        self.changes: list[tuple[str, cst.CSTNode, cst.CSTNode]] = []
        self._around: list[cst.FunctionDef | cst.ClassDef] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._has_no_effect(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._around.append(node)
        scope = ".".join(each.name.value for each in self._around) or MODULE_LEVEL
        operators = [operator for kind, operator in OPERATORS if isinstance(node, kind)]
        self.changes += [(scope, node, changed) for operator in operators for changed in operator(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._around and original_node is self._around[-1]:
            self._around.pop()

    def _has_no_effect(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation):
            return bool(self._around) and isinstance(self._around[-1], cst.FunctionDef)
        return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"


def _difference(source: str, mutated: str) -> tuple[int, tuple[str, ...]]:
    old, new = source.splitlines(), mutated.splitlines()
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [each for each in blocks if each[0] != "equal"]
    lines: list[str] = []
    for _, old_start, old_end, new_start, new_end in changed:
        lines += (f"-{line.strip()}" for line in old[old_start:old_end] if line.strip())
        lines += (f"+{line.strip()}" for line in new[new_start:new_end] if line.strip())
    return changed[0][1] + 1, tuple(lines)
