"""One account signed in at several places in the same moment: how many stay, and who is told."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SignIn
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.people.sign_in_rules import SIGN_IN
from yiwang.kernel.records import trail
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.tests.at_once import empty_trail, together
from yiwang.shell.session_end import EndedSessionMiddleware

GOOD = "Mianbao-2026-xia"


@pytest.fixture
def person(transactional_db: None) -> Iterator[Person]:
    made = actions.add_person(
        account="lisi", name="李四", unit_code="330206005", by=SYSTEM, at=now())
    made.set_password(GOOD)
    made.password_set_at = now()
    made.save()
    yield made
    empty_trail()


def enter(client: Client) -> tuple[Client, int]:
    answer = client.post("/sign-in", {"account": "lisi", "password": GOOD})
    return client, answer.status_code


@pytest.mark.parametrize("more", [0, 1, 3])
@pytest.mark.django_db(transaction=True)
def test_of_sign_ins_at_the_same_moment_as_many_stay_as_the_rule_says(
    person: Person, more: int
) -> None:
    entered = together(SIGN_IN.sessions + more, enter)
    assert {status for _, status in entered} == {302}, "each is let in, in its turn"
    answers = [client.get("/account") for client, _ in entered]
    assert sorted(answer.status_code for answer in answers) == (
        [200] * SIGN_IN.sessions + [302] * more)
    assert SignIn.objects.filter(person=person).count() == SIGN_IN.sessions
    entries = list(TrailEntry.objects.filter(stream=f"person/{person.pk}").order_by("seq"))
    assert trail.broken_links(entries) == []
    assert sum(entry.note.get("sessions_ended", 0) for entry in entries) == more


@pytest.mark.parametrize(("language", "words"), [
    ("zh", "同一账号最多同时在 3 处登录"), ("en", "signed in at 3 places at most")])
@pytest.mark.django_db
def test_whoever_was_crowded_out_reads_why_and_comes_back_to_the_page(
    client: Client, language: str, words: str
) -> None:
    made = actions.add_person(
        account="lisi", name="李四", unit_code="330206005", by=SYSTEM, at=now())
    made.set_password(GOOD)
    made.save()
    client.cookies["language"] = language
    enter(client)
    for _ in range(SIGN_IN.sessions):
        enter(Client())
    sent = client.get("/account")
    assert sent["Location"] == "/sign-in?elsewhere=1&next=/account"
    assert words in client.get(sent["Location"]).content.decode()
    assert words not in client.get("/sign-in").content.decode(), "said once, where it happened"
    assert words not in Client().get(Client().get("/account")["Location"]).content.decode()


@pytest.mark.django_db
def test_a_session_ended_while_its_answer_was_made_leads_to_the_sign_in_page(
    rf: RequestFactory
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        request.session.create()
        Session.objects.all().delete()
        request.session["said"] = "something"
        return HttpResponse("done")

    answer = EndedSessionMiddleware(view)(rf.get("/account"))
    assert isinstance(answer, HttpResponse)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?elsewhere=1&next=/account")
    assert not Session.objects.exists()
