"""``yiwang rules lint`` says what is wrong and ends with 1 where something is."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from yiwang.algorithms.words import reading_in
from yiwang.cli.rules import check_rules
from yiwang.kernel.cases.models import DispatchRule, Kind, KindList
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.places.models import Unit

pytestmark = pytest.mark.django_db
TOWN, SINCE = "330206005", date(2020, 1, 1)


@pytest.fixture
def rule() -> DispatchRule:
    forget_kinds()
    Unit.objects.create(code=TOWN, name="霞浦街道")
    kinds = KindList.objects.create(code="XP", practice="events", name="自定", since=SINCE)
    Kind.objects.create(code="XP/E.99", list=kinds, name="纠纷")
    team = Team.objects.create(code="a", name="平安科", kind="office", unit_code=TOWN, since=SINCE)
    person = Person.objects.create(account="a", name="赵")
    Term.objects.create(person=person, role="office", area=TOWN, team=team, since=SINCE)
    return DispatchRule.objects.create(number=1, practice="events", team=team, since=SINCE)


def test_clean_rules_end_with_zero(rule: DispatchRule) -> None:
    answer = CliRunner().invoke(check_rules, [])
    assert (answer.exit_code, "0 处错误" in answer.output) == (0, True)


def test_findings_end_with_one(rule: DispatchRule) -> None:
    Team.objects.update(until=date(2020, 1, 2))
    answer = CliRunner().invoke(check_rules, [])
    assert answer.exit_code == 1
    assert "已撤销" in answer.output
    told = json.loads(CliRunner().invoke(check_rules, ["--json"]).output)
    assert [(f["code"], f["rules"]) for f in told["events"]] == [("closed", [1])]


def test_gaps_are_hints_in_one_line(rule: DispatchRule) -> None:
    rule.delete()
    answer = CliRunner().invoke(check_rules, [])
    assert answer.exit_code == 0, "a hint is no error"
    assert "1 类在 1 个区域没有规则：纠纷 (XP/E.99)；霞浦街道 (330206005)" in answer.output
    with reading_in("en"):
        said = CliRunner().invoke(check_rules, []).output
    assert "0 errors, 1 group of gaps" in said
    assert "1 kind has no rule in 1 area: 纠纷 (XP/E.99)" in said
