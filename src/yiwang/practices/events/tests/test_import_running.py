"""Runs: no row lost, the last of a number wins, a kill changes nothing, the trail proves it."""

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from yiwang.kernel.cases.bulk import count_finished
from yiwang.kernel.cases.models import Case, Hold, Reporter, Tally
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import search
from yiwang.kernel.records.models import OutboxMessage, TrailEntry
from yiwang.kernel.records.sealed import seal
from yiwang.kernel.work import keep_house
from yiwang.practices.events.importing import running, uploads
from yiwang.practices.events.importing.forgetting import forget_imports
from yiwang.practices.events.importing.rejects import rejected_table
from yiwang.practices.events.models import ImportRun, RejectedRow

from .import_files import begun, brought_in, made_source, row, run_all, taught, write_csv

pytestmark = pytest.mark.django_db


def numbered(count: int, **cells: str) -> list[tuple[str, ...]]:
    return [row(编号=f"N{place:04}", **cells) for place in range(count)]


def test_historic_cases_come_with_outcome_trail_and_odds(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [
        row(), row(编号="A2", 是否按时="超时", 村社="-", 备注="原样留着")])
    taught(path, at)
    run = brought_in(path, at)
    assert (run.added, run.rejected, run.state) == (2, 0, ImportRun.State.DONE)
    first, second = Case.objects.order_by("number")
    assert first.number == "OLD-2024-000001"
    assert (first.state, first.is_open, first.late) == ("closed", False, False)
    assert first.handler is not None
    assert (first.handler.name, first.channel) == ("城管中队", "hotline")
    assert (first.area, first.kind) == ("330299001001", "OLD/01.01")
    assert first.external_id == "OLD/A1"
    assert first.opened_at == datetime(2024, 3, 1, tzinfo=at.tzinfo)
    assert (second.area, second.late) == ("330299001", True)
    assert second.facts["source"]["columns"] == {"备注": "原样留着"}
    assert Tally.objects.get(area="330299001001").finished == 1
    assert search.find("占道") == [second.id, first.id]
    assert OutboxMessage.objects.count() == 0
    assert prove().faults == ()


def test_importing_twice_changes_nothing(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", numbered(3))
    taught(path, at)
    brought_in(path, at)
    before = TrailEntry.objects.filter(stream__startswith="case/").count()
    again = brought_in(path, at)
    assert (again.added, again.unchanged) == (0, 3)
    assert TrailEntry.objects.filter(stream__startswith="case/").count() == before


def test_the_last_of_a_number_wins_across_chunks(tmp_path: Path, at: datetime) -> None:
    rows = [row(编号="X", 处置单位="甲队"), row(编号="X", 处置单位="乙队"), *numbered(4),
            row(编号="X", 处置单位="丙队", 是否按时="超时")]
    path = write_csv(tmp_path / "a.csv", rows)
    taught(path, at)
    with patch.object(running, "CHUNK", 2):
        run = brought_in(path, at)
    assert (run.added, run.changed, run.superseded) == (5, 0, 2)
    case = Case.objects.get(external_id="OLD/X")
    assert case.handler is not None
    assert (case.handler.name, case.late, case.version) == ("丙队", True, 1)
    assert {t.team.name: t.finished for t in Tally.objects.select_related("team")} == {
        "丙队": 1, "城管中队": 4}
    assert brought_in(path, at).unchanged == 5


def test_a_last_row_that_cannot_be_read_beats_nothing(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row(), row(上报时间="")])
    taught(path, at)
    run = brought_in(path, at)
    assert (run.added, run.superseded, run.rejected) == (1, 0, 1)


def test_a_change_of_team_moves_the_odds(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row(编号="X"), row(编号="Y", 处置单位="乙队")])
    taught(path, at)
    brought_in(path, at)
    brought_in(write_csv(tmp_path / "b.csv", [row(编号="X", 处置单位="乙队")]), at)
    assert {t.team.name: t.finished for t in Tally.objects.select_related("team")} == {
        "城管中队": 0, "乙队": 2}
    assert prove().faults == ()


