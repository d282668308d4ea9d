"""The life of a case as requests: reported, dispatched, resolved, found again."""

import json
import random
import uuid
from collections.abc import Generator
from dataclasses import dataclass

from .wire import Ask, Reply

STEPS = ("create", "assign", "resolve", "search")


class Wrong(Exception):
    """An answer that is not what a user should get; counted as an error."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens: its kind, what is said of it, what will have been done."""

    kind: str
    text: str
    done: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the users know of the town: points inside cells, happenings, offices by account."""

    spots: tuple[tuple[float, float], ...]
    happenings: tuple[Happening, ...]
    roads: tuple[str, ...]
    offices: tuple[tuple[str, str], ...]


def life(
    ground: Ground, chance: random.Random, *, panels: bool = False
) -> Generator[Ask, Reply, None]:
    """One case from its report to the search that finds it; raises ``Wrong`` on a bad answer.

    ``panels``: each step is answered with the case's new panel, as the desk shows it; else with
    a redirect, as a plain form is.
    """
    answer = 200 if panels else 302
    happening = chance.choice(ground.happenings)
    account, team = chance.choice(ground.offices)
    reply = yield Ask("create", "POST", "/r/send", "worker", _report(ground, happening, chance))
    made = json.loads(_fine(reply, 200))
    case, number = made["case"], made["number"]
    reply = yield Ask("assign", "POST", f"/cases/{case}/assign/", "desk",
                      {"team": team, "note": "", "version": "1"}, fragment=panels)
    _fine(reply, answer)
    reply = yield Ask("resolve", "POST", f"/cases/{case}/submit/", account,
                      _outcome(happening, team), fragment=panels)
    _fine(reply, answer)
    reply = yield Ask("search", "GET", f"/search/?q={number.replace('-', '+')}", "desk")
    if number.encode() not in _fine(reply, 200):
        raise Wrong(f"search did not find {number}")


def _fine(reply: Reply, status: int) -> bytes:
    if reply.status != status:
        raise Wrong(f"{reply.status}: {reply.body[:200].decode('utf-8', 'replace')}")
    return reply.body


def _report(ground: Ground, happening: Happening, chance: random.Random) -> dict[str, str]:
    lon, lat = chance.choice(ground.spots)
    return {
        "kind": happening.kind, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "datum": "wgs84",
        "gps_lon": f"{lon:.6f}", "gps_lat": f"{lat:.6f}", "text": happening.text,
        "address": chance.choice(ground.roads), "once_key": str(uuid.uuid4()),
    }


def _outcome(happening: Happening, team: str) -> dict[str, str]:
    return {"result": "solved", "done": happening.done.format(who=team),
            "for_person": "已处理，谢谢反映", "version": "2"}
