"""Forms of the rule pages. They check shapes; what the domain refuses lands by its field."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.datastructures import MultiValueDict

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.limits import prefixes
from yiwang.kernel.cases.names import team_words
from yiwang.kernel.cases.rules_changes import A_HUNDRED, LEAST_RANK, MOST_RANK, Wanted
from yiwang.kernel.cases.rules_queries import current_kinds
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import within
from yiwang.kernel.places.models import Cell, Unit

from .people_forms import PlainForm, choice, day, text
from .rules_pages_shown import ANY_KIND, EVERYWHERE, HOURS, kind_title

COUNTY = 6  # digits: teams of the whole county may be named
MOST_AREAS, MOST_TEAMS = 400, 400  # offered in one form
AUTOMATIC = Words("自动派单，不经调度员", "Dispatch without a dispatcher")
_CODE = re.compile(r"(?:^|\s)(\d{6,24})\s*$", re.ASCII)


class DespiteForm(PlainForm):
    """The part every change of rules has: saving in spite of the linter, and why."""

    despite = forms.BooleanField(
        required=False, label=Words("仍要保存", "Save all the same"))  # type: ignore[arg-type]
    reason = text("为什么", "Why", 200, Words("勾选了就要写", "Needed with the tick"),
                  required=False)

    def despite_reason(self) -> str:
        """The reason, where the box is ticked."""
        return str(self.cleaned_data["reason"]) if self.cleaned_data["despite"] else ""


class RuleForm(DespiteForm):
    """A rule: kind × area × hours → team, from a day to a day."""

    kind = choice("类别", "Kind", required=False)
    area = text("区域", "Area", 80, Words("从列表选，或写编码；空：全部区域",
                                          "Choose, or write a code; empty: everywhere"),
                required=False)
    hours = choice("时段", "Hours", choices=list(HOURS.items()))
    team = choice("派给", "Team")
    since = day("从哪天起", "From")
    until = day("到哪天止", "Last day", Words("空：长期", "Empty: no end"), required=False)
    rank = forms.IntegerField(
        label=Words("次序", "Order"), min_value=LEAST_RANK, max_value=MOST_RANK,  # type: ignore[arg-type]
        help_text=Words("小的先问；相同时，类别细的先、区域小的先",  # type: ignore[arg-type]
                        "The smaller is asked first; among equals the narrower kind, then area"))
    automatic = forms.BooleanField(required=False, label=AUTOMATIC)  # type: ignore[arg-type]
    least_odds = forms.IntegerField(
        label=Words("自动派单的最低几率（%）", "Least odds to dispatch by itself (%)"),  # type: ignore[arg-type]
        min_value=1, max_value=A_HUNDRED, required=False, help_text=Words(  # type: ignore[arg-type]
            "只在勾选自动派单时有用：按历史，由该单位办结的几率不到它，就交调度员；空：不看几率",
            "Only with the tick above: below these odds of history a dispatcher decides; empty: "
            "whatever the odds"))
    source = text("依据", "What it rests on", 200, Words(
        "文件、会议或裁定，如“主任办公会 11-20”", "A paper, a meeting, a ruling"))
    field_order = ("kind", "area", "hours", "team", "since", "until", "rank", "automatic",
                   "least_odds", "source")

    def __init__(
        self, data: MultiValueDict[str, Any] | None = None, *, practice: str, scope: str,
        on: date, **more: Any,
    ) -> None:
        super().__init__(data, **more)
        whole = Words("要 {least} 到 {most} 的整数。", "A whole number, {least} to {most}.")
        bounds = str(whole.filled(least=LEAST_RANK, most=MOST_RANK))
        self.fields["rank"].error_messages.update(
            invalid=bounds, min_value=bounds, max_value=bounds)
        for name in ("area", "source", "reason"):
            most = self.fields[name].max_length  # type: ignore[attr-defined]
            self.fields[name].validators = [_not_longer(most)]
        self.fields["kind"].choices = kind_choices(practice, on)  # type: ignore[attr-defined]
        self.fields["team"].choices = team_choices(scope)  # type: ignore[attr-defined]
        self.fields["area"].widget.attrs["list"] = "areas-known"

    def clean_area(self) -> str:
        """A code as typed, at the end of an offered line, or of the one place so named."""
        return area_code(self.cleaned_data["area"])

    def wanted(self) -> Wanted:
        """The rule that was typed."""
        data = self.cleaned_data
        return Wanted(data["kind"], data["area"], UUID(data["team"]), data["since"], data["hours"],
                      data["until"], data["rank"], data["automatic"], data["source"],
                      data["least_odds"])


class EndRuleForm(DespiteForm):
    """When a rule ends."""

    last_day = day("最后一天", "Last day", Words("填昨天就是立即停用", "Yesterday ends it at once"))
    field_order = ("last_day",)


def _not_longer(most: int) -> Any:
    def check(value: str) -> None:
        if len(value) > most:
            raise forms.ValidationError(str(Words("至多 {n} 字，现在 {now} 字。",
                                                  "At most {n} characters, now {now}.").filled(
                n=most, now=len(value))))
    return check


def kind_choices(practice: str, on: date) -> list[tuple[str, str]]:
    """Every kind of the lists in force and what they lie under, indented by depth."""
    codes = {code for kind in current_kinds(practice, on=on) for code in prefixes(kind)} - {""}
    return [("", str(ANY_KIND)), *((code, indented(code)) for code in sorted(codes))]


def indented(code: str) -> str:
    """A kind under its depth, with its code."""
    depth = code.count(".") + code.count("/")
    bare = code.rpartition("/")[2] if "/" in code else code
    return f"{'　' * depth}{kind_title(code)} {bare}"


def team_choices(scope: str) -> list[tuple[str, str]]:
    """Teams in being of the county that ``scope`` lies in, by unit and code."""
    found = Team.objects.filter(within(scope[:COUNTY], "unit_code"), until__isnull=True)
    rows = found.order_by("unit_code", "code")[:MOST_TEAMS]
    return [("", "—"), *((str(team.pk), str(team_words(team))) for team in rows)]


def area_choices(scope: str) -> list[str]:
    """Units and grid cells inside ``scope`` as offered lines: a name, and its code."""
    units = Unit.objects.filter(within(scope, "code")).order_by("code")[:MOST_AREAS]
    lines = [(unit.code, Words(unit.name, unit.name_en or unit.name)) for unit in units]
    cells = Cell.objects.filter(within(scope, "code"), layer="governance", until__isnull=True)
    lines += [(cell.code, Words(cell.name, cell.name))
              for cell in cells.order_by("code")[: MOST_AREAS - len(lines)]]
    return [f"{name} {code}" for code, name in lines]


def area_line(code: str, titles: dict[str, Words]) -> str:
    """A code as the form offers it."""
    return f"{titles.get(code, EVERYWHERE)} {code}" if code else ""


def area_code(typed: str) -> str:
    """The code somebody means; ``ValidationError`` where a name fits none or several."""
    said = typed.strip()
    found = _CODE.search(said)
    if found or not said:
        return found[1] if found else ""
    codes = _codes_named(said)
    if len(codes) == 1:
        return codes[0]
    raise forms.ValidationError(str(
        Words("没有叫“{name}”的区域。", "No area is called “{name}”.").filled(name=said[:40])
        if not codes else
        Words("有 {n} 处叫“{name}”，请写编码。",
              "{n} {n:area is|areas are} called “{name}”: write the code.").filled(
            n=len(codes), name=said[:40])))


def _codes_named(name: str) -> Sequence[str]:
    units = Unit.objects.filter(Q(name=name) | Q(name_en__iexact=name))
    cells = Cell.objects.filter(name=name, layer="governance", until__isnull=True)
    return [*units.values_list("code", flat=True)[:9], *cells.values_list("code", flat=True)[:9]]
