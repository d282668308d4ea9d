"""Every change has an author, a moment and a trail entry; nothing is changed behind an action."""

import ast
import re
from collections.abc import Iterator

import pytest
from tests.conventions.mentions import (
    callers_of,
    definition,
    functions_of_kernel_and_practices,
    is_function,
    names_in,
    reaches,
    reason_to_pass,
    resolved,
)
from tests.conventions.source import Function, Module, modules, shelf

TRAIL = frozenset({
    "yiwang.kernel.records.trail.append",
    "yiwang.kernel.records.trail.begin_many",
    "yiwang.kernel.records.trail.compose",
    "yiwang.kernel.cases.step.commit_step",
})
# Actions that leave no entry, each with its reason.
WITHOUT_TRAIL = {
    "yiwang.practices.events.tasks.count_finished":
        "a tally for suggestions, counted from closings that are in the trail",
}
# What writes below or beside the trail, each with its reason.
MECHANISM = {
    "yiwang.kernel.records": "the trail itself, the outbox, numbers, files: called by actions",
    "yiwang.kernel.migrations": "tables",
    "yiwang.kernel.work": "delivers what actions have put in the outbox",
    "yiwang.kernel.outgoing": "whose turn it is, and how often a call has failed",
    "yiwang.kernel.webhooks.listening": "queues of what the trail has already",
    "yiwang.kernel.webhooks.sending": "how a delivery went; what ends a webhook is an action",
    "yiwang.kernel.exchange.hearing": "letters about steps that are in the trail",
    "yiwang.kernel.exchange.post": "letters about what is in the trail",
    "yiwang.kernel.exchange.sending": "how a letter went; what an answer changes is an action",
    "yiwang.kernel.people.key_readings": "how often an address was read; its key has a trail",
    "yiwang.kernel.cases.history": "what was learned from cases, whose steps are in the trail",
    "yiwang.kernel.cases.advice": "whether a suggestion was followed; the step is in the trail",
    "yiwang.kernel.exchange.taking": "letters as they came; the case they change has its trail",
}
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create",
          "update_or_create"}
READ_ONLY_SHELVES = {"web", "api", "queries", "rules", "states", "metrics"}
CLOCK_READERS = {("timezone", "now"), ("datetime", "now"), ("date", "today"), ("time", "time"),
                 ("datetime", "today")}


def actions() -> Iterator[str]:
    """Public verbs: what the package ``actions`` exports, what ``actions.py`` has that changes."""
    for module in modules().values():
        if module.name.endswith(".actions"):
            here = [f"{module.name}.{f.name}" for f in module.functions() if _changes(f)]
            names = names_in(module.name).values() if module.is_package else here
            yield from (name for name in map(resolved, names)
                        if is_function(name) and not name.rpartition(".")[2].startswith("_"))


def _changes(function: Function) -> bool:
    return bool({"by", "at"} & keywords(function)) or any(_writes(function))


def verbs() -> Iterator[str]:
    """Functions of kernel and practices that are told by whom and when, wherever they stand."""
    for name in functions_of_kernel_and_practices():
        module, _, last = name.rpartition(".")
        told = {"by", "at"} <= keywords(definition(name))
        asks = last.startswith(("_", "can_", "check_"))
        if told and not asks and shelf(modules()[module]) not in READ_ONLY_SHELVES:
            yield name


def keywords(function: Function) -> set[str]:
    return {argument.arg for argument in function.args.kwonlyargs}


def _writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Calls such as ``Case.objects.create(…)`` or ``queryset.filter(…).delete()``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            source = ast.unparse(node.func.value)
            saved = node.func.attr == "save" and isinstance(node.func.value, ast.Name)
            if saved or (node.func.attr in WRITES and re.search(r"\bobjects\b|\.filter\(", source)):
                yield node.lineno, node.func.attr


ACTIONS = sorted(set(actions()))
VERBS = sorted(name for name in {*ACTIONS, *verbs()} if not reason_to_pass(name, MECHANISM))


def test_there_are_actions() -> None:
    assert ACTIONS


@pytest.mark.parametrize("name", VERBS)
def test_an_action_leaves_a_trail_entry(name: str) -> None:
    assert name in WITHOUT_TRAIL or reaches(name, TRAIL), f"{name} reaches no trail entry"


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_told_who_and_when_by_keyword(name: str) -> None:
    assert {"by", "at"} <= keywords(definition(name)), f"{name}: by and at, keyword-only"


def test_whatever_writes_is_part_of_an_action() -> None:
    """A function that writes reaches the trail, or is called only by functions that do."""
    found = [name for name in functions_of_kernel_and_practices()
             if any(_writes(definition(name))) and not reason_to_pass(name, MECHANISM)
             and not _accounted(name, ())]
    assert not found, "\n".join(found)


def _accounted(name: str, above: tuple[str, ...]) -> bool:
    if reaches(name, TRAIL) or name in WITHOUT_TRAIL:
        return True
    callers = [caller for caller in callers_of(name) if caller not in above]
    return bool(callers) and all(_accounted(caller, (*above, name)) for caller in callers)


def test_faces_and_reads_change_nothing() -> None:
    found = [f"{module.path.name}:{line} {module.name} calls {write}"
             for module in modules().values() if shelf(module) in READ_ONLY_SHELVES
             for line, write in _writes(module.tree)]
    assert not found, "\n".join(found)


def test_time_is_passed_in_never_read() -> None:
    """Only faces, timers and the command line may look at the clock on the wall."""
    found = [f"{module.name}:{line}" for module in modules().values() if _takes_time(module)
             for line in _clock_reads(module)]
    assert not found, "\n".join(found)


def _takes_time(module: Module) -> bool:
    inner = module.name.startswith(("yiwang.kernel", "yiwang.algorithms"))
    return shelf(module) in {"actions", "queries", "rules", "states", "models"} or (
        inner and module.name != "yiwang.kernel.ids"
    )


def _clock_reads(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr) in CLOCK_READERS):
            yield node.lineno
