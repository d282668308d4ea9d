"""Cases brought to a state through the ordinary moves, by the demo's people.

Runs in a town's hand, never in the process of the tests.
"""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from shapely.geometry import Point, shape
from tests.journeys.phone_code import code_of
from tests.journeys.places import CELL

from yiwang.algorithms.districting.proposal import Address
from yiwang.kernel.cases.may import reporter_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.people.actions import confirm_second_factor, start_second_factor
from yiwang.kernel.people.models import Person, SecondFactor, Team
from yiwang.kernel.people.queries import actor_for, key_of
from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.kernel.places.models import CellShape
from yiwang.practices.events.importing import running, uploads
from yiwang.practices.events.importing.fields import guess_mapping
from yiwang.practices.events.models import ImportRun, ImportSource

RUBBISH = "GB2021/E.01.10"
HEADERS, DAY = "id,created,village,subclass", "2024-03-01"  # a file of another system
CLEAR = {"result": "solved", "done": "张环卫上午十点加派一车清运完毕，冲洗地面两遍，桶位恢复整洁",
         "for_person": "垃圾已清走，谢谢反映"}
THIN = {**CLEAR, "done": "已联系相关部门进一步跟进处理"}
REFUSAL = {"clause": "duty", "reason": "法定职责在别的单位"}

# What happened up to a state: (move, who, given); {own} and {other} are teams.
PATHS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "reported": (),
    "assigned": (("assign", "diaodu", {"team": "{own}"}),),
    "working": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {})),
    "refused": (("assign", "diaodu", {"team": "{own}"}),
                ("refuse", "huanwei", {**REFUSAL, "team": "{other}"})),
    "disputed": (("assign", "diaodu", {"team": "{own}"}),
                 ("refuse", "huanwei", {**REFUSAL, "team": "{other}"}),
                 ("assign", "diaodu", {"team": "{own}"}),
                 ("refuse", "huanwei", {**REFUSAL, "team": "{other}"})),
    "asking": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {}),
               ("ask_extension", "huanwei", {"reason": "清运车送修，明早回来"})),
    "review": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {}),
               ("submit", "huanwei", THIN)),
    "checking": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {}),
                 ("submit", "huanwei", CLEAR)),
    "closed": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {}),
               ("submit", "huanwei", CLEAR), ("pass", "diaodu", {"opinion": "现场整洁"})),
    "county": (("assign", "diaodu", {"team": "{own}"}), ("accept", "huanwei", {}),
               ("hand_up", "diaodu", {"reason": "超出街道权限"})),
    "rejected": (("reject", "diaodu", {"whose": "12345", "reason": "不在本街道"}),),
}


def case_in(state: str, title: str, *, kind: str = RUBBISH) -> None:
    """Open a case and bring it to ``state``; prints what a journey needs to know of it."""
    at = timezone.now()
    teams = {team.code: str(team.id) for team in Team.objects.all()}
    said = {"{own}": teams["huanwei"], "{other}": teams["zhifa"]}
    case = opened(title, kind, at)
    for code, account, given in PATHS[state]:
        filled = {name: said.get(value, value) for name, value in given.items()}
        case = make_move(case, code, by=acting(account), at=at, given=filled)
    tell(case)


def opened(title: str, kind: str, at: datetime) -> Case:
    """A resident's report in ``CELL``, on a point inside it."""
    spot = shape(CellShape.objects.filter(cell_id=CELL)[0].geometry).representative_point()
    columns = {"longitude": spot.x, "latitude": spot.y, "datum": "wgs84", "address": "霞南东路"}
    new = NewCase("events", "event", "XP", kind, title, "垃圾堆到桶外，有异味。", "resident",
                  CELL, columns)
    return open_case(new, by=RESIDENT, at=at)


def acting(account: str) -> Actor:
    """Somebody of the demo town, as of today."""
    return actor_for(Person.objects.get(account=account), timezone.localdate())


def tell(case: Case) -> None:
    """Print what is known of a case as JSON."""
    names = ("id", "number", "title", "state", "follow_code", "version")
    print(json.dumps({name: str(getattr(case, name)) for name in names}))


def rated(title: str) -> None:
    """A closed case with its stars."""
    case_in("closed", title)
    case = Case.objects.get(title=title)
    make_move(case, "rate", by=reporter_of(case), at=timezone.now(), given={"stars": "4"})


def holes() -> None:
    """One of everything a page's address may name, as JSON."""
    from yiwang.kernel.people.models import Term
    from yiwang.kernel.places.models import Power

    found = {"cell": CELL, "power": str(Power.objects.get(unit="330206005").pk)}
    for state in PATHS:
        case_in(state, f"看页面：{state}")
        case = Case.objects.filter(title=f"看页面：{state}").latest("opened_at")
        found[state] = str(case.id)
        found |= {"open_code": case.follow_code} if state == "working" else {}
        found |= {"closed_code": case.follow_code} if state == "closed" else {}
    found |= {"ready": import_in("ready"), "done": import_in("done")}
    person = Person.objects.get(account="chengjian")
    found["proposal"] = proposal_of("330206005003001")
    found |= {"person": str(person.id), "team": str(Team.objects.get(code="huanwei").id),
              "term": str(Term.objects.get(person=person).id), **told()}
    print("\n" + json.dumps(found))


