"""What no module may do: run what it read, ask a shell, believe a parser, weaken a digest."""

import ast
import re
from collections.abc import Iterator

import pytest
from tests.conventions.source import PACKAGE, Module, modules

MODULES = [pytest.param(module, id=name) for name, module in modules().items()]
NO_IMPORT = {
    "pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "yaml",  # run what is read
    "xml", "lxml", "defusedxml", "xmltodict",  # XML is only written
    "telnetlib", "ftplib", "smtplib", "imaplib", "ldap", "pymemcache",  # not spoken
}
XML_WRITERS = {"xml.sax.saxutils", "xml.etree.ElementTree"}  # for escaping, and for building
NO_CALL = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp",
           "hashlib.md5", "hashlib.sha1", "ssl._create_unverified_context", "ElementTree.parse",
           "ElementTree.fromstring", "ElementTree.XML", "ElementTree.iterparse", "Template",
           "engines.from_string"}
# Where a seed makes a result repeatable; nothing there is a secret.
SEEDED = ("yiwang.algorithms.", "yiwang.practices.events.demo", "yiwang.practices.events.learning",
          "yiwang.kernel.outgoing.turns")
# Looked at one by one: what is put into the statement is a placeholder, or a name of ours.
BUILT = {"yiwang.kernel.cases.names": {"holes"},
         "yiwang.kernel.records.search": {"asked", "where", "texts", "most"},  # the last two: whole
         "yiwang.kernel.many": {"table", "columns", "holes"},
         "yiwang.kernel.keeping.postgres_copy": {"aside"}}

# Looked at one by one: patterns of ours, run over readers' words.
PATTERNS = {"yiwang.kernel.cases.closing": {"pattern"}}


def names_called(module: Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imported(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def faults(module: Module) -> list[str]:
    """What a module does that none may."""
    found = [f"imports {name}" for name in imported(module)
             if name.split(".")[0] in NO_IMPORT
             and not any(name == ok or name.startswith(f"{ok}.") for ok in XML_WRITERS)]
    found += [f"line {call.lineno}: {name}" for name, call in names_called(module)
              if name in NO_CALL or _asks_a_shell(call) or _builds_a_statement(module, name, call)
              or _makes_a_pattern(module, name, call)]
    if not module.name.startswith(SEEDED):
        found += [f"imports {name}" for name in imported(module) if name.split(".")[0] == "random"]
    return found


def _asks_a_shell(call: ast.Call) -> bool:
    return any(word.arg == "shell" for word in call.keywords)


def _builds_a_statement(module: Module, name: str, call: ast.Call) -> bool:
    """A statement for the database out of words that are not constants of the module."""
    if name.rpartition(".")[2] not in ("execute", "executemany", "RawSQL", "extra"):
        return False
    holes = [part for arg in call.args[:1] for part in ast.walk(arg)
             if isinstance(part, ast.FormattedValue)]
    known = BUILT.get(module.name, set())
    return any(not said.isupper() and said not in known
               for said in (ast.unparse(hole.value) for hole in holes))


def _makes_a_pattern(module: Module, name: str, call: ast.Call) -> bool:
    """A pattern of words that are neither the module's constants nor escaped."""
    asked = [word.value for word in call.keywords if str(word.arg).endswith("regex")]
    if name.startswith("re.") and name not in ("re.escape", "re.purge"):
        asked += call.args[:1] + [word.value for word in call.keywords if word.arg == "pattern"]
    known = PATTERNS.get(module.name, set())
    return any(not _is_ours(part, known) for part in asked)


def _is_ours(part: ast.expr, known: set[str]) -> bool:
    """Whether an expression holds nothing but constants, names of constants, and escaped words."""
    if isinstance(part, ast.JoinedStr):
        return all(_is_ours(value, known) for value in part.values)
    if isinstance(part, ast.FormattedValue):
        return _is_ours(part.value, known)
    if isinstance(part, ast.BinOp):
        return _is_ours(part.left, known) and _is_ours(part.right, known)
    said = ast.unparse(part)
    return isinstance(part, ast.Constant) or said.isupper() or said in known \
        or said.startswith("re.escape(")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_does_nothing_dangerous(module: Module) -> None:
    assert not faults(module)


@pytest.mark.parametrize("code", [
    "import pickle", "from xml.dom import minidom", "import yaml", "eval('1')",
    "subprocess.run('ls', shell=True)", "os.system('ls')", "hashlib.md5(b'')", "import random",
    "cursor.execute(f'SELECT {name}')", "ElementTree.fromstring(text)",
    "re.search(words, text)", "re.compile(f'^{words}')", "re.sub('a' + words, '', text)",
    "re.split(pattern=words, string=text)", "cells.filter(code__regex=words)"])
def test_the_search_would_find_it(code: str) -> None:
    """The proof that the test above can fail."""
    tree = ast.parse(code)
    assert faults(Module("yiwang.shell.made_up", PACKAGE, tree))


def test_a_pattern_of_ours_is_let_be() -> None:
    code = "re.compile(f'^{START}' + re.escape(words) + 'a')"
    assert not faults(Module("yiwang.shell.made_up", PACKAGE, ast.parse(code)))


UNSAFE_SCRIPT = re.compile(
    r"\beval\(|new Function|document\.write|\.outerHTML\s*=|insertAdjacentHTML|"
    r"new RegExp|setTimeout\(\s*[\"']|javascript:|__proto__|postMessage\(.*[\"']\*[\"']")
SCRIPTS = [path for path in PACKAGE.rglob("static/**/*.js") if "vendor" not in path.parts]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_no_text(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not UNSAFE_SCRIPT.findall(text)


# A name that came from a form or an answer becomes a key: of an object without a prototype only.
NAMED = re.compile(r"(\w+)\[[A-Za-z_$][\w.$]*\]\s*(?:\?\?=|\|\|=|[-+]?=(?!=))")
BY_NUMBER = {"parts", "lines"}  # arrays, whose keys are counted
MERGES = re.compile(r"Object\.assign\(|structuredClone\(JSON|\.prototype\b|\bwith\s*\(")


def polluted(text: str) -> set[str]:
    """Objects of a script that get keys made of input and have a prototype to spoil."""
    return {name for name in NAMED.findall(text)
            if name not in BY_NUMBER and f"{name} = Object.create(null)" not in text}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_key_made_of_input_reaches_a_prototype(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not polluted(text)
    assert not MERGES.findall(text)


@pytest.mark.parametrize(("line", "found"), [
    ("values[field.name] = 1", True), ("seen[name] ??= []", True), ("found[key] += 1", True),
    ("const wrong = Object.create(null); wrong[name] = said", False),
    ("if (one[name] === two) {}", False), ("const [a] = b[name];", False)])
def test_a_key_made_of_input_would_be_found(line: str, found: bool) -> None:
    assert bool(polluted(line)) is found
