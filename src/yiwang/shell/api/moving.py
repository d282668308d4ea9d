"""What a client gives for a move, read as strictly as the form of the page reads it."""

from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.evidence import photos_for
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbooks import Need, NeedKind
from yiwang.shell.web.case_steps import move_named

from .case_shapes import MoveIn
from .problems import Fault, not_valid


def given_of(case: Case, asked: MoveIn) -> dict[str, Any]:
    """The fields of a move; raises ``Problem`` for a field it has not, or of another shape."""
    move = move_named(case, asked.move)
    if move is None:
        raise not_valid(Fault("move", Words("没有这一步。", "There is no such move.")))
    needs = {need.name: need for need in move.needs}
    wrong = [Fault(f"fields.{name}", words) for name, value in asked.fields.items()
             if (words := _misshapen(needs.get(name), value))]
    if wrong:
        raise not_valid(*wrong)
    return {name: photos_for(case, value, stage=move.code) if isinstance(value, list) else value
            for name, value in asked.fields.items()}


def _misshapen(need: Need | None, value: object) -> Words | None:
    if need is None:
        return Words("这一步没有这一项。", "The move has no such field.")
    if (need.kind is NeedKind.PHOTO) is not isinstance(value, list):
        return Words("照片是编号的列表，其他是文字。",
                     "Photos are a list of ids, anything else is text.")
    return None
