"""What a move asks for, checked: typed, bounded, and complete before anything is changed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.kernel import rows
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.peers import peers_for

from .models import Case
from .playbooks import Move, Need, NeedKind

LONGEST = {NeedKind.LINE: 200, NeedKind.TEXT: 10_000}  # characters
# Control characters have no place in a record; tab and line ends do.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Incomplete(Refusal):
    """A move was asked for with something missing or malformed; ``wrong`` says where."""

    def __init__(self, wrong: dict[str, Words]) -> None:
        super().__init__(
            code="incomplete",
            what=Words("还差几项。", "Something is missing."),
            todo=Words("请看标出的地方，已填的都还在。", "See the marked fields; nothing is lost."),
            missing=tuple(wrong.values()),
        )
        self.wrong = wrong


def taken(move: Move, given: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """What was given, cleaned, only what the move asks for; raises ``Incomplete``."""
    clean: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    for need in move.needs:
        value = _clean(given.get(need.name))
        if value in ("", [], None):
            if need.required or need.least:
                wrong[need.name] = Words("请填“{label}”", "“{label}” is needed").filled(
                    label=need.label)
            continue
        try:
            clean[need.name] = _CHECKS[need.kind](need, value, case)
        except ValueError as problem:
            said = problem.args[0] if problem.args else ""
            wrong[need.name] = said if isinstance(said, Words) else Words("填写有误", "not valid")
    if wrong:
        raise Incomplete(wrong)
    return clean


def _clean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _CONTROL.sub("", value.replace("\r\n", "\n")).strip()


def _text(need: Need, value: Any, case: Case) -> str:
    text = str(value)
    if len(text) > LONGEST[need.kind]:
        raise ValueError(
            Words("最多 {most} 字，现在 {now} 字", "at most {most} characters, now {now}").filled(
                most=LONGEST[need.kind], now=len(text))
        )
    return text


def _choice(need: Need, value: Any, case: Case) -> str:
    if value not in {code for code, _ in need.choices}:
        raise ValueError(Words("请从列表中选", "choose from the list"))
    return str(value)


def _team(need: Need, value: Any, case: Case) -> str:
    """A team that is in being."""
    gone = Words("没有这个单位或已撤销", "no such team, or it was closed")
    try:
        team = rows.one(Team, id=UUID(str(value)))
    except ValueError:
        raise ValueError(gone) from None
    if team is None or team.until is not None:
        raise ValueError(gone)
    return str(team.id)


def _other_team(need: Need, value: Any, case: Case) -> str:
    """Another team: refusing to the team that refuses is no answer."""
    team = _team(need, value, case)
    if team == str(case.holder_id):
        raise ValueError(Words("请写明别的单位", "name a team other than your own"))
    return team


def _case(need: Need, value: Any, case: Case) -> str:
    """A case by number or id, open and not itself a repeat."""
    text = str(value).strip()
    found = Case.objects.filter(number=text.upper(), merged_into__isnull=True).first()
    if found is None or found.id == case.id or found.practice != case.practice:
        raise ValueError(Words("没有可并入的这个编号", "no case of that number to merge into"))
    return str(found.id)


def _date(need: Need, value: Any, case: Case) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(Words("日期写成 2026-11-30", "write the date as 2026-11-30")) from None


def _stars(need: Need, value: Any, case: Case) -> int:
    if str(value) not in {"1", "2", "3", "4", "5"}:
        raise ValueError(Words("请选 1 到 5 星", "choose 1 to 5 stars"))
    return int(value)


def _photos(need: Need, value: Any, case: Case) -> list[str]:
    photos = [str(item) for item in value]
    if len(photos) < need.least:
        raise ValueError(Words("至少 {n} 张照片", "at least {n} {n:photo|photos}").filled(
            n=need.least))
    return photos


def _peer(need: Need, value: Any, case: Case) -> str:
    """An instance that cases are handed to; its name."""
    if value not in peers_for(case.area):
        raise ValueError(Words("请从列表中选", "choose from the list"))
    return str(value)


_CHECKS = {
    NeedKind.LINE: _text, NeedKind.TEXT: _text, NeedKind.CHOICE: _choice, NeedKind.TEAM: _team,
    NeedKind.OTHER_TEAM: _other_team,
    NeedKind.CASE: _case, NeedKind.DATE: _date, NeedKind.STARS: _stars, NeedKind.PHOTO: _photos,
    NeedKind.PEER: _peer,
}
