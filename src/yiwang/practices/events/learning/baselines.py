"""What a suggestion must beat: the majority of cases alike, and logistic regression."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from typing import Any

from yiwang.algorithms.owners import Odds, Seen
from yiwang.algorithms.owners.features import Fields, key_of

from .scores import MOST

# Sub-type and street; where nobody had one, ever wider.
BACK_OFF: tuple[Fields, ...] = (
    ("narrow", "town"), ("narrow",), ("middle", "town"), ("middle",), ("wide",), ())
COLUMNS = ("wide", "middle", "narrow", "town", "village", "channel", "nature")


def by_majority(learned: Sequence[Seen], asked: Sequence[Seen]) -> list[list[Odds]]:
    """Those who had most cases of the sub-type in the street, filled up from wider contexts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case in learned:
        for fields in BACK_OFF:
            counts[key_of(fields, case)][case.owner] += 1
    return [_most(case, counts) for case in asked]


def _most(case: Seen, counts: dict[str, Counter[str]]) -> list[Odds]:
    found: dict[str, float] = {}
    for fields in BACK_OFF:
        here = counts.get(key_of(fields, case), Counter())
        for owner, often in sorted(here.items(), key=lambda pair: (-pair[1], pair[0])):
            found.setdefault(owner, often / here.total())
        if len(found) >= MOST:
            break
    return [Odds(owner, odds) for owner, odds in list(found.items())[:MOST]]


def by_logistic_regression(
    learned: Sequence[Seen], asked: Sequence[Seen], *, month: bool = False
) -> list[list[Odds]] | None:
    """Multinomial, one column for each value; ``None`` where scikit-learn is not installed."""
    if find_spec("sklearn") is None:
        return None
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    columns = DictVectorizer()
    known = columns.fit_transform([_columns(case, month) for case in learned])
    model = LogisticRegression(max_iter=300).fit(known, [case.owner for case in learned])
    chances = model.predict_proba(columns.transform([_columns(case, month) for case in asked]))
    return [_likeliest(row, model.classes_) for row in chances]


def by_logistic_regression_and_month(
    learned: Sequence[Seen], asked: Sequence[Seen]
) -> list[list[Odds]] | None:
    """The same with the month of the case: as ours, it may know when a case was."""
    return by_logistic_regression(learned, asked, month=True)


def _columns(case: Seen, month: bool) -> dict[str, str]:
    told = {name: getattr(case, name) for name in COLUMNS}
    return told | ({"month": date.fromordinal(case.day).isoformat()[:7]} if month else {})


def _likeliest(row: Any, owners: Any) -> list[Odds]:
    best = sorted(range(len(row)), key=lambda at: -row[at])[:MOST]
    return [Odds(str(owners[at]), float(row[at])) for at in best]
