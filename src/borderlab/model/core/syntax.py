"""Equations as syntax: what they return by name, and what each result depends on."""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from types import FunctionType
from typing import Any


@cache
def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """The syntax tree of a function, without decorators. Not to be changed: copy it first.

    Raises:
        TypeError: its source is not to be had, or its last statement does not return a dictionary of names.
    """
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError as error:
        raise TypeError(f"the source of {function.__qualname__} is not to be had: write it in a file") from error
    found = ast.parse(source).body[0]
    if not isinstance(found, ast.FunctionDef):
        raise TypeError(f"{function.__qualname__} is no plain function")
    found.decorator_list = []
    return found


@cache
def returned(function: Callable[..., Any]) -> dict[str, ast.expr]:
    """Name → expression of the dictionary that the last statement returns.

    Raises:
        TypeError: it returns something else, or returns early.
    """
    tree = tree_of(function)
    last = tree.body[-1]
    if sum(isinstance(node, ast.Return) for node in ast.walk(tree)) != 1 or not isinstance(last, ast.Return):
        raise TypeError(f"{function.__qualname__} must return once, as its last statement")
    value, found = last.value, {}
    if isinstance(value, ast.Dict):
        for key, part in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found[key.value] = part
    if not isinstance(value, ast.Dict) or len(found) < len(value.keys):
        raise TypeError(f"{function.__qualname__} must return a dictionary whose names stand in it as texts")
    return found


def woven(function: Callable[..., Any], prefix: str, given: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    """A function's statements for weaving into another: lines of text, and the globals that they name.

    Args:
        prefix: put before every name of the function, so that names of two functions never meet.
        given: the expression that stands for each argument.

    Returns:
        Lines, of which the last ones set ``<prefix>_<name>_`` for every name that the function returns; and what each
        global name in them stands for.
    """
    tree = copy.deepcopy(tree_of(function))
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    asked = [one.arg for one in tree.args.args]
    renamer = _Renamer(prefix, {*own, *asked}, function.__globals__)
    lines = [f"{prefix}_{name} = {given[name]}" for name in asked]
    seen = set(asked)
    for statement in tree.body[:-1]:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # the docstring
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            value = renamer.visit(statement.value)
            # A name that is set anew gets a new name: the compiler is quicker where each is set once.
            again = {node.id for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name)
                     and isinstance(node.ctx, ast.Store)}  # fmt: skip
            for name in again & seen:
                renamer.version[name] = renamer.version.get(name, 1) + 1
            seen |= again
            statement = ast.Assign([renamer.visit(statement.targets[0])], value)
            lines += ast.unparse(ast.fix_missing_locations(statement)).splitlines()
            continue
        seen |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)
                 and isinstance(node.ctx, ast.Store)}  # fmt: skip
        lines += ast.unparse(ast.fix_missing_locations(renamer.visit(statement))).splitlines()
    for name, part in returned(function).items():
        lines.append(f"{prefix}_{name}_ = {ast.unparse(renamer.visit(copy.deepcopy(part)))}")
    return lines, renamer.found


class _Renamer(ast.NodeTransformer):
    def __init__(self, prefix: str, own: set[str], names: Mapping[str, Any]) -> None:
        self.prefix, self.own, self.names = prefix, own, names
        self.found: dict[str, Any] = {}
        self.version: dict[str, int] = {}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self.own:
            version = self.version.get(node.id)
            return ast.Name(f"{self.prefix}_{node.id}{f'_v{version}' if version else ''}", node.ctx)
        if node.id in self.names:
            name = f"{self.prefix}_g_{node.id}"
            self.found[name] = self.names[node.id]
            return ast.Name(name, node.ctx)
        return node  # a name of Python itself


def dependencies(function: Callable[..., Any]) -> dict[str, frozenset[str]]:
    """What each result depends on: name → names of arguments, through values, branches and arrays filled in place.

    Arrays that are arguments and that the function (or one that it calls) fills stand in it, too, by their own name.
    """
    tree = tree_of(function)
    arguments = [one.arg for one in (*tree.args.args, *tree.args.kwonlyargs)]
    if tree.args.kwarg:
        arguments.append(tree.args.kwarg.arg)
    flow = _Flow({name: frozenset([name]) for name in arguments}, function.__globals__)
    flow.body(tree.body[:-1], frozenset())
    found = {name: flow.of(part) for name, part in returned(function).items()}
    for name in arguments:
        if name in flow.filled:
            found.setdefault(name, flow.known[name])
    return found


