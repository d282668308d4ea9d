"""The pages that steer, through their doors: rules, playbooks, calendar; both languages."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate, now
from pytest_django.asserts import assertRedirects

from yiwang.kernel.cases import names, rules_queries
from yiwang.kernel.cases.models import CalendarYear, Case, DispatchRule, Kind, KindList
from yiwang.kernel.cases.playbook_store import current
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.models import TrailEntry
from yiwang.shell.web import rules_pages_shown

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HEAD_ONLY = ("/dispatch-rules", "/dispatch-rules/new", "/dispatch-rules/dry-run",
             "/dispatch-rules/1", "/dispatch-rules/1/end", "/playbooks/event/edit", "/calendar",
             "/calendar/2027", "/calendar/2027/announce", "/calendar/2026/day")
YEAR = json.dumps({"year": 2027, "papers": ["gov"], "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True}]})


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    """Two villages, two kinds, one rule, people in both offices; today is really today."""
    rules_queries.forget_warnings()
    rules_pages_shown.forget_counts()
    names.forget_kinds()
    made = make_town(now(), actor)
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    for code in (TOWN + "001", TOWN + "221"):
        Unit.objects.create(code=code, name=f"村{code[-3:]}", name_en=f"Village {code[-3:]}")
    facts = KindList.objects.create(code="GB2021", practice="events", name="国标", name_en="GB",
                                    since=date(2021, 1, 1), source="test")
    for code, name in (("E.05", "突发"), ("E.05.06", "积水"), ("E.05.07", "积雪")):
        Kind.objects.create(code=f"GB2021/{code}", list=facts, name=name, name_en=f"kind {code}")
    person = Person.objects.create(account="office", name="李")
    for team in (made.build, made.police):
        team.name_en = f"Team {team.code}"
        team.save()
        Term.objects.create(person=person, role="office", area=TOWN, team=team,
                            since=date(2020, 1, 1))
    DispatchRule.objects.create(number=1, practice="events", kind="GB2021/E.05.06",
                                team=made.build, since=date(2020, 1, 1), source="示例 / example")
    return made


def sign_in(role: str, area: str = TOWN, language: str = "zh") -> Client:
    person = Person.objects.create(account=f"{role}-{area}-{language}", name="Lu")
    Term.objects.create(person=person, role=role, area=area, since=date(2020, 1, 1))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["language"] = language
    return client


def typed(town: Town, **changed: Any) -> dict[str, Any]:
    return {"kind": "GB2021/E.05.07", "area": "", "hours": "any", "team": str(town.build.id),
            "since": localdate().isoformat(), "until": "", "rank": "100",
            "source": "主任办公会"} | changed


def send(client: Client, url: str, given: dict[str, Any], **more: Any) -> Any:
    """Look first, then save with what the preview was made of."""
    first = client.post(url, given | {"do": "try"})
    assert first.status_code == 200, first.content.decode()
    return client.post(url, given | {"do": "save", "checked": first.context["checked"], **more})


@pytest.mark.parametrize("role", ["dispatcher", "leader", "grid_worker", "system_admin",
                                  "security_admin", "auditor", "village_cadre"])
def test_only_the_head_steers(town: Town, role: str) -> None:
    client = sign_in(role)
    assert {client.get(url).status_code for url in HEAD_ONLY} == {403}
    assert client.post("/dispatch-rules/new", typed(town)).status_code == 403
    assert client.post("/calendar/2027/announce", {"text": YEAR}).status_code == 403
    sees_cases = role in ("dispatcher", "leader", "grid_worker", "village_cadre")
    assert client.get("/playbooks/event").status_code == (200 if sees_cases else 403)
    assert "/edit" not in client.get("/playbooks/event").content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_and_english_is_english(town: Town, language: str) -> None:
    town.assigned()
    client = sign_in("adjudicator", language=language)
    for url in (*HEAD_ONLY, "/playbooks", "/playbooks/event", "/playbooks/event?version=1",
                "/calendar?kind=working_days&since=2027-01-04T09:00&amount=3"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        if language == "en":
            body = answer.content.decode().split("<body", 1)[1].replace("中文", "")
            body = re.sub(r'value="[^"]*"[^>]*lang="zh-Hans"', "", body)
            body = body.replace("国务院办公厅关于节假日安排的通知（chinesecalendar）", "")
            body = body.replace("城建管理办公室", "")  # a dry run names teams as they were
            assert not re.findall(r"[\u4e00-\u9fff]+", body), url


def test_a_rule_out_of_scope_is_not_there(town: Town) -> None:
    Unit.objects.create(code="330206006001", name="别处")
    DispatchRule.objects.create(number=2, practice="events", area="330206006001",
                                team=town.build, since=date(2020, 1, 1))
    client = sign_in("adjudicator")
    assert client.get("/dispatch-rules/2").status_code == 404
    assert client.get("/dispatch-rules/99999999999999999999").status_code == 404
    assert "规则 2" not in client.get("/dispatch-rules").content.decode()
    assert "不能在这里改" in client.get("/dispatch-rules/1").content.decode()
    answer = client.post("/dispatch-rules/1", typed(town, since=str(localdate() + DAY)))
    assert answer.status_code == 422
    assert DispatchRule.objects.count() == 2


def test_findings_stand_on_top_and_gaps_in_one_line(town: Town) -> None:
    DispatchRule.objects.create(number=2, practice="events", kind="GB2021/E.05.06",
                                team=town.police, since=date(2020, 1, 1))
    client = sign_in("adjudicator")
    page = client.get("/dispatch-rules").content.decode()
    assert "规则 1 与 2 管同样的事" in page
    assert "“积雪”在 2 个区域没有规则管" in page
    assert "kind=GB2021/E.05.07" in page
    assert "规则 2" in client.get("/dispatch-rules?q=平安").content.decode()
    assert client.get("/dispatch-rules?q=%00&after=x&practice=zzz").status_code == 200


def test_a_rule_is_looked_at_before_it_is_saved(town: Town) -> None:
    case = town.assigned()
    client = sign_in("adjudicator")
    url, given = "/dispatch-rules/new", typed(town, kind="GB2021/E.05.06", rank="10",
                                              area="村221", team=str(town.police.id))
    answer = client.post(url, given | {"do": "save"})
    assert answer.status_code == 200, "never saved unseen"
    assert DispatchRule.objects.count() == 1
    page = answer.content.decode()
    assert "因这次改动" in page
    assert case.number in page
    assert str(case.id) in page
    preview = answer.context["preview"]
    assert (preview.before.same, preview.after.same, preview.after.elsewhere) == (1, 0, 1)
    saved = send(client, url, given)
    assert saved.url == "/dispatch-rules"
    rule = DispatchRule.objects.get(number=2)
    assert (rule.area, rule.rank, rule.team_id) == (TOWN + "221", 10, town.police.id)


def test_new_errors_want_a_tick_and_a_reason(town: Town) -> None:
    client = sign_in("adjudicator")
    given = typed(town, kind="GB2021/E.05.06", team=str(town.police.id))
    answer = send(client, "/dispatch-rules/new", given)
    assert answer.status_code == 422
    assert "新的问题" in answer.content.decode()
    assert send(client, "/dispatch-rules/new", given, despite="on", reason=" ").status_code == 422
    assert send(client, "/dispatch-rules/new", given, reason="x").status_code == 422
    assert DispatchRule.objects.count() == 1
    saved = send(client, "/dispatch-rules/new", given, despite="on", reason="过渡")
    assert saved.status_code == 302
    entry = TrailEntry.objects.get(stream="dispatch/events")
    assert entry.note["despite"] == "过渡"


def test_what_changed_meanwhile_is_shown_again(town: Town) -> None:
    client = sign_in("adjudicator")
    first = client.post("/dispatch-rules/new", typed(town) | {"do": "try"})
    send(client, "/dispatch-rules/new", typed(town, area=TOWN + "001"))
    late = client.post("/dispatch-rules/new", typed(town) | {
        "do": "save", "checked": first.context["checked"]})
    assert late.status_code == 409
    assert "刚刚有人改过" in late.content.decode()
    assert "主任办公会" in late.content.decode(), "what was typed is kept"
    other = client.post("/dispatch-rules/new", typed(town, rank="5") | {
        "do": "save", "checked": late.context["checked"]})
    assert other.status_code == 200, "changed after the preview: looked at again"
    assert DispatchRule.objects.count() == 2


def test_a_rule_is_changed_and_ended_from_its_page(town: Town) -> None:
    client = sign_in("adjudicator")
    given = typed(town, kind="GB2021/E.05.06", team=str(town.police.id),
                  since=str(localdate() + DAY))
    assert send(client, "/dispatch-rules/1", given).url == "/dispatch-rules"
    old, new = DispatchRule.objects.order_by("number")
    assert (old.until, new.since) == (localdate(), localdate() + DAY)
    ended = send(client, "/dispatch-rules/2/end", {"last_day": str(localdate() + 9 * DAY)})
    assert ended.status_code == 302
    new.refresh_from_db()
    assert new.until == localdate() + 9 * DAY


@pytest.mark.parametrize(("changed", "said"), [
    ({"rank": "x"}, "要 1 到 999 的整数"), ({"rank": "0"}, "要 1 到 999 的整数"),
    ({"team": "x"}, "格式不对"), ({"kind": "nope"}, "格式不对"), ({"area": "没有这村"}, "没有叫"),
    ({"area": "330206005999"}, "没有"), ({"since": "2026-02-30"}, "格式不对"),
    ({"since": "2020-01-01"}, "不能改已经过去的日子"), ({"source": "字" * 201}, "至多 200 字"),
    ({"until": "2001-01-01"}, "不能早于开始日"), ({"source": ""}, "请填写"),
])
def test_bad_input_comes_back_with_its_reason(
    town: Town, changed: dict[str, str], said: str
) -> None:
    given = typed(town, **changed)
    answer = sign_in("adjudicator").post("/dispatch-rules/new", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "aria-invalid" in page
    assert DispatchRule.objects.count() == 1


def test_a_ruling_becomes_a_rule(town: Town) -> None:
    url = (f"/dispatch-rules/new?kind=GB2021/E.05.07&area={TOWN}221&team={town.police.id}"
           "&case=XP-2026-000001")
    page = sign_in("adjudicator").get(url).content.decode()
    assert "裁定 XP-2026-000001" in page
    assert f"村221 {TOWN}221" in page
    assert f'value="{town.police.id}" selected' in page
    assert sign_in("adjudicator", language="en").get(
        "/dispatch-rules/new?area=%00&team=x&kind=zz").status_code == 200


def test_the_list_asks_as_often_at_three_rows_as_at_one(
    town: Town, same_queries: Callable[..., int]
) -> None:
    client, numbers = sign_in("adjudicator"), iter(range(2, 99))

    def add() -> None:
        DispatchRule.objects.create(number=next(numbers), practice="events", team=town.build,
                                    kind="GB2021/E.05.07", since=date(2020, 1, 1))

    assert same_queries(add, lambda: client.get("/dispatch-rules")) <= 24


# --- playbooks


def sheet(client: Client) -> dict[str, str]:
    """Everything the edit page would send if nobody touched it."""
    given = {"seen": str(current("event").version), "source": "主任办公会"}
    page = client.get("/playbooks/event/edit").context["sheet"]
    for row in (*page.states, *page.moves):
        given |= {f"{row.name}-zh": row.zh, f"{row.name}-en": row.en}
        if row.optional and row.on:
            given[f"{row.name}-on"] = "on"
        for need in row.needs:
            given |= {need.name: "on"} if need.required else {}
            given |= {f"{need.name}-least": need.least} if need.photo else {}
    for row in page.clocks:
        if row.own:
            given |= {f"{row.name}-kind": row.kind, f"{row.name}-amount": row.amount}
    return given


def test_a_sheet_sent_back_untouched_changes_nothing(town: Town) -> None:
    client = sign_in("adjudicator")
    assertRedirects(client.post("/playbooks/event/edit", sheet(client)), "/playbooks/event")
    assert current("event").version == 1


def test_a_town_changes_its_playbook(town: Town) -> None:
    client, old = sign_in("adjudicator"), town.open()
    given = sheet(client) | {"clock-accept-amount": "3", "state-reported-zh": "待处理",
                             "need-submit-photo-least": "2"}
    del given["move-hand_up-on"]
    assertRedirects(client.post("/playbooks/event/edit", given), "/playbooks/event")
    page = client.get("/playbooks/event").content.decode()
    assert "第 2 版" in page
    assert "待处理" in page
    assert "处置后照片至少 2 张" in page
    assert "已上报区级" not in page
    assert "已上报区级" in client.get("/playbooks/event?version=1").content.decode()
    old.refresh_from_db()
    assert old.playbook_version == 1
    rows = client.get("/playbooks/event").context["versions"]
    assert [(row.stored.version, row.running) for row in rows] == [(2, 0), (1, 1)]
    given = sheet(client)
    assert "move-hand_up-on" not in given
    assert given["need-submit-photo"] == "on"
    client.post("/playbooks/event/edit", given | {"move-hand_up-on": "on"})
    assert "county" in {state.code for state in current("event").states}


@pytest.mark.parametrize(("changed", "said"), [
    ({"clock-accept-amount": "many"}, "大于 0 的数"), ({"clock-accept-amount": "nan"}, "大于 0"),
    ({"clock-accept-amount": "-1"}, "大于 0"), ({"clock-accept-kind": "moons"}, "大于 0"),
    ({"state-reported-en": ""}, "两种语言都要写"), ({"move-assign-zh": "派" * 99}, "至多 60 字"),
    ({"source": ""}, "写明依据"), ({"need-submit-photo-least": "99"}, "0 到 9 张"),
    ({"need-submit-photo-least": "两"}, "0 到 9 张"),
])
def test_a_bad_sheet_comes_back(town: Town, changed: dict[str, str], said: str) -> None:
    client = sign_in("adjudicator")
    answer = client.post("/playbooks/event/edit", sheet(client) | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert current("event").version == 1


def test_an_old_sheet_is_told(town: Town) -> None:
    client = sign_in("adjudicator")
    given = sheet(client)
    client.post("/playbooks/event/edit", given | {"clock-accept-amount": "3"})
    late = client.post("/playbooks/event/edit", given | {"clock-accept-amount": "4"})
    assert late.status_code == 409
    assert 'value="4"' in late.content.decode()
    assert client.get("/playbooks/no-such").status_code == 404
    assert client.get("/playbooks/event?version=%00x").status_code == 200


# --- calendar


def test_a_year_is_previewed_and_announced(town: Town) -> None:
    client = sign_in("adjudicator")
    assert "2027 年放假安排还没公布" in client.get("/calendar/2027").content.decode()
    shown = client.post("/calendar/2027/announce", {"text": YEAR, "do": "preview"})
    assert "2027-01-01" in shown.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()
    given = {"text": YEAR, "do": "announce", "seen": shown.context["seen"]}
    assertRedirects(client.post("/calendar/2027/announce", given), "/calendar/2027")
    assert "已公布" in client.get("/calendar/2027").content.decode()
    late = client.post("/calendar/2027/announce", given)
    assert late.status_code == 409
    assert "刚刚有人改过" in late.content.decode()


def test_announcing_counts_provisional_deadlines_anew(town: Town) -> None:
    at = datetime(2026, 12, 31, 9, 0, tzinfo=town.at.tzinfo)
    Case.objects.all().delete()
    town.at = at
    town.move(town.assigned(), "accept", "build", at=at)
    client = sign_in("adjudicator")
    assert "现有 1 件" in client.get("/calendar").content.decode()
    assert "现有 1 件" not in sign_in("adjudicator", "330206006").get("/calendar").content.decode()
    shown = client.post("/calendar/2027/announce", {"text": YEAR, "do": "preview"})
    assert shown.context["preview"]["effect"].moved == 1
    client.post("/calendar/2027/announce", {
        "text": YEAR, "do": "announce", "seen": shown.context["seen"]})
    assert not Case.objects.filter(due_provisional=True).exists()


@pytest.mark.parametrize(("text", "said"), [
    ("", "不是 JSON"), ("{", "不是 JSON"), ("[" * 100_000, "不是 JSON"), ("[]", "最外层"),
    (YEAR.replace("2027-01-01", "2027-13-01"), "第 1 行"), ("x" * 200_001, "文件太大"),
    (YEAR.replace('"year": 2027', '"year": 2028'), "2028"),
])
def test_a_bad_year_file_comes_back(town: Town, text: str, said: str) -> None:
    answer = sign_in("adjudicator").post("/calendar/2027/announce", {"text": text})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_file_may_be_uploaded(town: Town) -> None:
    client = sign_in("adjudicator")
    good = SimpleUploadedFile("2027.json", b"\xef\xbb\xbf" + YEAR.encode())
    assert client.post("/calendar/2027/announce", {"file": good}).context["preview"]
    bad = SimpleUploadedFile("2027.json", b"\xff\xfe\x00")
    answer = client.post("/calendar/2027/announce", {"file": bad})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()


def test_one_day_is_changed(town: Town) -> None:
    client = sign_in("adjudicator")
    given = {"day": "2026-04-20", "does": "off", "name": "三月三", "name_en": "Festival",
             "source": "县府通知", "seen": "0"}
    assert client.post("/calendar/2026/day", given | {"day": "2027-04-20"}).status_code == 422
    assert client.post("/calendar/2026/day", given | {"name": ""}).status_code == 422
    assertRedirects(client.post("/calendar/2026/day", given), "/calendar/2026")
    assert "三月三" in client.get("/calendar/2026").content.decode()
    assert client.post("/calendar/2026/day", given).status_code == 409
    assert {client.get(f"/calendar/{year}").status_code for year in (1999, 2200, 10**30)} == {404}
    assert client.get("/calendar/2026/day?day=%00x").status_code == 200


def test_a_deadline_is_tried_out(town: Town) -> None:
    client = sign_in("adjudicator")
    page = client.get("/calendar?kind=working_hours&since=2022-03-11T16:30&amount=4")
    said = page.content.decode()
    assert "2022-03-14" in said
    assert "当日计" in said
    for kind, since, amount in (("moons", "2022-03-11T16:30", "4"), ("working_days", "soon", "4"),
                                ("working_days", "2022-03-11", "1e400"),
                                ("working_days", "2022-03-11", "-1"),
                                ("working_days", "2022-03-11", "0.5")):
        answer = client.get("/calendar", {"kind": kind, "since": since, "amount": amount})
        assert answer.status_code == 422, (kind, since, amount)
        assert "aria-invalid" in answer.content.decode()
