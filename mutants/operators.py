"""How code is changed: mutmut's operators, and what these leave alone.

An operator yields what may stand in place of a node. https://mutmut.readthedocs.io
"""

from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst
from mutmut.mutation.mutators import mutation_operators

type Operator = Callable[[Any], Any]

_MARK = "XX"  # what mutmut puts around a text


def _without_decorator(node: cst.FunctionDef | cst.ClassDef) -> Iterator[cst.CSTNode]:
    for index in range(len(node.decorators)):
        yield node.with_changes(decorators=[*node.decorators[:index], *node.decorators[index + 1 :]])


def _without_element(node: cst.Dict | cst.List | cst.Set | cst.Tuple) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Tuple) and not node.lpar:  # as in `a, b = c`, where it takes the names' number
        return
    if isinstance(node, cst.Set) and len(node.elements) == 1:  # `{}` is no set
        return
    for index in range(len(node.elements)):
        yield node.with_changes(elements=[*node.elements[:index], *node.elements[index + 1 :]])


def _either_side(node: cst.BinaryOperation) -> Iterator[cst.CSTNode]:
    if isinstance(node.operator, cst.BitOr):
        yield from (node.left, node.right)


def _negated(node: cst.If | cst.CompIf) -> Iterator[cst.CSTNode]:
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def _unfiltered(node: cst.CompFor) -> Iterator[cst.CSTNode]:
    if node.ifs:
        yield node.with_changes(ifs=[])


def _nothing(node: cst.Return) -> Iterator[cst.CSTNode]:
    if node.value is not None:
        yield node.with_changes(value=cst.Name("None"))


def _not_done(node: cst.Expr | cst.Raise) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Raise) or isinstance(node.value, cst.Call):
        yield cst.Pass()


def _not_caught(node: cst.ExceptHandler) -> Iterator[cst.CSTNode]:
    yield node.with_changes(type=cst.Tuple([]), whitespace_after_except=cst.SimpleWhitespace(" "))


def _marked(node: cst.FormattedStringText) -> Iterator[cst.CSTNode]:
    yield node.with_changes(value=f"{_MARK}{node.value}{_MARK}")


OPERATORS: list[tuple[type[Any], Operator]] = [
    *mutation_operators,
    (cst.FunctionDef, _without_decorator),
    (cst.ClassDef, _without_decorator),
    (cst.Dict, _without_element),
    (cst.List, _without_element),
    (cst.Set, _without_element),
    (cst.Tuple, _without_element),
    (cst.BinaryOperation, _either_side),
    (cst.If, _negated),
    (cst.CompIf, _negated),
    (cst.CompFor, _unfiltered),
    (cst.Return, _nothing),
    (cst.Expr, _not_done),
    (cst.Raise, _not_done),
    (cst.ExceptHandler, _not_caught),
    (cst.FormattedStringText, _marked),
]
