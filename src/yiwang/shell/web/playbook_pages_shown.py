"""How a playbook is said in words: its steps, its clocks, its limits, its versions."""

from dataclasses import dataclass
from decimal import Decimal

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind, amount_words
from yiwang.kernel.cases.models import PlaybookVersion, TimeLimit
from yiwang.kernel.cases.playbook_edits import has_own_term
from yiwang.kernel.cases.playbooks import ClockSpec, Move, Need, NeedKind, Playbook, Relation
from yiwang.kernel.people.rules import CAPABILITIES

from .playbook_pages_drawn import in_order
from .rules_pages_shown import kind_title

RELATIONS: dict[Relation, Words] = {
    Relation.HOLDER: Words("拿着的单位", "the team that has it"),
    Relation.HANDLER: Words("承办单位", "the team that handled it"),
    Relation.REPORTER: Words("反映人", "the reporter"),
}
HOLDERS: dict[str, Words] = {
    "desk": Words("指挥室", "command room"),
    "handler": Words("承办单位", "handling team"),
    "county": Words("区县", "county"),
    "peer": Words("其他镇街", "another town"),
    "nobody": Words("办完", "finished"),
}
BY_KIND = Words("按类别，见时限表", "by kind: see the table of limits")
BY_STEP = Words("由步骤写明", "given by the step")
LIMITS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in words, as the table beside the diagram says it."""

    source: Words
    first: int  # rows of this state where this is its first, else 0
    label: Words
    target: Words
    who: Words
    needs: Words
    clock: Words


def step_rows(playbook: Playbook) -> list[StepRow]:
    """Every step from every state, in the order of the diagram."""
    rows = []
    for state in in_order(playbook):
        moves = playbook.moves_from(state.code)
        clock = term_words(playbook.clock(state.clock)) if state.clock else Words("", "")
        for number, move in enumerate(moves):
            target = (Words("（不变）", "(stays)") if move.target == state.code
                      else playbook.state(move.target).label)
            rows.append(StepRow(state.label, 0 if number else len(moves), move.label, target,
                                who_words(move), needs_words(move.needs), clock))
    return rows


def who_words(move: Move) -> Words:
    """Who may make the step: what they must hold, and what they must be to the case."""
    relation = RELATIONS.get(move.relation)
    held = CAPABILITIES.get(move.who)
    if relation and held:
        return Words("{relation}（{held}）", "{relation} ({held})").filled(
            relation=relation, held=held)
    return relation or held or Words("任何人", "anybody")


def needs_words(needs: tuple[Need, ...]) -> Words:
    """What the step asks for; what may be left out stands in brackets."""
    zh = "、".join(_need(need).zh for need in needs)
    return Words(zh or "—", ", ".join(_need(need).en for need in needs) or "—")


def _need(need: Need) -> Words:
    label = need.label
    if need.kind is NeedKind.PHOTO and need.least:
        label = Words("{label}至少 {n} 张", "{label}, at least {n}").filled(
            label=label, n=need.least)
    if need.required:
        return label
    return Words("（{label}）", "({label})").filled(label=label)


def term_words(spec: ClockSpec) -> Words:
    """How long a stage may take."""
    if not has_own_term(spec):
        return BY_STEP if spec.kind else BY_KIND
    return term_of(spec.kind, spec.amount)


def term_of(kind: str, amount: float | Decimal) -> Words:
    """工作时 2 小时; 5 working days."""
    return amount_words(ClockKind.named(kind), float(amount))


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit by kind, in words."""

    limit: TimeLimit
    kind: Words
    condition: Words
    term: Words


def limit_rows(practice: str) -> list[LimitRow]:
    """The table of limits that are not over, by kind; bounded."""
    rows = TimeLimit.objects.filter(practice=practice, until__isnull=True).order_by(
        "kind", "condition", "since")[:LIMITS_SHOWN]
    return [LimitRow(row, kind_title(row.kind),
                     Words(row.condition, row.condition_en or row.condition),
                     term_of(row.clock, row.amount)) for row in rows]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, and how many open cases of the reader run under it."""

    stored: PlaybookVersion
    source: Words
    running: int
    shown: bool