def test_a_later_file_updates_through_the_trail(tmp_path: Path, at: datetime) -> None:
    first = write_csv(tmp_path / "a.csv", [row()])
    taught(first, at)
    brought_in(first, at)
    run = brought_in(write_csv(tmp_path / "b.csv", [row(是否按时="超时")]), at)
    case = Case.objects.get()
    assert (run.changed, case.late, case.version) == (1, True, 2)
    last = TrailEntry.objects.filter(stream=f"case/{case.id}").latest("seq")
    assert (last.verb, last.changes, last.note) == (
        "import_again", {"late": True}, {"run": str(run.pk)})


def test_bad_rows_are_named_and_can_be_downloaded(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    taught(path, at)
    bad = write_csv(tmp_path / "b.csv", [
        row(编号="3.3E+11"), row(编号="B2", 上报时间="soon", 是否按时="?"),
        row(编号="B3", 处置单位="无名队", 备注="=1+1"), row(编号="B4", 村社="无名村"),
        row(编号="B5")])
    run = brought_in(bad, at)
    assert (run.added, run.rejected) == (1, 4)
    named = {reject.row: {p["column"] for p in reject.problems}
             for reject in RejectedRow.objects.all()}
    assert named == {2: {"编号"}, 3: {"上报时间", "是否按时"}, 4: {"处置单位"}, 5: {"村社"}}
    table = list(csv.DictReader(io.StringIO("".join(rejected_table(run)).removeprefix("\ufeff"))))
    assert [line["行"] for line in table] == ["2", "3", "4", "5"]
    assert table[2]["备注"] == "'=1+1"
    assert "yiwang learn" in table[2]["怎么办"]


def test_every_row_is_accounted_for(tmp_path: Path, at: datetime) -> None:
    rows = [*numbered(5), row(编号=""), row(编号="N0001"), tuple("" for _ in row())]
    path = write_csv(tmp_path / "a.csv", rows)
    taught(path, at)
    run = brought_in(path, at)
    assert run.total == 8
    assert (run.added, run.superseded, run.rejected) == (5, 1, 1)  # and one blank row


class KilledError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(
    "dies_at",
    [
        [("import_cases", 0)], [("import_cases", 1), ("import_cases", 0)], [("sort_rows", 2)],
        [("read_event", 4)], [("read_event", 15)], [("rejected", 0)], [("_finish", 0)],
        [("sort_rows", 1), ("import_cases", 2), ("_finish", 0)],
    ],
)
def test_killed_anywhere_and_resumed_gives_the_same(
    tmp_path: Path, at: datetime, dies_at: list[tuple[str, int]]
) -> None:
    rows = [*numbered(7), row(编号="N0002", 是否按时="超时"), row(编号="bad", 上报时间="")]
    path = write_csv(tmp_path / "a.csv", rows)
    taught(path, at)
    with patch.object(running, "CHUNK", 2):
        for name, count in dies_at:
            _die(path, at, name, count)
        run = brought_in(path, at)
    assert (run.total, run.added, run.superseded, run.rejected) == (9, 7, 1, 1)
    assert [c.external_id for c in Case.objects.order_by("number")] == [
        "OLD/N0000", "OLD/N0001", *(f"OLD/N{place:04}" for place in range(3, 7)), "OLD/N0002"]
    assert Case.objects.filter(version=1).count() == 7
    assert RejectedRow.objects.filter(row=10).count() == 1
    assert prove().faults == ()


def _die(path: Path, at: datetime, name: str, count: int) -> None:
    """Run until the ``count``-th call of a step, which ends the process before and after it."""
    real, calls = getattr(running, name), iter(range(100))

    def step(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if next(calls) == count:
            raise KilledError
        return result

    with patch.object(running, name, step), suppress(KilledError):
        brought_in(path, at)


def test_open_events_come_as_work_to_dispatch(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row(), row(编号="A2", 是否按时="")])
    taught(path, at)
    brought_in(path, at)
    waiting = Case.objects.get(external_id="OLD/A2")
    assert (waiting.state, waiting.is_open, waiting.handler_id) == ("reported", True, None)
    assert waiting.due_at is not None
    assert waiting.due_at > at
    assert Hold.objects.get(case=waiting).until is None
    assert OutboxMessage.objects.count() == 1


def test_as_open_brings_everything_as_work(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", numbered(2))
    taught(path, at)
    brought_in(path, at, as_open=True)
    assert Case.objects.filter(is_open=True, state="reported", handler=None).count() == 2
    assert prove().faults == ()


def test_a_case_worked_on_here_is_not_overwritten(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row(是否按时="")])
    taught(path, at)
    brought_in(path, at)
    run = brought_in(write_csv(tmp_path / "b.csv", [row()]), at)
    assert run.rejected == 1
    assert Case.objects.get().is_open


def test_rows_outside_the_importers_area_are_rejected(
    tmp_path: Path, at: datetime, actor: Callable[..., Any]
) -> None:
    path = write_csv(tmp_path / "a.csv", [row(), row(编号="A2", 镇街="西山镇", 村社="坡上村")])
    taught(path, at)
    run = brought_in(path, at, by=actor("dispatcher", area="330299001"))
    assert (run.added, run.rejected) == (1, 1)
    assert RejectedRow.objects.get().row == 3


def test_numbers_have_no_gaps_over_years_and_chunks(tmp_path: Path, at: datetime) -> None:
    rows = [row(编号=f"N{n}", 上报时间=f"{2023 + n % 2}-05-01") for n in range(9)]
    path = write_csv(tmp_path / "a.csv", rows)
    taught(path, at)
    with patch.object(running, "CHUNK", 4):
        brought_in(path, at)
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [*(f"OLD-2023-{n:06}" for n in range(1, 6)),
                       *(f"OLD-2024-{n:06}" for n in range(1, 5))]


def test_queries_of_a_chunk_do_not_grow_with_its_rows(
    tmp_path: Path, at: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    path = write_csv(tmp_path / "a.csv", numbered(60))
    taught(path, at)
    run = begun(path, at)
    # Rows go in by batches of what SQLite takes in one statement (about 27 cases).
    with django_assert_max_num_queries(40):
        running.advance(run, by=SYSTEM, at=at)


def test_the_trail_of_a_run(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    taught(path, at)
    run = run_all(begun(path, at), at)
    verbs = TrailEntry.objects.filter(stream=running.stream_of(run)).values_list("verb", flat=True)
    assert list(verbs.order_by("seq")) == ["receive_file", "begin_import", "finish_import"]


def test_tallies_never_fall_below_nothing(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    taught(path, at, made_source())
    brought_in(path, at)
    tally = Tally.objects.get()
    key = (tally.practice, tally.kind, tally.area, tally.team_id)
    count_finished({key: -3})
    tally.refresh_from_db()
    assert tally.finished == 0


def test_what_nobody_needs_any_more_is_forgotten(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [*numbered(2), row(编号="")])
    taught(path, at)
    run = brought_in(path, at)
    assert run.rejects.count() == 1
    waiting = ImportRun.objects.create(
        file_name="b.csv", path=str(uploads.folder() / "b"), digest="b", layout={},
        started_by="system", started_at=at)
    Path(waiting.path).write_text("x")
    assert forget_imports(at=at + timedelta(days=7)) == (0, 0)
    assert forget_imports(at=at + timedelta(days=7, seconds=1)) == (1, 0)
    assert not Path(waiting.path).exists()
    assert forget_imports(at=at + timedelta(days=91)) == (0, 1)
    assert ImportRun.objects.get() == run
    assert Case.objects.count() == 2
    assert forget_imports(at=at + timedelta(days=900)) == (0, 0)


def test_the_worker_forgets_by_itself(tmp_path: Path, at: datetime) -> None:
    path = write_csv(tmp_path / "a.csv", [*numbered(2), row(编号="")])
    taught(path, at)
    brought_in(path, at)
    closed = Case.objects.order_by("number")[0]
    Case.objects.filter(pk=closed.pk).update(closed_at=at)
    Reporter.objects.create(case=closed, name_sealed=seal("王某"))
    keep_house(at + timedelta(days=91))
    assert not RejectedRow.objects.exists()
    assert not Reporter.objects.exists()
