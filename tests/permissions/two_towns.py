"""Two sub-districts side by side with one of everything in each, every private word marked."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case, DispatchRule, Reporter, SavedFilter
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.keys import make_key
from yiwang.kernel.people.models import ApiKey, Peer, Person, Team, Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import ROLES, SEPARATED, SYSTEM
from yiwang.kernel.places.locate import forget
from yiwang.kernel.places.models import Cell, CellShape, GridProposal, Layer, Place, Unit
from yiwang.kernel.places.proposals.today import standing as stands
from yiwang.kernel.practice import practices
from yiwang.kernel.records import trail
from yiwang.kernel.records.files import store_photo
from yiwang.kernel.records.models import Attachment, TrailEntry
from yiwang.kernel.records.sealed import seal
from yiwang.kernel.reports.models import MonthlyReport
from yiwang.kernel.webhooks.actions import make_webhook
from yiwang.kernel.webhooks.models import Webhook
from yiwang.practices.events.kinds import seed_kinds
from yiwang.practices.events.models import ImportRun, ImportSource, RejectedRow
from yiwang.practices.events.tests.ground import picture

SINCE = date(2020, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
KIND = "GB2021/E.05.06"
WORK = ("dispatcher", "adjudicator", "leader", "grid_worker", "village_cadre", "office")
GIVEN = {"result": "solved", "done": "两名工人十时到场清走垃圾两车并冲洗路面，现场已干净",
         "for_person": "已答复"}


@dataclass
class Side:
    """One sub-district: its code, the mark in all its private words, what is in it by name."""

    code: str
    mark: str
    things: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        return f"{self.code}221001"

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.people[who], backend=BACKEND)
        client.cookies["language"] = "zh"
        return client


def lay_out() -> tuple[Side, Side]:
    """Both sides; what each holds is named alike and marked apart."""
    for practice in practices:
        declare(practice.playbooks, by=SYSTEM, at=now())
    seed_kinds(by=SYSTEM, at=now())
    Layer.objects.create(code="governance", name="治理网格", name_en="governance grid")
    Unit.objects.create(code="330206", name="北仑区", name_en="Beilun")
    sides = Side("330206005", "qzours"), Side("330206006", "qztheirs")
    for side, west in zip(sides, (121.86, 121.88), strict=True):
        _ground(side, west)
        _people(side)
        _case(side, west + 0.005)
        _machines(side)
        _papers(side)
    forget()
    forget_kinds()
    return sides


def _ground(side: Side, west: float) -> None:
    for code, name in ((side.code, f"镇{side.code}"), (f"{side.code}221", f"村{side.code}")):
        Unit.objects.create(code=code, name=name, name_en=f"Town {code}")
    for code in (f"{side.code}221", side.cell):
        cell = Cell.objects.create(code=code, layer_id="governance", name=code, since=SINCE)
        ring = [[west, 29.89], [west + 0.01, 29.89], [west + 0.01, 29.9], [west, 29.9],
                [west, 29.89]]
        shape = CellShape.objects.create(cell=cell, since=SINCE, datum="wgs84", geometry={
            "type": "Polygon", "coordinates": [ring]})
    side.things["proposal"] = GridProposal.objects.create(
        grid=cell, shape=shape, stood=stands(cell.code), outside=0, seed=1, seconds=1,
        spots=[[west + 0.002, 29.895, 2], [west + 0.008, 29.895, 3]], part_of=[0, 1],
        made_by=f"做{side.mark}", made_at=now())
    side.things["place"] = Place.objects.create(
        name="菜场", kind="market", area=side.code, longitude=west + 0.005, latitude=29.895)


def _people(side: Side) -> None:
    """One person for each role, and one who holds every role of the work at once."""
    side.things["team"] = team = Team.objects.create(
        code=f"team{side.code}", name=f"科室{side.code}", kind="office", unit_code=side.code,
        since=SINCE)
    # The three administrators in one person, whom no action would let be: for what none may see.
    holders = {role: (role,) for role in ROLES} | {"worker": WORK, "admins": tuple(SEPARATED)}
    for who, roles in holders.items():
        person = Person.objects.create(
            account=f"{who}-{side.mark}", name=f"{who}{side.mark}", unit_code=side.code,
            phone_sealed=seal(phone_of(side)), password_set_at=now())
        side.people[who] = person
        for role in roles:
            Term.objects.create(person=person, role=role, area=side.code, team=team, since=SINCE)
        trail.append(f"person/{person.pk}", verb="add_person", by=SYSTEM.ref, at=now(),
                     changes={"account": person.account})
    side.things["term"] = side.people["worker"].terms.first()


def phone_of(side: Side) -> str:
    """The number everybody of a side answers to; nobody else has it."""
    return f"1381234{side.code[-4:]}"


def _case(side: Side, lon: float) -> None:
    """A case in hand and a closed one, each with everything private a case can have."""
    room = actor_for(side.people["worker"], now().date())
    for name, steps in (("case", ("assign", "accept")), ("closed", ("assign", "submit"))):
        at = now() - timedelta(hours=1)
        new = NewCase("events", "event", f"Q{side.code[-1]}", KIND, f"标题{side.mark}",
                      f"正文{side.mark}", "resident", side.cell,
                      {"address": f"地址{side.mark}", "longitude": lon, "latitude": 29.895})
        case = open_case(new, by=SYSTEM, at=at)
        for move in steps:
            case = make_move(case, move, by=room, at=at, given={
                **GIVEN, "team": str(side.things["team"].pk)})
        Reporter.objects.create(case=case, name_sealed=seal(f"人{side.mark}"),
                                phone_sealed=seal(phone_of(side)))
        side.things[name] = case
    photo = store_photo(picture(), name=f"{side.mark}.jpg")
    kept = attach_photos(side.things["case"], [photo], stage="report", by=SYSTEM, at=now())
    side.things["photo"] = Attachment.objects.get(pk=kept[0])


def _machines(side: Side) -> None:
    scopes = ["cases:read", "cases:write", "places:read", "figures:read", "open311.read",
              "open311.write"]
    key, secret = make_key(f"钥{side.mark}", scopes, area=side.code, by=SYSTEM, at=now())
    assert key.person is not None
    for role in ("dispatcher", "adjudicator", "leader"):
        Term.objects.create(person=key.person, role=role, area=side.code, since=SINCE)
    side.things |= {"key": key, "secret": secret}
    hook, _ = make_webhook(f"钩{side.mark}", f"https://{side.mark}.example/", [],
                           area=side.code, by=SYSTEM, at=now())
    side.things["hook"] = hook


def _papers(side: Side) -> None:
    team, worker = side.things["team"], side.people["worker"]
    side.things["rule"] = DispatchRule.objects.create(
        number=int(side.code[-1]), practice="events", team=team, area=side.code, since=SINCE,
        source=f"据{side.mark}")
    side.things["filter"] = SavedFilter.objects.create(
        person=worker, page="desk", name=f"筛{side.mark}", query="tab=open")
    side.things["peer"] = Peer.objects.create(
        name=f"邻{side.mark}", stands="above", address=f"https://peer-{side.mark}.example",
        area=side.code, key="k", key_id=side.mark, since=now())
    source = ImportSource.objects.create(code=f"s{side.code}", area=side.code, number_prefix="PS",
                                         kind_list="GB2021")
    run = ImportRun.objects.create(
        source=source, file_name=f"{side.mark}.csv", path="/nowhere", digest="0" * 64,
        layout={"headers": ["内容"]}, state=ImportRun.State.DONE, started_by=f"person/{worker.pk}",
        started_at=now(), finished_at=now(), rejected=1)
    RejectedRow.objects.create(run=run, row=2, problems=[], cells={"内容": f"行{side.mark}"})
    side.things["run"] = run
    side.things["report"] = MonthlyReport.objects.create(
        practice="events", area=side.code, month="2026-10", state=MonthlyReport.State.ISSUED,
        asked_by=f"person/{worker.pk}", author=f"拟{side.mark}", as_of=now())


WATCHED = (Case, Attachment, Person, Team, Term, ApiKey, Webhook, DispatchRule, SavedFilter,
           ImportRun, MonthlyReport, Peer, GridProposal)


def standing(side: Side) -> dict[str, Any]:
    """Every row of the side that a stranger's step might change, by table; and its trail."""
    things = [*side.things.values(), *side.people.values()]
    rows = {model.__name__: list(model._default_manager.filter(
        pk__in=[thing.pk for thing in things if isinstance(thing, model)]).order_by("pk").values())
        for model in WATCHED}
    streams = [f"{type(thing).__name__.lower()}/{thing.pk}" for thing in things
               if isinstance(thing, WATCHED)]
    return rows | {
        "trail": TrailEntry.objects.filter(stream__in=streams).count(),
        "shapes": list(CellShape.objects.filter(cell_id=side.cell).values()),
        "roles": Term.objects.filter(area__startswith=side.code).count()}
