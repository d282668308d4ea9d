"""Services of another endpoint as classes: ours where our list knows the code, else its own list.

The source's list (``BOSTON/4f38…``) is history: nobody may report under it here. Its codes keep
letters and digits, other signs become ``_``; the source's own code stays with each case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Kind, KindList
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail
from yiwang.practices.events.kinds import PRACTICE, service_code_of, translate
from yiwang.practices.events.models import ImportSource

FIRST_DAY = date(1980, 1, 1)  # as importing.values.EARLIEST
LONGEST_CODE, LONGEST_NAME = 38, 80  # with the list's code, models.Kind.code and .name
_SIGNS = re.compile(r"[^\w-]")
Service = tuple[str, str]  # code and name


@dataclass
class Services:
    """What a source's service codes stand for here; ``learn`` first, then ask."""

    source: ImportSource
    kinds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: ImportSource) -> "Services":
        """Our classes by service code, and the ones this source brought before."""
        codes = Kind.objects.filter(list__practice=PRACTICE).values_list("code", flat=True)
        return cls(source, {service_code_of(code): translate(code) for code in codes})

    def kind_of(self, code: str) -> str:
        """The class of a service code; the list itself where a request names none."""
        if not code:
            return self.source.kind_list
        return self.kinds.get(code) or self.kinds[service_code_of(self._own(code))]

    def learn(self, services: Iterable[Service], *, by: Actor, at: datetime) -> None:
        """Make classes of the services nobody knows yet, inside the chunk's transaction."""
        new = {self._own(code): name or code for code, name in services
               if code and code not in self.kinds}
        new = {code: name for code, name in new.items()
               if service_code_of(code) not in self.kinds}
        if not new:
            return
        own_list(self.source, on=at.date()).save()
        Kind.objects.bulk_create(
            [Kind(code=code, list_id=self.source.kind_list, name=name[:LONGEST_NAME],
                  name_en=name[:LONGEST_NAME]) for code, name in new.items()],
            ignore_conflicts=True)
        trail.append(f"kinds/{PRACTICE}", verb="learn_services", by=by.ref, at=at,
                     changes={"list": self.source.kind_list, "kinds": new})
        self.kinds |= {service_code_of(code): code for code in new}
        forget_kinds()

    def _own(self, code: str) -> str:
        return f"{self.source.kind_list}/{_SIGNS.sub('_', code)[:LONGEST_CODE]}"


def own_list(source: ImportSource, *, on: date) -> KindList:
    """The source's list, to be saved; raises ``Refusal`` where the name is that of another list."""
    said = f"Open311: {source.code}"
    known = KindList.objects.filter(code=source.kind_list).first()
    if known is not None and known.source != said:
        raise Refusal(
            "import_list",
            Words("“{list}”是另一张类别表，不能装进别处的服务。",
                  "“{list}” is another class list; foreign services do not go into it.").filled(
                list=source.kind_list),
            Words("用 --list 给这个来源另起一个名。", "Name a list for this source with --list."),
            field="kind_list")
    return known or KindList(
        code=source.kind_list, practice=PRACTICE, name=f"{source.code} 的服务",
        name_en=f"services of {source.code}", since=FIRST_DAY, until=on - timedelta(days=1),
        source=said)
