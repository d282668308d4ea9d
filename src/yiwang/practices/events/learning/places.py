"""Units of a foreign table: streets and communities get made codes under a declared prefix."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.places.models import Unit, UnitType
from yiwang.kernel.records import trail

from .survey import Place

MADE = "由导入文件学得，编码自编 / learned from an imported file, code made up"
# Last three digits by kind of unit (GB/T 10114 and the statistics codes; docs/field.md, units).
_TOWNS: tuple[tuple[str, str, int], ...] = (
    ("镇", UnitType.Kind.TOWN, 100), ("乡", UnitType.Kind.TOWNSHIP, 200),
    ("", UnitType.Kind.SUBDISTRICT, 1),
)
_VILLAGES: tuple[tuple[str, str, int], ...] = (
    ("村", UnitType.Kind.VILLAGE, 200), ("", UnitType.Kind.COMMUNITY, 1),
)
_COUNTY = UnitType.Kind.COUNTY


class UnitBook:
    """Units under a prefix by name, with the codes still free; writes what is missing."""

    def __init__(self, prefix: str, *, since: date, by: Actor, at: datetime) -> None:
        self.prefix, self.since, self.by, self.at = prefix, since, by, at
        units = Unit.objects.filter(within(prefix, "code")).order_by("code")
        self.names = dict(units.values_list("code", "name"))
        self.made = 0

    def ensure_root(self, name: str) -> None:
        """The unit of the prefix itself."""
        if self.prefix not in self.names:
            kind = _kind(name, _TOWNS)[0] if len(self.prefix) == 9 else _COUNTY
            self._make(self.prefix, name, kind)

    def ensure(self, streets: Iterable[str], communities: Iterable[Place]) -> None:
        """Every street, then every community under its own."""
        for street in streets:
            self.code_of(self.prefix, street, _TOWNS)
        for street, community in communities:
            self.code_of(self.code_of(self.prefix, street, _TOWNS), community, _VILLAGES)

    def code_of(self, above: str, name: str, kinds: tuple[tuple[str, str, int], ...]) -> str:
        """The code of a name under another unit, made where there is none."""
        if len(above) == 9 and kinds is _TOWNS:
            return above  # the prefix is the street itself
        length = len(above) + 3
        for code, called in self.names.items():
            if called == name and len(code) == length and code.startswith(above):
                return code
        kind, first = _kind(name, kinds)
        code = next(code for number in range(first, 1000)
                    if (code := f"{above}{number:03}") not in self.names)
        self._make(code, name, kind)
        return code

    def place_of(self, street: str, community: str) -> str:
        """The code of a place as named; the prefix where nothing is named."""
        if not street:
            return self.prefix
        code = self.code_of(self.prefix, street, _TOWNS)
        return self.code_of(code, community, _VILLAGES) if community else code

    def unit_named_in(self, name: str) -> str:
        """The unit a team's name speaks of: 城管办（坑梓街道办事处） is of 坑梓街道."""
        told = [code for code, called in self.names.items()
                if called in name and code != self.prefix]
        return max(told, key=lambda code: (len(self.names[code]), code), default=self.prefix)

    @transaction.atomic
    def _make(self, code: str, name: str, kind: str) -> None:
        unit = Unit.objects.create(code=code, name=name)
        UnitType.objects.create(unit=unit, kind=kind, since=self.since, source=MADE)
        trail.append(f"unit/{code}", verb="learn_unit", by=self.by.ref, at=self.at,
                     changes={"code": code, "name": name, "kind": kind}, note={"source": MADE})
        self.names[code] = name
        self.made += 1


def _kind(name: str, kinds: tuple[tuple[str, str, int], ...]) -> tuple[str, int]:
    plain = re.sub(r"(村民|居民)?委员会$", "", name)
    return next((kind, first) for ending, kind, first in kinds if plain.endswith(ending))
