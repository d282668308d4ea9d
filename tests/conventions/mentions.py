"""Which function mentions which: enough of a call graph to follow an action to its trail entry."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.conventions.source import Function, Module, modules


@cache
def names_in(module: str) -> dict[str, str]:
    """What each top-level name of a module stands for, as a dotted name."""
    here = modules()[module]
    names = {node.name: f"{module}.{node.name}" for node in here.tree.body
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    for node in ast.walk(here.tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            base = _base(here, node)
            names |= {a.asname or a.name: f"{base}.{a.name}" for a in node.names}
    return names


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    up = ".".join(parts[: len(parts) - node.level + 1])
    return f"{up}.{node.module}" if node.module else up


def resolved(name: str) -> str:
    """A dotted name after following re-exports of our own packages."""
    module, _, last = name.rpartition(".")
    if module in modules() and name not in modules():
        target = names_in(module).get(last, name)
        return name if target == name else resolved(target)
    return name


@cache
def functions() -> dict[str, Function]:
    """Every top-level function of ours by dotted name."""
    return {f"{module.name}.{function.name}": function
            for module in modules().values() for function in module.functions()}


def is_function(name: str) -> bool:
    """Whether a dotted name is one of our top-level functions."""
    return name in functions()


def definition(name: str) -> Function:
    """The syntax of a function; ``KeyError`` where it is not ours."""
    return functions()[name]


def functions_of_kernel_and_practices() -> list[str]:
    """Where changes may be made at all."""
    return [n for n in functions() if n.startswith(("yiwang.kernel.", "yiwang.practices."))]


@cache
def mentions(function: str) -> frozenset[str]:
    """Dotted names of everything of ours that a top-level function mentions."""
    if not is_function(function):
        return frozenset()
    names = names_in(function.rpartition(".")[0])
    return frozenset(resolved(found) for found in _dotted(definition(function), names))


@cache
def _callers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in functions():
        for mentioned in mentions(name):
            found.setdefault(mentioned, set()).add(name)
    return found


def callers_of(name: str) -> set[str]:
    """Functions of ours that mention ``name``."""
    return _callers().get(name, set())


def reason_to_pass(name: str, reasons: dict[str, str]) -> str:
    """The stated reason that excuses the package ``name`` lies in; '' where there is none."""
    return next((why for where, why in reasons.items() if name.startswith(where + ".")), "")


def _dotted(body: ast.AST, names: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.Name) and node.id in names:
            yield names[node.id]
        if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
                and node.value.id in names):
            yield f"{names[node.value.id]}.{node.attr}"


def reaches(function: str, ends: frozenset[str]) -> bool:
    """Whether following mentions from ``function`` comes to one of ``ends``."""
    seen, waiting = set(), [resolved(function)]
    while waiting:
        here = waiting.pop()
        if here in ends:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(mentions(here))
    return False
