"""From counts to odds: back-off along each chain, chains weighed, roles made units again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .features import CHAINS, FORMS, SETS, Seen, key_of
from .names import owner_of
from .tables import Weights

HALVES = (10.0, 60.0)  # days; what an office did lately, and what it does in the long run
FORM_HALVES = (5.0,)  # days; how a unit is written changes at once, by decree
BACK_OFF = 0.5  # cases a context must outweigh, for each label it has
FORM_BACK_OFF = 1.0  # the same for the ways a role is written
EXPERTS = len(CHAINS) * len(HALVES)
Shares = dict[str, float]


@dataclass(frozen=True, slots=True)
class Odds:
    """A unit, and how likely it is to finish the case (0–1)."""

    owner: str
    odds: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What is counted in the contexts of one case: roles without their spelling, and spellings."""

    bases: Callable[[str], Weights]
    forms: Callable[[str], Weights]


@dataclass(slots=True)
class Known:
    """The units there are, and the ways each base is written."""

    owners: set[str] = field(default_factory=set)
    roles: dict[str, set[str]] = field(default_factory=dict)

    def add(self, owner: str, role: str, base: str) -> None:
        """A unit that was seen."""
        self.owners.add(owner)
        self.roles.setdefault(base, set()).add(role)


def experts(case: Seen, ground: Ground) -> list[Shares]:
    """What each chain says at each half-life, as shares of bases."""
    weights = {fields: ground.bases(key_of(fields, case)) for fields in SETS}
    return [_backed_off([weights[fields] for fields in chain], at)
            for chain in CHAINS for at in range(len(HALVES))]


def _backed_off(levels: Sequence[Weights], at: int) -> Shares:
    """The narrowest level first; what its count is too thin for is left to the next wider."""
    shares: Shares = {}
    left = 1.0
    for level in reversed(levels):
        total = sum(weights[at] for weights in level.values())
        if total <= 0:
            continue
        trust = total / (total + BACK_OFF * len(level))
        for base, weights in level.items():
            shares[base] = shares.get(base, 0.0) + left * trust * weights[at] / total
        left *= 1 - trust
    return shares


def odds_of(
    case: Seen, ground: Ground, known: Known, weighing: Sequence[float]
) -> list[Odds]:
    """Every unit that may be, likeliest first; of equals the one whose name comes first."""
    mixed: Shares = {}
    for weight, shares in zip(weighing, experts(case, ground), strict=True):
        for base, share in shares.items():
            mixed[base] = mixed.get(base, 0.0) + weight * share
    return _ordered(_as_units(case, mixed, ground, known))


def _as_units(case: Seen, mixed: Shares, ground: Ground, known: Known) -> Shares:
    spelled = [ground.forms(key_of(fields, case)) for fields in FORMS]
    units: Shares = {}
    for base, share in mixed.items():
        for role, part in _spelling(known.roles.get(base, ()), spelled).items():
            owner = owner_of(role, case.town, case.village)
            if owner in known.owners:
                units[owner] = units.get(owner, 0.0) + share * part
    return units


def _spelling(roles: Iterable[str], spelled: Sequence[Weights]) -> Shares:
    """How likely each way of writing a base is just now, here and from this source."""
    names = sorted(roles)
    shares = dict.fromkeys(names, 1 / max(len(names), 1))
    for level in spelled:
        seen = {role: level[role][0] for role in names if role in level}
        total = sum(seen.values())
        below = total + FORM_BACK_OFF
        shares = {role: (seen.get(role, 0.0) + FORM_BACK_OFF * shares[role]) / below
                  for role in names}
    return shares


def _ordered(units: Shares) -> list[Odds]:
    total = sum(units.values())
    found = sorted(units.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Odds(owner, share / total) for owner, share in found if share > 0]


def weighed(foretold: Sequence[Sequence[float]], *, rounds: int = 60) -> list[float]:
    """Weights of experts by what each gave to what then happened (expectation–maximisation)."""
    weights = [1 / EXPERTS] * EXPERTS
    useful = [row for row in foretold if any(row)]
    for _ in range(rounds if useful else 0):
        gained = [0.0] * EXPERTS
        for row in useful:
            whole = sum(weight * share for weight, share in zip(weights, row, strict=True))
            if whole <= 0:
                continue
            for at, share in enumerate(row):
                gained[at] += weights[at] * share / whole
        total = sum(gained) or 1.0
        weights = [gain / total for gain in gained]
    return weights
