"""The pages of the system and the security administrator, on both sides of their scope."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.rules import ROLES, SYSTEM, Actor
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal

TOWN, NEXT_TOWN = "330206005", "330206006"
GOOD = "Mianbao-2026-xia"

pytestmark = pytest.mark.django_db
Enter = Callable[..., Client]


def make(account: str, unit: str = TOWN, name: str = "王小二", phone: str = "") -> Person:
    return actions.add_person(
        account=account, name=name, unit_code=unit, phone=phone, by=SYSTEM, at=now())


@pytest.fixture(autouse=True)
def town() -> None:
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("system_admin", {"people", "people/new", "teams", "teams/new"}),
        ("security_admin", {"people", "teams", "terms"}),
        ("auditor", {"people", "teams", "audit", "audit.csv"}),
        ("dispatcher", set()),
        ("leader", set()),
    ],
)
def test_each_administrator_has_their_own_doors(enter: Enter, role: str, opens: set[str]) -> None:
    client = enter(role)
    pages = ("people", "people/new", "teams", "teams/new", "terms", "audit", "audit.csv")
    opened = {page for page in pages if client.get(f"/{page}").status_code == 200}
    assert opened == opens
    assert all(client.get(f"/{page}").status_code == 403 for page in pages if page not in opens)


def test_the_list_ends_where_the_scope_ends(enter: Enter) -> None:
    ours, theirs = make("ours", name="𠮷田"), make("theirs", NEXT_TOWN, "外人")
    client = enter("system_admin")
    page = client.get("/people").content.decode()
    assert "𠮷田" in page
    assert "霞浦街道" in page
    assert "外人" not in page
    assert client.get("/people?q=外人").content.decode().count("没有找到") == 1
    assert client.get(f"/people/{ours.pk}").status_code == 200
    for tail in ("", "/details", "/password"):
        assert client.get(f"/people/{theirs.pk}{tail}").status_code == 404
    for tail in ("/close", "/reopen", "/phone"):
        assert client.post(f"/people/{theirs.pk}{tail}").status_code == 404
    assert client.get(f"/people/{uuid4()}").status_code == 404
    assert Person.objects.get(account="theirs").is_active


def test_the_list_is_paged_and_searched_without_more_queries(
    enter: Enter, same_queries: Callable[..., int]
) -> None:
    client, made = enter("system_admin"), iter(range(1000))
    assert same_queries(lambda: make(f"p{next(made):03}"), lambda: client.get("/people")) <= 6
    for number in range(60):
        make(f"q{number:03}", name="张三")
    first = client.get("/people")
    assert len(first.context["rows"]) == 50
    assert 'rel="next"' in first.content.decode()
    second = client.get(f"/people?after={first.context['more']}")
    assert not {p for p, _ in first.context["rows"]} & {p for p, _ in second.context["rows"]}
    assert len(client.get("/people?q=q01").context["rows"]) == 10
    assert client.get("/people?q=%00&after=%00").status_code == 200


def test_a_person_is_made_and_typing_is_kept(enter: Enter) -> None:
    client = enter("system_admin")
    typed = {"account": "lisi", "name": "李四", "unit_code": "霞浦", "phone": "13800138000",
             "start_password": GOOD}
    answer = client.post("/people/new", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是区划或网格编码" in page
    assert 'value="lisi"' in page
    assert 'value="李四"' in page
    assert 'value="霞浦"' in page
    assert 'aria-invalid="true"' in page
    assert GOOD not in page, "a password is never sent back"
    answer = client.post("/people/new", typed | {"unit_code": TOWN})
    person = Person.objects.get(account="lisi")
    assert answer["Location"] == f"/people/{person.pk}"
    assert person.must_change_password
    assert client.post("/people/new", typed | {"unit_code": NEXT_TOWN, "account": "x2x"}
                       ).status_code == 422
    assert not Person.objects.filter(account="x2x").exists()


def test_a_phone_is_masked_until_somebody_asks(enter: Enter) -> None:
    person = make("lisi", phone="13800138000")
    client = enter("system_admin")
    page = client.get(f"/people/{person.pk}").content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "13800138000" in client.post(f"/people/{person.pk}/phone").content.decode()
    assert TrailEntry.objects.filter(stream=f"person/{person.pk}", verb="phone_shown").count() == 1
    hidden = enter("security_admin")
    assert hidden.post(f"/people/{person.pk}/phone").status_code == 403
    client.post(f"/people/{person.pk}/details",
                {"name": "李四", "unit_code": TOWN, "phone": "138****8000"})
    person.refresh_from_db()
    assert (person.name, unseal(person.phone_sealed)) == ("李四", "13800138000")
    client.post(f"/people/{person.pk}/details", {"name": "李四", "unit_code": TOWN, "phone": ""})
    person.refresh_from_db()
    assert unseal(person.phone_sealed) == ""


def test_an_account_is_closed_reopened_and_given_a_start_password(enter: Enter) -> None:
    person, client = make("lisi"), enter("system_admin")
    client.post(f"/people/{person.pk}/close")
    assert "停用" in client.get(f"/people/{person.pk}").content.decode()
    client.post(f"/people/{person.pk}/reopen")
    weak = client.post(f"/people/{person.pk}/password", {"start_password": "password12"})
    assert weak.status_code == 422
    client.post(f"/people/{person.pk}/password", {"start_password": GOOD})
    person.refresh_from_db()
    assert person.is_active
    assert person.check_password(GOOD)
    me = Actor(f"person/{person.pk}")
    actions.start_second_factor(person, by=me, at=now())
    assert "清除两步验证" in client.get(f"/people/{person.pk}").content.decode()
    client.post(f"/people/{person.pk}/second-factor")
    assert "清除两步验证" not in client.get(f"/people/{person.pk}").content.decode()
    own = Person.objects.get(account__startswith="system-admin")
    assert client.post(f"/people/{own.pk}/close").status_code == 409
    assert client.post(f"/people/{own.pk}/second-factor").status_code == 409


def test_the_security_administrator_grants_and_ends(enter: Enter) -> None:
    person, client = make("lisi"), enter("security_admin")
    typed = {"role": "office", "area": "330206005200", "practice": "", "team": "",
             "since": localdate().isoformat(), "until": ""}
    answer = client.post(f"/people/{person.pk}/roles", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "要选机构" in page
    assert "330206005200" in page
    team = actions.add_team(code="cj", name="城建办", kind="office", unit_code=TOWN,
                            since=localdate(), by=SYSTEM, at=now())
    client.post(f"/people/{person.pk}/roles", typed | {"team": str(team.pk)})
    term = Term.objects.get(person=person)
    assert (term.role, term.team) == ("office", team)
    assert "城建办" in client.get("/terms").content.decode()
    assert client.post(f"/terms/{term.pk}/end", {"last_day": "soon"}).status_code == 422
    assert client.post(f"/terms/{term.pk}/end", {"last_day": ""})["Location"] == "/terms"
    term.refresh_from_db()
    assert term.until == localdate() - timedelta(days=1)
    assert "城建办" not in client.get("/terms").content.decode()
    assert "城建办" in client.get("/terms?all=1").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"area": NEXT_TOWN}, "不能授权"),
        ({"area": "33020"}, "不是区划或网格编码"),
        ({"role": "emperor"}, "格式不对"),
        ({"since": "2026-02-30"}, "格式不对"),
        ({"until": "2001-01-01"}, "不能早于开始日"),
        ({"team": "no-team"}, "格式不对"),
        ({"practice": "no-practice"}, "格式不对"),
    ],
)
def test_a_grant_out_of_reach_is_refused_in_place(
    enter: Enter, changed: dict[str, str], said: str
) -> None:
    person, client = make("lisi"), enter("security_admin")
    typed = {"role": "leader", "area": TOWN, "since": localdate().isoformat()} | changed
    answer = client.post(f"/people/{person.pk}/roles", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not person.terms.exists()


def test_terms_outside_the_scope_are_out_of_sight(enter: Enter) -> None:
    client, other = enter("security_admin"), make("other", NEXT_TOWN, "外人")
    term = actions.grant_term(
        other, role="leader", area=NEXT_TOWN, since=localdate(), by=SYSTEM, at=now())
    assert "外人" not in client.get("/terms").content.decode()
    assert client.get(f"/terms/{term.pk}/end").status_code == 404
    assert client.get(f"/people/{other.pk}/roles").status_code == 404
    assert client.get("/terms?role=x&before=y&all=2").status_code == 200


def test_the_terms_are_listed_without_more_queries(
    enter: Enter, same_queries: Callable[..., int]
) -> None:
    client, made, roles = enter("security_admin"), iter(range(99)), ("leader", "dispatcher")

    def add() -> None:
        number = next(made)
        actions.grant_term(make(f"p{number:03}"), role=roles[number % 2], area=TOWN,
                           since=localdate(), by=SYSTEM, at=now())

    assert same_queries(add, lambda: client.get("/terms")) <= 6


def test_teams(enter: Enter) -> None:
    client = enter("system_admin")
    typed = {"code": "城建", "name": "城建办", "name_en": "Works office", "kind": "office",
             "unit_code": TOWN, "since": "2026-01-01"}
    assert "代码为" in client.post("/teams/new", typed).content.decode()
    client.post("/teams/new", typed | {"code": "cj"})
    team = Team.objects.get(code="cj")
    assert "城建办" in client.get("/teams").content.decode()
    member = make("lisi", name="成员")
    actions.grant_term(member, role="office", area=TOWN, team=team, since=localdate(),
                       by=SYSTEM, at=now())
    assert "成员" in client.get(f"/teams/{team.pk}").content.decode()
    assert client.post(f"/teams/{team.pk}", {"last_day": "2025-12-31"}).status_code == 422
    client.post(f"/teams/{team.pk}", {"last_day": "2026-01-31"})
    assert "已撤" in client.get("/teams").content.decode()
    theirs = actions.add_team(code="t2", name="外", kind="other", unit_code=NEXT_TOWN,
                              since=localdate(), by=SYSTEM, at=now())
    assert client.get(f"/teams/{theirs.pk}").status_code == 404
    seen_only = enter("auditor")
    assert seen_only.post(f"/teams/{team.pk}", {"last_day": "2026-01-01"}).status_code == 422


CHINESE = frozenset(chr(code) for code in range(0x4E00, 0x9FFF))


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_english_pages_are_english(enter: Enter, role: str) -> None:
    Unit.objects.all().delete()
    client = enter(role, language="en")
    own = Person.objects.get(account__startswith=role.replace("_", "-"))
    pages = ["/people", "/people/new", "/teams", "/teams/new", "/terms", "/audit", "/account",
             "/account/password", "/account/second-factor", "/account/second-factor/remove",
             f"/people/{own.pk}", f"/people/{own.pk}/details", f"/people/{own.pk}/roles"]
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200:
            body = answer.content.decode().split("<body", 1)[1].replace("中文", "")
            left = "".join(one if one in CHINESE else " " for one in body).split()
            assert not left, (page, left)


def test_every_role_has_a_title_in_the_form(enter: Enter) -> None:
    person, client = make("lisi"), enter("security_admin")
    page = client.get(f"/people/{person.pk}/roles").content.decode()
    assert all(role.title.zh in page for role in ROLES.values())
