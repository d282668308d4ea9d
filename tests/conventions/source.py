"""Our own source as data: modules, functions, what each function mentions."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "yiwang"
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the package: its dotted name, its path and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it is the ``__init__`` of a package."""
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The package relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    def functions(self) -> Iterator[Function]:
        """Functions at the top of the module."""
        for node in self.tree.body:
            if isinstance(node, Function):
                yield node


@cache
def modules() -> dict[str, Module]:
    """Every module of the package by dotted name, tests and migrations left out."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if {"tests", "migrations"} & set(parts):
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def templates() -> list[Path]:
    """Every template file."""
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file())


def template_name(path: Path) -> str:
    """The name a template is loaded by."""
    return path.as_posix().rpartition("/templates/")[2]


def tracked() -> list[Path]:
    """Text files that belong to the project: what git knows or would take in."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines()
    if listed.returncode:  # an unpacked archive, without git
        names = [str(p.relative_to(ROOT)) for top in ("src", "tests", "scripts", "docs")
                 for p in (ROOT / top).rglob("*")]
    return [ROOT / name for name in names if (ROOT / name).is_file() and _is_text(ROOT / name)]


def _is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


def shelf(module: Module) -> str:
    """The shelf a module lies on: ``actions`` for ``…events.actions.assign``, '' for none."""
    parts = module.name.split(".")
    known = {"web", "api", "tasks", "metrics", "actions", "queries", "models", "rules", "states"}
    return next((part for part in parts if part in known), "")
