"""What two instances are asked in their own data: runs in an instance's hand."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.exchange.models import Handed, PeerMessage
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import RESIDENT, ROLES, SYSTEM, Actor, Grant
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.files import store_photo
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.records.sealed import seal

__all__ = ["case", "pictures", "report", "settle", "standing", "step"]
COUNTY, TOWN = "330206", "330206005"


def settle(code: str, name: str, name_en: str) -> str:
    """The units of an instance, and a team that works."""
    at = timezone.now()
    Unit.objects.create(code=code, name=name, name_en=name_en)
    team = Team.objects.create(code="work", name="办理组", kind="office", unit_code=code,
                               since=at.date())
    return str(team.pk)


def report() -> str:
    """A resident's report with a photo and a number to call; the case's id."""
    at, buffer = timezone.now(), io.BytesIO()
    new = NewCase("events", "event", "XP", "GB2021/E.05.06", "积水", "人行道积水", "resident", TOWN,
                  {"address": "霞浦中路 12 号"})
    made = open_case(new, by=RESIDENT, at=at)
    Reporter.objects.create(case=made, name_sealed=seal("王芳"), phone_sealed=seal("13800001234"))
    Image.new("RGB", (640, 480), "teal").save(buffer, "JPEG")
    attach_photos(made, [store_photo(buffer, name="1.jpg")], stage="report", by=SYSTEM, at=at)
    return str(made.pk)


def case() -> Case:
    """The one case there is."""
    return Case.objects.select_related("handler", "holder").get()


def step(move: str, role: str, **given: Any) -> str:
    """Make a move of the one case as somebody in a role; its state after it."""
    team = Team.objects.get()
    bound = team.pk if ROLES[role].team_bound else None
    by = Actor(f"person/{role}", role, (Grant(role, ROLES[role].capabilities, "", "", bound),),
               frozenset({team.pk}))
    filled = {name: str(team.pk) if value == "{team}" else value for name, value in given.items()}
    return make_move(case(), move, by=by, at=timezone.now(), given=filled).state


def standing() -> dict[str, Any]:
    """Where the exchange stands."""
    handed = Handed.objects.order_by("at").last()
    return {
        "cases": Case.objects.count(), "reporters": Reporter.objects.count(),
        "state": case().state if Case.objects.exists() else "",
        "number": case().number if Case.objects.exists() else "",
        "handed": handed.state if handed else "", "theirs": handed.their_number if handed else "",
        "tries": max((m.tries for m in PeerMessage.objects.all()), default=0),
        "faults": len(prove().faults),
    }


def pictures() -> list[list[str]]:
    """Each picture's hash as it came, and as it is kept."""
    return [[one.captured_digest, one.stored_digest] for one in Attachment.objects.all()]
