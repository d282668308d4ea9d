"""The kinds a resident is shown as buttons: those met most often, in plain words."""

from dataclasses import dataclass

from django.db.models import Sum

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Tally
from yiwang.kernel.cases.names import kind_names

from ..rules import BUTTONS, OTHER, PRACTICE

MOST_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class Button:
    """A kind as a big button."""

    code: str
    words: Words


def offered_kinds() -> list[Button]:
    """At most eight kinds and “something else”; plain words where we have them, else the list's."""
    plain = dict(BUTTONS)
    often = list(
        Tally.objects.filter(practice=PRACTICE).values_list("kind")
        .annotate(times=Sum("finished")).order_by("-times", "kind")
        .values_list("kind", flat=True)[:MOST_BUTTONS]
    )
    wanted = [*dict.fromkeys([*often, *plain])]
    kinds = kind_names()
    shown = [code for code in wanted if code in kinds and code != OTHER[0]][:MOST_BUTTONS]
    buttons = [Button(code, plain.get(code) or kinds[code]) for code in shown]
    return [*buttons, Button(*OTHER)] if OTHER[0] in kinds else buttons