class _Flow:
    """Follows names through statements; loops are gone through until nothing new is found."""

    def __init__(self, known: dict[str, frozenset[str]], names: dict[str, Any]) -> None:
        self.known, self.names = known, names
        self.filled: set[str] = set()
        self.parts: dict[str, list[str]] = {}
        """Names that stand for several arrays together (a named tuple), with those arrays."""

    def of(self, node: ast.AST) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                found |= self.known.get(part.id, frozenset())
        return found

    def body(self, statements: list[ast.stmt], given: frozenset[str]) -> None:
        for statement in statements:
            self.statement(statement, given)

    def statement(self, node: ast.stmt, given: frozenset[str]) -> None:
        if isinstance(node, ast.Assign):
            value = self.of(node.value) | given
            self._calls(node.value, given)
            for target in node.targets:
                self._put(target, value, bool(given))
                self._together(target, node.value)
        elif isinstance(node, ast.AugAssign):
            self._put(node.target, self.of(node.value) | given, True)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._put(node.target, self.of(node.value) | given, bool(given))
        elif isinstance(node, ast.If):
            inner = given | self.of(node.test)
            self.body(node.body, inner)
            self.body(node.orelse, inner)
        elif isinstance(node, ast.For | ast.While):
            before: dict[str, frozenset[str]] = {}
            while before != self.known:
                before = dict(self.known)
                test = node.iter if isinstance(node, ast.For) else node.test
                inner = given | self.of(test)
                if isinstance(node, ast.For):
                    self._put(node.target, inner, True)
                self.body(node.body, inner)
        elif isinstance(node, ast.Expr | ast.Return) and node.value is not None:
            self._calls(node.value, given)

    def _put(self, target: ast.expr, value: frozenset[str], keep: bool) -> None:
        """Where ``keep``, what the name held before may still be in it."""
        if isinstance(target, ast.Tuple):
            for one in target.elts:
                self._put(one, value, keep)
        elif isinstance(target, ast.Name):
            self.known[target.id] = value | (self.known.get(target.id, frozenset()) if keep else frozenset())
        elif isinstance(target, ast.Subscript | ast.Attribute):
            owner: ast.expr = target.value
            while isinstance(owner, ast.Subscript | ast.Attribute):
                owner = owner.value
            assert isinstance(owner, ast.Name)
            index = self.of(target.slice) if isinstance(target, ast.Subscript) else frozenset()
            self._fill(owner.id, value | index)

    def _fill(self, name: str, value: frozenset[str]) -> None:
        for one in (name, *self.parts.get(name, ())):
            self.known[one] = self.known.get(one, frozenset()) | value
            self.filled.add(one)

    def _together(self, target: ast.expr, value: ast.expr) -> None:
        if not (isinstance(target, ast.Name) and isinstance(value, ast.Call) and isinstance(value.func, ast.Name)):
            return
        if isinstance(self.names.get(value.func.id), type):
            self.parts[target.id] = [one.id for one in value.args if isinstance(one, ast.Name)]

    def _calls(self, node: ast.expr, given: frozenset[str]) -> None:
        """What functions that are called fill of their arguments."""
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                called = self.names.get(call.func.id)
                called = getattr(called, "py_func", called)
                if not isinstance(called, FunctionType) or called.__name__ in _PURE:
                    continue
                passed = dict(zip(inspect.signature(called).parameters, call.args, strict=False))
                for name, needs in fills(called).items():
                    target = passed[name]
                    if isinstance(target, ast.Name):
                        value = given.union(*(self.of(passed[one]) for one in needs if one in passed))
                        self._fill(target.id, value)


@cache
def fills(function: FunctionType) -> dict[str, frozenset[str]]:
    """Arguments that a plain function fills in place, each with the arguments that what is put there depends on."""
    tree = tree_of(function)
    flow = _Flow({one.arg: frozenset([one.arg]) for one in tree.args.args}, function.__globals__)
    flow.body(tree.body, frozenset())
    return {name: flow.known[name] for name in inspect.signature(function).parameters if name in flow.filled}


_PURE = frozenset(
    {"exp", "expm1", "log", "sqrt", "min", "max", "clip", "factor", "len", "range", "int", "float", "abs"}
)
