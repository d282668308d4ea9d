"""The verb of a town that changes a playbook: checked, then published as the next version."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind, TermError, due
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, can_somewhere, not_allowed

from .calendar import calendar_now
from .models import PlaybookVersion
from .playbook_edits import Edit, edited, whole
from .playbook_store import current, publish_playbook
from .playbooks import Playbook, problems
from .rules_actions import somebody_else

LONGEST_LABEL, LONGEST_SOURCE = 60, 200  # characters


def change_playbook(
    declared: Playbook, edit: Edit, *, by: Actor, at: datetime, source: str, seen: int
) -> PlaybookVersion | None:
    """Publish a town's changes to what the practice declares; None where nothing changed.

    ``seen`` is the version the person looked at. Running cases keep the version they began with.
    """
    if not can_somewhere(by, "playbook.edit"):
        raise not_allowed("playbook.edit")
    said = _checked_source(source)
    wanted = edited(whole(current(declared.code), declared), declared, edit, source=said)
    check_sound(wanted, at=at)
    try:
        with transaction.atomic():
            if current(declared.code).version != seen:
                raise somebody_else()
            return publish_playbook(wanted, by=by, at=at, source=said)
    except IntegrityError:  # the same version at the same moment
        raise somebody_else() from None


def check_sound(playbook: Playbook, *, at: datetime) -> None:
    """Refuse labels that say nothing, limits that cannot be counted, and a broken flow."""
    for field, label in _labels(playbook):
        if not (label.zh.strip() and label.en.strip()):
            raise Refusal("label_missing", Words("两种语言都要写。", "Both languages are needed."),
                          field=field)
        if max(len(label.zh), len(label.en)) > LONGEST_LABEL:
            raise Refusal("label_long", Words("至多 {n} 字。", "At most {n} characters.").filled(
                n=LONGEST_LABEL), field=field)
    for spec in playbook.clocks:
        if spec.kind and spec.amount:
            _check_term(spec.name, spec.kind, spec.amount, at)
    if wrong := problems(playbook):
        raise Refusal(
            "playbook_broken", Words("这样流程走不通。", "The flow does not hold together."),
            Words("改回标出的步骤。", "Take back the steps named."), missing=tuple(wrong))


def _labels(playbook: Playbook) -> Iterator[tuple[str, Words]]:
    for state in playbook.states:
        yield f"state-{state.code}", state.label
    for move in playbook.moves:
        yield f"move-{move.code}", move.label


def _check_term(name: str, kind: str, amount: float, at: datetime) -> None:
    try:
        due(ClockKind.named(kind), at, amount, calendar_now())
    except TermError as wrong:
        raise Refusal("bad_term", wrong.what, field=f"clock-{name}") from None


def _checked_source(source: str) -> str:
    said = " ".join(source.split())
    if not said or len(said) > LONGEST_SOURCE:
        raise Refusal("source", Words("写明依据，至多 {n} 字。",
                                      "Say what it rests on, in at most {n} characters.").filled(
            n=LONGEST_SOURCE), field="source")
    if said == "practice":  # reserved: marks what the practice itself declares
        raise Refusal("source", Words("请写具体依据。", "Say more exactly."), field="source")
    return said
