"""From a ruling to a rule: what was decided once need not be argued again."""

from urllib.parse import urlencode

from django.urls import reverse

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import VILLAGE
from yiwang.kernel.people.rules import Actor, can


def rule_address(case: Case, actor: Actor) -> str:
    """The form of a new rule, filled from the ruling; empty without one, or without the right.

    The rule is meant for the whole village or community, not for the one grid cell.
    """
    ruling = case.facts.get("ruling") or {}
    if not ruling or not can(actor, "dispatch.edit", area=case.area, practice=case.practice):
        return ""
    filled = {"practice": case.practice, "kind": case.kind, "area": case.area[:VILLAGE],
              "team": ruling.get("team", ""), "case": case.number}
    return f"{reverse('dispatch-rule-new')}?{urlencode(filled)}"