def told() -> dict[str, str]:
    """A webhook with a test behind it, and one peer, in whichever language pages are walked."""
    from yiwang.kernel.exchange.peers import add_peer
    from yiwang.kernel.people.models import Peer
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.webhooks.actions import make_webhook, send_test

    at, key = timezone.now(), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8032, 7.1
    hook, _ = make_webhook("小程序", "https://hooks.example.com/yiwang", [], area="330206005",
                           by=SYSTEM, at=at)
    send_test(hook, by=SYSTEM, at=at)
    known = Peer.objects.filter(name="春晓街道").first()
    peer = known or add_peer("春晓街道", "https://chunxiao.example.com", key, stands="beside",
                             area="330206005", by=SYSTEM, at=at)
    return {"hook": str(hook.pk), "peer": str(peer.pk)}


def points_of(grid: str) -> list[tuple[float, float, int]]:
    """Some dozens of made address points within a grid, with their households."""
    ground = shape(CellShape.objects.get(cell_id=grid, until=None).geometry)
    west, south, east, north = ground.bounds
    across, up = (east - west) / 24, (north - south) / 24
    spots = [Point(west + x * across, south + y * up) for x in range(24) for y in range(24)]
    return [(spot.x, spot.y, nth % 4 + 1)
            for nth, spot in enumerate([one for one in spots if ground.covers(one)][::6])]


def proposal_of(grid: str) -> str:
    """A proposal that waits for a decision: its id. What waited before goes."""
    from yiwang.kernel.places.models import Cell, GridProposal
    from yiwang.kernel.places.proposals.actions import Wanted, drop_proposal, make_proposal

    at, by = timezone.now(), acting("zhuren")
    for old in GridProposal.objects.filter(grid=grid):
        drop_proposal(old.pk, seen=old.version, by=by, at=at)
    addresses = [Address(*point) for point in points_of(grid)]
    return str(make_proposal(Cell.objects.get(code=grid), addresses, Wanted(
        parts=4, seconds=0.2), by=by, at=at).pk)


def import_in(state: str) -> str:
    """A file of another system, ``ready`` to be settled, ``running`` or ``done``: the run's id."""
    path = uploads.folder() / "export.csv"
    path.write_text("\r\n".join((HEADERS, *(f"A{n},{DAY},Xianan,rubbish" for n in range(4)), "")))
    at, by = timezone.now(), acting("diaodu")
    run = running.receive_file(path, file_name=path.name, by=by, at=at)
    if state != "ready":
        source = ImportSource(code="OLD", area="330206005", number_prefix="OLD", kind_list="OLD")
        mapping = guess_mapping(run.layout["headers"])
        run = running.begin(run, source=source, mapping=mapping, by=by, at=at)
    while state == "done" and run.state == ImportRun.State.RUNNING:
        run = running.advance(run, by=by, at=at)
    return str(run.pk)


def factor(account: str, *, on: bool = True) -> None:
    """Somebody's second factor, switched on with the code of their phone, or off."""
    person, at = Person.objects.get(account=account), timezone.now()
    SecondFactor.objects.filter(person=person).delete()
    if on:
        key = key_of(start_second_factor(person, by=acting(account), at=at))
        confirm_second_factor(person, code_of(key), by=acting(account), at=at)


def data() -> None:
    """Names and words the town's people wrote, longest first, as JSON: on any page as they are.

    A name that has an English one is not among them: English readers read that.
    """
    from django.apps import apps

    found: set[str] = set()
    said_in_english: set[str] = set()
    for model in apps.get_app_config("kernel").get_models():
        if model.__name__ in {"Kind", "Playbook", "Limit"}:
            continue
        for row in model._default_manager.values():
            for name, value in row.items():
                if row.get(f"{name}_en"):
                    said_in_english.add(str(value))
                if isinstance(value, str | dict | list) and not row.get(f"{name}_en"):
                    found |= set(texts(value))
    print(json.dumps(sorted(found - said_in_english, key=len, reverse=True)))


def texts(value: Any) -> Any:
    """Every Chinese text within a value of JSON, and its parts between separators."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)
    elif isinstance(value, str) and any("\u3400" <= sign <= "\u9fff" for sign in value):
        yield value


def finish(follow_code: str) -> None:
    """Handle a reported case to its end."""
    at, case = timezone.now(), Case.objects.get(follow_code=follow_code)
    own = str(Team.objects.get(code="huanwei").id)
    for code, account, given in PATHS["closed"]:
        filled = {name: value.format(own=own) for name, value in given.items()}
        case = make_move(case, code, by=acting(account), at=at, given=filled)


def times(case_id: str, verb: str) -> None:
    """How often a verb stands in a case's trail."""
    from yiwang.kernel.records.models import TrailEntry

    print(TrailEntry.objects.filter(stream=f"case/{case_id}", verb=verb).count())
