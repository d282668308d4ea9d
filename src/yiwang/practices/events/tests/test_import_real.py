"""The whole of a real district's year, where it lies beside the project; nothing of it is kept."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db.models import Sum

from yiwang.kernel.cases.linter import Ground, lint
from yiwang.kernel.cases.models import Case, DispatchRule, Kind, Tally
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.people.models import Team
from yiwang.kernel.places.models import Unit
from yiwang.practices.events.models import RejectedRow

from .import_files import brought_in, made_source, taught

ROWS = 8034  # issue 2: 8,034 events, no row lost


@pytest.mark.django_db
def test_a_districts_year_comes_in_with_no_row_lost(district: Path, at: datetime) -> None:
    learned = taught(district, at, made_source("OLD", "440310"))
    assert (learned.rows, learned.unreadable) == (ROWS, 0)
    # The file writes “-” where a street, a community or a unit is not known.
    assert (learned.streets, learned.communities, learned.units) == (6, 23, 153)
    assert learned.classes == (18, 131, 356)
    run = brought_in(district, at)
    assert (run.added, run.rejected, run.superseded) == (ROWS, 0, 0)
    assert not RejectedRow.objects.exists()
    assert Case.objects.filter(is_open=False, external_id__startswith="OLD/").count() == ROWS
    assert Case.objects.filter(late=True).count() == 758
    assert Tally.objects.aggregate(all=Sum("finished"))["all"] == ROWS - 17  # 17 name no unit
    proof = prove()
    assert (proof.cases, proof.faults) == (ROWS, ())
    assert learned.fit.covered == learned.fit.cases
    assert learned.fit.right / learned.fit.cases > 0.6
    _check_rules(at)


def _check_rules(at: datetime) -> None:
    from yiwang.kernel.cases.dispatch import rules_for

    codes = list(Kind.objects.filter(list="OLD").values_list("code", flat=True))
    kinds = [code for code in codes if code.count(".") == 2]
    areas = list(Unit.objects.filter(code__startswith="440310").values_list("code", flat=True))
    ground = Ground(kinds, [area for area in areas if len(area) == 12])
    assert lint(rules_for("events"), ground, on=at.date()) == []
    assert DispatchRule.objects.count() < 2 * Team.objects.count()
