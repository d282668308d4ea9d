"""The desk: what stands on it for whom, filters that combine, pages that follow one another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.cases.models import Case, SavedFilter
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.records.models import TrailEntry
from yiwang.practices.events.queries.desk import TABS
from yiwang.practices.events.states import EVENT
from yiwang.practices.events.web.filters import address_of, question_from
from yiwang.shell.tests.case_ground import (
    CELL,
    DONE,
    OTHER_CELL,
    TOWN,
    Town,
    make_town,
    outcome,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def shown(answer: Any) -> list[str]:
    """Ids of the rows of a list, in order."""
    return [part.split('"')[0] for part in answer.content.decode().split('data-id="')[1:]]


def ask(town: Town, who: str, **query: str) -> Any:
    answer = town.client(who).get("/events/", query)
    assert answer.status_code == 200
    return answer


def on_map(town: Town, who: str, **query: str) -> list[str]:
    rows: list[str] = town.client(who).get("/events/map.json", query).json()["rows"]
    return rows


@pytest.mark.parametrize(("who", "first"), [
    ("dispatcher", "待派"), ("adjudicator", "待派"), ("office", "我的"), ("leader", "待审批"),
])
def test_everybody_begins_with_their_own_work(town: Town, who: str, first: str) -> None:
    assert f"<h1>{first} " in ask(town, who).content.decode()


def test_an_office_sees_only_its_own_in_list_map_and_counts(town: Town) -> None:
    mine = town.assigned("city")
    town.assigned("works", title="别的单位的件")
    town.case("还没派的件")
    page = ask(town, "office", tab="open")
    assert shown(page) == [str(mine.id)]
    assert on_map(town, "office", tab="open") == [str(mine.id)]
    assert "全部在办 1" in page.content.decode()


def test_another_town_sees_nothing_of_ours(town: Town) -> None:
    ours, theirs = town.case(), town.case("邻镇的件", area=OTHER_CELL)
    assert shown(ask(town, "stranger", tab="open")) == [str(theirs.id)]
    assert on_map(town, "dispatcher", tab="open") == [str(ours.id)]
    assert "待派 1" in ask(town, "dispatcher").content.decode()


@pytest.mark.parametrize("account", ["", "nobody"])
def test_the_desk_has_a_door(town: Town, client: Any, account: str) -> None:
    for path in ("", "map.json", "cells.json"):
        assert client.get(f"/events/{path}").status_code == 302
    assert client.post("/events/bulk/").status_code == 302


def test_what_stands_in_which_tab(town: Town) -> None:
    city, desk = town.actor("office"), town.actor("dispatcher")
    new, given_ = town.case("新的"), town.assigned("city", title="已派的")
    late = town.case("晚的", at=now() - timedelta(days=10))
    back = make_move(town.assigned("city", title="退回的"), "refuse", by=city, at=now(), given={
        "clause": "duty", "team": str(town.teams["works"].id), "reason": "x"})
    asking = make_move(town.working(title="延期的"), "ask_extension", by=city, at=now(),
                       given={"reason": "等配件"})
    thin = make_move(town.working(title="写得空的"), "submit", by=city, at=now(),
                     given=outcome(done="正在处理"))
    slow = town.working(title="处置晚了的")
    Case.objects.filter(id=slow.id).update(late=True)
    closed = make_move(make_move(town.working(title="结了的"), "submit", by=city, at=now(),
                                 given=outcome()), "pass", by=desk, at=now(), given={})
    tabs = {
        "dispatch": {new, late, back}, "returned": {back}, "overdue": {late, slow},
        "asking": {asking, thin}, "closed": {closed},
        "open": {new, given_, late, back, asking, thin, slow},
    }
    for tab, cases in tabs.items():
        assert set(shown(ask(town, "dispatcher", tab=tab))) == {str(c.id) for c in cases}, tab
    assert set(shown(ask(town, "office", tab="mine"))) == {
        str(given_.id), str(asking.id), str(slow.id)}


def test_filters_combine(town: Town) -> None:
    wanted = town.assigned("city", title="霞浦中路积水")
    town.assigned("works", title="霞浦中路积水")
    town.assigned("city", title="路灯不亮")
    town.assigned("city", title="霞浦中路积水", kind="GB2021/E.01.10")
    found = ask(town, "dispatcher", tab="open", kind="GB2021/E.05", area=f"{TOWN}221",
                team=str(town.teams["city"].id), channel="resident", state="assigned", q="积水",
                since="2020-01-01", until="2099-12-31")
    assert shown(found) == [str(wanted.id)]
    assert shown(ask(town, "dispatcher", tab="open", since="2099-01-01")) == []
    assert shown(ask(town, "dispatcher", tab="open", late="1")) == []


@pytest.mark.parametrize("query", [
    {"tab": "none"}, {"state": "nowhere"}, {"kind": "x" * 10_000}, {"area": "霞浦"},
    {"team": "1"}, {"since": "2026-02-30"}, {"until": "0001-01-01"}, {"channel": "<script>"},
    {"q": "😀" * 5000}, {"q": "\x00"}, {"after": "x~y"},
    {"after": "2026-01-01T00:00:00~" + "0" * 32},
    {"q": '"*^ NEAR('}, {"area": "9" * 30}, {"since": "９９９９"},
])
def test_what_is_not_understood_is_left_out_and_never_breaks(
    town: Town, query: dict[str, str]
) -> None:
    town.case()
    for path in ("/events/", "/events/map.json"):
        assert town.client("dispatcher").get(path, query).status_code == 200
    text = ask(town, "dispatcher", **query).content.decode()
    assert "<script>\"" not in text
    if not {"q", "after"} & set(query):
        assert "没有用来筛选" in text


def test_pages_follow_without_gap_or_double(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.practices.events.queries.desk.page_of.__defaults__", None,
                        raising=False)
    monkeypatch.setitem(_keywords(), "most", 4)
    made = [town.case(f"第 {n} 件") for n in range(8)]
    paused = Case.objects.filter(id__in=[case.id for case in made[:3]])
    paused.update(due_at=None)
    for tab in ("dispatch", "closed"):
        if tab == "closed":
            Case.objects.update(is_open=False)
        seen: list[str] = []
        url = f"/events/?tab={tab}"
        for _ in range(4):
            answer = town.client("dispatcher").get(url)
            seen += shown(answer)
            follow = answer.context["next_url"]
            if not follow:
                break
            url = "/events/" + follow
        assert sorted(seen) == sorted(str(case.id) for case in made), tab
        assert len(set(seen)) == len(seen)


def _keywords() -> dict[str, Any]:
    from yiwang.practices.events.queries import desk

    keywords = desk.page_of.__kwdefaults__
    assert keywords is not None
    return keywords


def test_at_most_twelve_queries_at_one_row_and_at_three(
    town: Town, same_queries: Callable[..., int]
) -> None:
    client = town.client("dispatcher")
    url = f"/events/?tab=open&area={TOWN}221&channel=resident"
    assert same_queries(lambda: town.assigned("city"), lambda: client.get(url)) <= 12


def test_a_map_asks_as_often_for_one_as_for_three(
    town: Town, same_queries: Callable[..., int]
) -> None:
    client = town.client("office")
    get = lambda: client.get("/events/map.json?tab=open")  # noqa: E731
    assert same_queries(lambda: town.assigned("city"), get) <= 8


def test_a_poll_is_answered_304_until_something_changes(town: Town) -> None:
    case = town.case(at=now())
    client = town.client("dispatcher")
    first = client.get("/events/?part=list")
    tag = first["ETag"]
    assert client.get("/events/?part=list", HTTP_IF_NONE_MATCH=tag).status_code == 304
    town.case("新到的")
    again = client.get("/events/?part=list", HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 200
    assert str(case.id) in shown(again)
    assert "<html" not in again.content.decode()


def test_filters_are_kept_by_name_for_their_person_alone(town: Town) -> None:
    client = town.client("dispatcher")
    sent = {"name": "霞南积水", "tab": "open", "area": f"{TOWN}221", "q": "积水"}
    assert client.post("/events/filters/", sent).status_code == 302
    client.post("/events/filters/", sent)
    kept = SavedFilter.objects.get()
    assert "霞南积水" in ask(town, "dispatcher").content.decode()
    assert "霞南积水" not in ask(town, "adjudicator").content.decode()
    assert client.get(f"/events/?{kept.query}").status_code == 200
    town.client("adjudicator").post(f"/events/filters/{kept.id}/")
    assert SavedFilter.objects.exists()
    client.post(f"/events/filters/{kept.id}/")
    assert not SavedFilter.objects.exists()
    assert TrailEntry.objects.filter(verb="drop_filter").count() == 1


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_filter_without_a_good_name_is_refused(town: Town, name: str) -> None:
    answer = town.client("dispatcher").post("/events/filters/", {"name": name, "tab": "open"})
    assert answer.status_code == 422
    assert not SavedFilter.objects.exists()


def test_the_english_desk_is_english(town: Town) -> None:
    town.assigned("city", title="Flooded road")
    text = town.client("dispatcher", "en").get("/events/?tab=open").content.decode()
    for words in ("待派", "筛选", "全部在办", "待签收", "剩", "热线"):
        assert words not in text, words


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tab=st.sampled_from([tab.code for tab in TABS] + ["odd"]),
    state=st.sampled_from(["", "reported", "assigned", "working", "closed", "?"]),
    kind=st.sampled_from(["", "GB2021/E.05", "GB2021/E.01", "GB2021/E.05.06", "GB2021", "GB"]),
    area=st.sampled_from(["", TOWN, CELL, OTHER_CELL, CELL[:14]]),
    words=st.sampled_from(["", "积水", "路灯", "1", "😀"]),
    late=st.sampled_from(["", "1"]), who=st.sampled_from(["dispatcher", "office", "leader"]),
)
def test_list_and_map_always_agree(
    town: Town, tab: str, state: str, kind: str, area: str, words: str, late: str, who: str
) -> None:
    if not Case.objects.exists():
        _some_cases(town)
    query = {"tab": tab, "state": state, "kind": kind, "area": area, "q": words, "late": late}
    rows = shown(ask(town, who, **query))
    assert rows == on_map(town, who, **query)
    reach = {str(id_) for id_ in Case.objects.filter(area__startswith=TOWN)
             .values_list("id", flat=True)}
    assert set(rows) <= reach


def _some_cases(town: Town) -> None:
    for title in ("积水", "路灯不亮", "积水又来"):
        town.case(title)
        town.assigned("city", title=title, kind="GB2021/E.01.10")
        town.assigned("works", title=title)
    town.case("邻镇积水", area=OTHER_CELL)
    closed = make_move(town.working(title="结了的积水"), "submit", by=town.actor("office"),
                       at=now(), given=outcome(done=DONE))
    make_move(closed, "pass", by=town.actor("dispatcher"), at=now(), given={})


_TEXT = st.text(max_size=30)


@settings(deadline=None)
@given(tab=_TEXT, state=_TEXT, kind=_TEXT, area=_TEXT, team=_TEXT, since=_TEXT, q=_TEXT)
def test_any_address_reads_and_comes_back_the_same(**parts: str) -> None:
    from urllib.parse import urlencode

    from django.http import QueryDict

    asked = question_from(QueryDict(urlencode(parts)), first_tab="open").question
    again = question_from(QueryDict(address_of(asked)), first_tab="open")
    assert again.question == asked
    assert not again.wrong


def test_every_state_has_words() -> None:
    assert all(state.label.zh and state.label.en for state in EVENT.states)
