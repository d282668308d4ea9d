"""Who may make which move of a case now: ``can_move`` answers, ``check_can_move`` raises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.rules import Actor, can, not_allowed

from .effects import earlier_signers
from .guards import GUARDS, Asked, holds
from .models import Case
from .playbooks import Move, Playbook, Relation


def can_move(case: Case, move: Move, by: Actor) -> bool:
    """Whether ``by`` may make ``move``: capability in the area, relation, and other eyes."""
    return _reaches(case, move, by) and _related(case, move, by) and not _signed_before(
        case, move, by)


def check_can_move(case: Case, move: Move, by: Actor) -> None:
    """Raise ``NotAllowed`` saying which of the three is missing."""
    if not _reaches(case, move, by):
        raise not_allowed(move.who)
    if not _related(case, move, by):
        raise NotAllowed(
            "not_yours",
            Words("现在不在你的单位手上。", "Your team does not have this case now."),
            Words("看“谁拿着”，请那个单位办。", "See “who has it” and ask that team."),
        )
    if _signed_before(case, move, by):
        raise NotAllowed(
            "other_eyes",
            Words("这一步要另一个人来。", "This step takes another pair of eyes."),
            Words("请同事核查。", "Ask a colleague."),
        )


def _reaches(case: Case, move: Move, by: Actor) -> bool:
    if not move.who:
        return True
    teams = [team for team in (case.handler_id, case.holder_id) if team]
    return can(by, move.who, area=case.area, practice=case.practice, teams=teams)


def _related(case: Case, move: Move, by: Actor) -> bool:
    match move.relation:
        case Relation.HOLDER:
            return case.holder_id is not None and case.holder_id in by.teams
        case Relation.HANDLER:
            return case.handler_id is not None and case.handler_id in by.teams
        case Relation.REPORTER:
            return by.ref == reporter_ref(case)
        case _:
            return True


def _signed_before(case: Case, move: Move, by: Actor) -> bool:
    return bool(move.not_by) and by.ref in earlier_signers(case, move.not_by)


def reporter_ref(case: Case) -> str:
    """The name under which whoever knows the follow code acts."""
    return f"reporter/{case.id}"


def reporter_of(case: Case) -> Actor:
    """The actor a follow page makes once the code has been shown."""
    return Actor(reporter_ref(case))


def open_moves(case: Case, playbook: Playbook, by: Actor, *, at: datetime) -> list[Move]:
    """The moves to offer: lawful from here, allowed to ``by``, and not barred by a guard."""
    asked = Asked(case, {}, at)
    offered = {
        move.code: move
        for move in playbook.moves_from(case.state)
        if can_move(case, move, by) and holds(move.when, asked)
    }
    return list(offered.values())


def chosen_move(
    case: Case, playbook: Playbook, code: str, by: Actor, given: Mapping[str, Any], *,
    at: datetime,
) -> Move:
    """The move of that code whose guard holds; raises what to tell where none is lawful now."""
    variants = [move for move in playbook.moves_from(case.state) if move.code == code]
    if not variants:
        raise not_from_here(playbook, case, code)
    check_can_move(case, variants[0], by)
    asked = Asked(case, given, at)
    for move in variants:
        if holds(move.when, asked):
            return move
    raise Refusal("not_now", Words("现在不能办这一步。", "This step is not open now."),
                  missing=tuple(GUARDS[move.when][1] for move in variants))


def not_from_here(playbook: Playbook, case: Case, code: str) -> Refusal:
    """The refusal that names the state and the lawful next steps."""
    label = playbook.state(case.state).label
    steps = "、".join(dict.fromkeys(str(m.label) for m in playbook.moves_from(case.state)))
    return Refusal(
        "not_from_here",
        Words("案件现在是“{state}”，不能办这一步。",
              "The case is “{state}” now; this step does not follow.").filled(state=label),
        Words("接下来可以：{steps}", "Next can be: {steps}").filled(steps=steps or "—"),
    )
