"""Signing in: the way in, the lock, the second step, how long a session holds."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import localtime, now
from django_otp.oath import TOTP

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SecondFactor, SignIn
from yiwang.kernel.people.queries import key_of
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN,
    SIGN_IN_PACE,
    SignInRules,
    is_old,
    session_is_over,
)
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal
from yiwang.shell import middleware
from yiwang.shell.web.people_shown import device_named

GOOD = "Mianbao-2026-xia"
TOWN = "330206005"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    made = actions.add_person(account="lisi", name="李四", unit_code=TOWN, by=SYSTEM, at=now())
    made.set_password(GOOD)
    made.password_set_at = now()
    made.save()
    return made


def enter(client: Client, password: str = GOOD, account: str = "lisi", **more: str) -> Any:
    return client.post("/sign-in", {"account": account, "password": password, **more})


def verbs(person: Person) -> list[str]:
    found = TrailEntry.objects.filter(stream=f"person/{person.pk}").order_by("seq")
    return list(found.values_list("verb", flat=True))[1:]


def test_the_way_in_and_out(client: Client, person: Person) -> None:
    assert client.get("/account")["Location"] == "/sign-in?next=/account"
    answer = enter(client, account=" LiSi ", next="/account")
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 302
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302
    assert verbs(person) == ["signed_in", "signed_out"]


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_it_leads_to_no_other_site(client: Client, person: Person, page: str) -> None:
    assert enter(client, next=page)["Location"] == "/"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_password_keeps_the_account_typed(
    client: Client, person: Person, language: str
) -> None:
    client.cookies["language"] = language
    wrong = enter(client, "wrong")
    unknown = enter(client, "wrong", account="nobody")
    for answer, account in ((wrong, "lisi"), (unknown, "nobody")):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'value="{account}"' in page
        assert "wrong\"" not in page
        assert ("账号或密码不对" in page) is (language == "zh")
        assert ("Account or password is wrong" in page) is (language == "en")
    assert verbs(person) == ["sign_in_failed"]
    entry = TrailEntry.objects.get(stream="sign-in/unknown")
    assert entry.note["account"] == "no…"


def test_empty_fields_are_named(client: Client, person: Person) -> None:
    page = client.post("/sign-in", {"account": "lisi"}).content.decode()
    assert "请填写" in page
    assert 'value="lisi"' in page


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    client: Client, person: Person
) -> None:
    for _ in range(4):
        assert enter(client, "wrong").status_code == 422
    answer = enter(client, "wrong")
    assert answer.status_code == 429
    opens = f"{localtime(now() + timedelta(minutes=15)):%H:%M}"
    before = f"{localtime(now() + timedelta(minutes=14, seconds=58)):%H:%M}"
    assert opens in answer.content.decode() or before in answer.content.decode()
    assert enter(client).status_code == 429, "the right password does not help now"
    assert client.get("/account").status_code == 302
    assert set(verbs(person)) == {"sign_in_failed"}


def test_a_closed_account_stays_out_at_once(client: Client, person: Person) -> None:
    enter(client)
    assert client.get("/account").status_code == 200
    actions.deactivate_person(person, by=SYSTEM, at=now())
    assert client.get("/account").status_code == 302
    assert enter(client).status_code == 422


def test_a_revoked_role_is_gone_at_the_next_request(client: Client, person: Person) -> None:
    term = actions.grant_term(
        person, role="auditor", area=TOWN, since=localtime().date(), by=SYSTEM, at=now())
    enter(client)
    assert client.get("/audit").status_code == 200
    actions.end_term(term, by=SYSTEM, at=now())
    assert client.get("/audit").status_code == 403


def test_a_start_password_opens_one_page_only(client: Client, person: Person) -> None:
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now())
    assert enter(client, GOOD + "s", next="/people")["Location"] == "/account/password"
    for page in ("/account", "/people", "/"):
        assert client.get(page)["Location"] == "/account/password"
    assert client.get("/account/password").status_code == 200
    same = client.post("/account/password", {"old": GOOD + "s", "new": GOOD + "s"})
    assert same.status_code == 422
    assert "要与现在的不同" in same.content.decode()
    done = client.post("/account/password", {"old": GOOD + "s", "new": GOOD + "n"})
    assert done["Location"] == "/account"
    assert client.get("/account").status_code == 200


def test_only_so_many_sessions(person: Person) -> None:
    clients = [Client() for _ in range(SIGN_IN.sessions + 1)]
    for one in clients:
        enter(one)
    reached = [one.get("/account").status_code for one in clients]
    assert reached == [302] + [200] * SIGN_IN.sessions
    assert SignIn.objects.filter(person=person).count() == SIGN_IN.sessions


def test_signing_out_elsewhere(person: Person) -> None:
    here, there = Client(), Client()
    enter(there)
    enter(here)
    here.post("/account/other-sessions")
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_a_new_password_ends_the_other_sessions(person: Person) -> None:
    here, there = Client(), Client()
    enter(there)
    enter(here)
    here.post("/account/password", {"old": GOOD, "new": GOOD + "n"})
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert SignIn.objects.get().session_key == here.session.session_key


@pytest.mark.parametrize(
    ("rested", "begun", "holds"), [(3, 3, True), (5, 5, False), (1, 13, False)]
)
def test_a_session_ends_by_itself(
    client: Client, person: Person, rested: int, begun: int, holds: bool
) -> None:
    enter(client)
    session = client.session
    session[middleware.SEEN] = (now() - timedelta(hours=rested)).timestamp()
    session[middleware.BEGUN] = (now() - timedelta(hours=begun)).timestamp()
    session.save()
    assert (client.get("/account").status_code == 200) is holds
    if not holds:
        assert verbs(person)[-1] == "signed_out"
        said = client.get("/sign-in").content.decode()
        assert ("太久没有操作" in said) or ("12 小时" in said)


def test_administrators_rest_less(client: Client, person: Person) -> None:
    actions.grant_term(
        person, role="auditor", area=TOWN, since=localtime().date(), by=SYSTEM, at=now())
    enter(client)
    assert client.session[middleware.IDLE] == SIGN_IN.idle_administrator.total_seconds()


def test_a_page_that_refreshes_itself_is_nobody_at_the_keys(
    client: Client, person: Person
) -> None:
    enter(client)
    session = client.session
    session[middleware.SEEN] = (now() - timedelta(minutes=5)).timestamp()
    session.save()
    client.get("/account", headers={"X-Live": "1"})
    assert client.session[middleware.SEEN] == session[middleware.SEEN]
    client.get("/account")
    assert client.session[middleware.SEEN] > session[middleware.SEEN]


def code_of(person: Person, at: datetime) -> str:
    totp = TOTP(bytes.fromhex(unseal(SecondFactor.objects.get(person=person).key_sealed)))
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


def switch_on(client: Client, person: Person) -> list[str]:
    page = client.get("/account/second-factor").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    factor = SecondFactor.objects.get(person=person)
    assert key_of(factor) == "".join(page.split("<code>")[1].split("</code>")[0].split())
    wrong = client.post("/account/second-factor", {"code": "000000x"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.content.decode()
    shown = client.post("/account/second-factor", {"code": code_of(person, now())})
    codes = shown.context["codes"]
    assert len(codes) == SIGN_IN.recovery_codes
    return list(codes)


def test_the_second_factor(client: Client, person: Person) -> None:
    enter(client)
    codes = switch_on(client, person)
    client.post("/sign-out")
    assert enter(client, next="/account")["Location"] == "/sign-in/code"
    assert client.get("/account").status_code == 302, "the password alone opens nothing"
    used = client.post("/sign-in/code", {"code": code_of(person, now())})
    assert used.status_code == 422, "a code works once"
    done = client.post("/sign-in/code", {"code": codes[0].upper()})
    assert done["Location"] == "/account"
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    enter(client)
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 422
    SecondFactor.objects.update(last_step=-1)
    assert client.post("/sign-in/code", {"code": code_of(person, now())}).status_code == 302
    said = verbs(person)
    assert said.count("recovery_code_used") == 1
    assert said.count("sign_in_failed") == 2


def test_wrong_codes_lock_the_second_step(person: Person) -> None:
    at = now()
    me = Actor(f"person/{person.pk}")
    actions.start_second_factor(person, by=me, at=at)
    codes = actions.confirm_second_factor(person, code_of(person, at), by=me, at=at)
    for _ in range(SIGN_IN.second_step_failures):
        assert not actions.use_second_factor(person, "nonsense", by=me, at=at)
    assert not actions.use_second_factor(person, codes[0], by=me, at=at)
    later = at + SIGN_IN.second_step_lock
    assert actions.use_second_factor(person, codes[0], by=me, at=later)
    assert actions.use_second_factor(person, code_of(person, later), by=me, at=later)
    assert not actions.use_second_factor(person, code_of(person, later), by=me, at=later)


def test_the_second_factor_goes_with_the_password_only(client: Client, person: Person) -> None:
    enter(client)
    old = switch_on(client, person)
    new = client.post("/account/recovery-codes").context["codes"]
    assert not set(old) & set(new)
    assert client.post("/account/second-factor/remove", {"password": "x"}).status_code == 422
    assert SecondFactor.objects.exists()
    client.post("/account/second-factor/remove", {"password": GOOD})
    assert not SecondFactor.objects.exists()
    assert not person.recovery_codes.exists()


def test_the_second_step_waits_only_so_long(client: Client, person: Person) -> None:
    enter(client)
    switch_on(client, person)
    client.post("/sign-out")
    enter(client)
    session = client.session
    session["second_step"] = session["second_step"] | {"at": (now() - timedelta(1)).timestamp()}
    session.save()
    assert client.post("/sign-in/code", {"code": code_of(person, now())})["Location"] == "/sign-in"


def test_a_signed_in_page_costs_three_queries(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    enter(client)
    client.get("/account")
    request = RequestFactory().get("/", headers={"cookie": client.cookies.output(
        attrs=[], header="", sep=";")})

    def view(asked: HttpRequest) -> HttpResponse:
        return HttpResponse(str(asked.actor.ref))  # type: ignore[attr-defined]

    stack = SessionMiddleware(AuthenticationMiddleware(middleware.ReaderMiddleware(view)))
    with django_assert_num_queries(3):
        answer: Any = stack(request)
    assert answer.content.decode() == f"person/{person.pk}"


def test_a_visitor_costs_none(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/sign-in").status_code == 200


def test_the_person_s_language_speaks_where_no_choice_was_made(person: Person) -> None:
    person.language = "en"
    person.save()
    client = Client()
    enter(client)
    assert "My account" in client.get("/account").content.decode()
    assert client.cookies["language"].value == "en"


def test_a_choice_of_language_is_remembered(client: Client, person: Person) -> None:
    enter(client)
    client.post("/language", {"language": "en", "next": "/account"})
    person.refresh_from_db()
    assert person.language == "en"
    assert verbs(person)[-1] == "language_chosen"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537 Edg/130",
         "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile MicroMessenger/8", "WeChat · Android"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_device_is_named_shortly(agent: str, name: str) -> None:
    assert device_named(agent) == name


def test_a_fragment_is_sent_to_the_sign_in_page_whole(client: Client) -> None:
    answer = client.get("/people", headers={
        "HX-Request": "true", "HX-Current-URL": "http://testserver/people?q=x"})
    assert (answer.status_code, answer["HX-Redirect"]) == (
        401, "/sign-in?next=/people%3Fq%3Dx")


def test_numbers_out_of_bounds_are_no_rules() -> None:
    for wrong in ({"sessions": 0}, {"idle": timedelta(hours=13)}, {"password_length": 4}):
        with pytest.raises(ValueError, match=":"):
            SignInRules(**wrong)


def test_an_old_password_is_reminded_of() -> None:
    at = now()
    assert not is_old(None, at)
    assert not is_old(at - timedelta(days=90), at)
    assert is_old(at - timedelta(days=91), at)
    assert not session_is_over(at, at, SIGN_IN.idle, at)


def test_a_start_password_runs_out(client: Client, person: Person) -> None:
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now() - SIGN_IN.start_password)
    answer = enter(client, GOOD + "s")
    assert answer.status_code == 422
    assert "初始密码已过期" in answer.content.decode()
    assert client.get("/account").status_code == 302
    assert TrailEntry.objects.filter(verb="sign_in_failed").get().note["why"] == "start_over"
    actions.set_start_password(person, GOOD + "t", by=SYSTEM, at=now() - timedelta(days=2))
    assert enter(client, GOOD + "t")["Location"] == "/account/password"


def test_every_sign_in_has_a_session_of_its_own(client: Client, person: Person) -> None:
    client.cookies["sessionid"] = "chosen0by0somebody0else000000000"
    enter(client)
    first = client.session.session_key
    client.post("/sign-out")
    enter(client)
    second = client.session.session_key
    assert len({first, second, "chosen0by0somebody0else000000000"}) == 3
    assert first is not None
    assert len(first) == 32
    client.cookies["sessionid"] = first
    assert client.get("/account").status_code == 302, "an ended session opens nothing"


def test_an_administrator_may_leave_the_choice_to_the_system(
    client: Client, person: Person
) -> None:
    boss = actions.add_person(account="boss", name="王五", unit_code=TOWN, by=SYSTEM, at=now())
    actions.grant_term(boss, role="system_admin", area=TOWN, since=localtime().date(),
                       by=SYSTEM, at=now())
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.post(f"/people/{person.pk}/password", {"start_password": ""})
    made = shown.context["password"]
    assert made in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    client.post("/sign-out")
    assert enter(client, made)["Location"] == "/account/password"


def test_one_network_cannot_try_many_accounts(client: Client, person: Person) -> None:
    """Each account below its own lock; another network is not in the way of this one."""
    for number in range(SIGN_IN_PACE.most):
        assert enter(client, "wrong", account=f"nobody{number}").status_code == 422
    refused = enter(client)
    assert refused.status_code == 429
    assert "15 分钟内最多 60 次" in refused.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert enter(elsewhere).status_code == 302


@pytest.mark.parametrize("page", ["/sign-in", "/account/password", "/account/prove"])
def test_passwords_are_typed_behind_dots_and_may_be_pasted(
    client: Client, person: Person, page: str
) -> None:
    if page != "/sign-in":
        enter(client)
    shown = client.get(page).content.decode()
    fields = re.findall(r"<input[^>]*autocomplete=\"(?:current|new)-password\"[^>]*>", shown)
    assert fields
    assert all('type="password"' in field and 'maxlength="128"' in field for field in fields)
    assert not re.search(r"onpaste|autocomplete=\"off\"[^>]*type=\"password\"", shown)


def test_a_long_password_is_taken_as_typed(client: Client, person: Person) -> None:
    long = " " + "Qing-shan 7 绿水 " * 7
    me = Actor(f"person/{person.pk}")
    actions.change_password(person, old=GOOD, new=long, by=me, at=now())
    assert enter(client, long[:72]).status_code == 422
    assert enter(client, long.strip()).status_code == 422
    assert enter(client, long).status_code == 302


def test_a_start_password_leaves_the_second_factor_as_it_is(
    client: Client, person: Person
) -> None:
    enter(client)
    switch_on(client, person)
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now())
    assert client.get("/account").status_code == 302, "its sessions are ended"
    assert enter(client, GOOD + "s")["Location"] == "/sign-in/code"
