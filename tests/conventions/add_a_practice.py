"""Run by test_add_a_practice in a process of its own: a town with street lamps, one lamp mended."""

import json
from datetime import date

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from yiwang.kernel.cases.moves import make_move  # noqa: E402
from yiwang.kernel.cases.opening import NewCase, open_case  # noqa: E402
from yiwang.kernel.cases.playbook_store import declare  # noqa: E402
from yiwang.kernel.people.models import Person, Term  # noqa: E402
from yiwang.kernel.people.queries import actor_for  # noqa: E402
from yiwang.kernel.people.rules import SYSTEM  # noqa: E402
from yiwang.kernel.practice import practices  # noqa: E402
from yiwang.kernel.records.models import TrailEntry  # noqa: E402
from yiwang.kernel.records.trail import broken_links  # noqa: E402

call_command("migrate", verbosity=0)
at = timezone.now()
for practice in practices:
    declare(practice.playbooks, by=SYSTEM, at=at)

person = Person.objects.create(account="desk", name="调度员")
Term.objects.create(person=person, role="dispatcher", area="330206005", since=date(2026, 1, 1))
dispatcher = actor_for(person, at.date())

new = NewCase("lamps", "lamp", "LD", "OWN/lamp", "12 号路灯不亮", "", "desk", "330206005221")
case = open_case(new, by=dispatcher, at=at)
due = case.due_at

client = Client(SERVER_NAME="127.0.0.1")
client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
page = client.get(reverse("lamps-list"))
case = make_move(case, "mend", by=dispatcher, at=at, given={"done": "换灯泡一只"})

entries = TrailEntry.objects.filter(stream=f"case/{case.id}").order_by("stream", "seq")
print(json.dumps({
    "status": page.status_code,
    "page": page.content.decode(),
    "number": case.number,
    "due": due is not None,
    "state": case.state,
    "is_open": case.is_open,
    "verbs": [entry.verb for entry in entries],
    "broken": broken_links(entries),
}))
