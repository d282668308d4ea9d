"""Every registered address, filled in with the things of one sub-district, and asked for."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from tests.conventions.test_routes import walk
from tests.permissions.two_towns import GIVEN, KIND, Side

HOLE = re.compile(r"<\w+:(\w+)>")
NOT_A_CODE = "AAAAAAAAAA"  # who holds a follow code may see that case: nobody here does
# What stands for a parameter: the name of a thing of the side, of which the key is taken.
THINGS = {"case_id": "case", "case": "case", "other": "closed", "photo": "photo",
          "filter_id": "filter", "hook_id": "hook", "key_id": "key", "peer_id": "peer",
          "proposal_id": "proposal", "report_id": "report", "run_id": "run",
          "team_id": "team", "term_id": "term"}
PLAIN = {"form": "csv", "year": "2026", "act": "end", "rest": "nothing", "move": "submit",
         "member": "nobody", "power": "1", "delivery_id": "1", "message_id": "1",
         "name": "cases", "token": NOT_A_CODE, "secret": NOT_A_CODE}
CODES = {"unit": "unit", "cell": "cell", "api-cell": "cell", "playbook": "event",
         "framework": "141", "follow": NOT_A_CODE, "figure": "events.open",
         "api-figure": "events.open", "open311-definition": KIND.replace("/", "-")}
CLOSED = {401, 403, 404, 405}
FORMS = {"open311": "json", "monthly-report-file": "docx"}


@dataclass(frozen=True)
class Route:
    """An address by name, with its path as registered and what opens it."""

    name: str
    path: str
    door: str

    @property
    def is_public(self) -> bool:
        return self.door.startswith("public: ")

    @property
    def is_of_keys(self) -> bool:
        return self.door.startswith("key: ")

    @property
    def is_about_a_thing(self) -> bool:
        """Whether the address names something of one side that others have no business with."""
        names = set(HOLE.findall(self.path))
        return bool(names & {*THINGS, "person_id"}) or (self._is_rule and "number" in names)

    @property
    def _is_rule(self) -> bool:
        return self.name.startswith("dispatch-rule")

    def of(self, side: Side) -> str:
        """The address of that side's thing; KeyError where nothing stands for a parameter."""
        return "/" + HOLE.sub(lambda hole: str(self._fill(hole[1], side)), self.path)

    def _fill(self, name: str, side: Side) -> Any:
        if name == "code":
            code = next(code for start, code in CODES.items() if self.name.startswith(start))
            return {"unit": side.code, "cell": side.cell}.get(code, code)
        if name == "number":
            return side.things["rule" if self._is_rule else "case"].number
        if name == "person_id":
            return side.people["worker"].pk
        if name == "form":
            return next((f for start, f in FORMS.items() if self.name.startswith(start)), "csv")
        return side.things[THINGS[name]].pk if name in THINGS else PLAIN[name]


ROUTES = [Route(route.name or "", path, route.callback.opens_to)  # type: ignore[attr-defined]
          for path, route in walk(get_resolver().url_patterns)]
BY_NAME = {route.name: route for route in ROUTES}


def questions(side: Side) -> dict[str, str]:
    """Everything a list may be narrowed by, asking for that side's."""
    return {"q": side.mark, "tab": "open", "area": side.code, "by": "area", "key": side.code,
            "team": str(side.things["team"].pk), "unit": side.code, "number": "",
            "account": side.people["worker"].account, "on": "2026-03-02",
            "case": side.things["case"].number, "bbox": "121,29,122,30"}


def typed(side: Side) -> dict[str, Any]:
    """A form that names that side's things wherever a form could."""
    case = side.things["case"]
    return {**GIVEN, "version": str(case.version), "case": str(case.pk), "move": "submit",
            "step": "submit", "lot": [str(case.pk)], f"version-{case.pk}": str(case.version),
            "go": "1", "team": str(side.things["team"].pk), "reason": "理由", "name": "新名",
            "area": side.code, "unit_code": side.code, "role": "leader", "since": "2026-01-01",
            "source": "文件", "households": "9", "account": "somebody-new",
            "person": str(side.people["worker"].pk), "kind": "town", "text": "话", "seen": "1"}


def ask(client: Client, method: str, address: str, more: Mapping[str, Any],
        look: Callable[[], Any] = lambda: None, headers: Mapping[str, str] | None = None) -> Any:
    """One question, and then everything is as it was: nothing asked here stays.

    ``answer.said`` is all the answer says, ``answer.left`` what ``look`` saw right after it.
    """
    kept: Any = client.cookies.copy()
    with transaction.atomic():
        answer: Any = getattr(client, method.lower())(address, more or None, headers=headers)
        answer.said = said_by(answer)
        answer.left = look() if answer.status_code not in CLOSED else None
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


def said_by(answer: Any) -> str:
    """Everything an answer says: body, headers, the inside of a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + repr(sorted(answer.headers.items()))
