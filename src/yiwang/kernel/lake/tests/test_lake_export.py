"""A lake is what the instance knows: exported twice, killed in between, changed late, the same."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yiwang.kernel.cases.step import commit_step
from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.lake import export as exporting
from yiwang.kernel.lake.changes import GAPS_KEPT, Cursor, cursor_now, months_changed
from yiwang.kernel.lake.engines import on_duckdb
from yiwang.kernel.lake.export import export
from yiwang.kernel.lake.folder import locked
from yiwang.kernel.lake.schema import TABLES, VERSION
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail
from yiwang.kernel.records.models import TrailEntry


@pytest.fixture
def town(db: None, at: datetime, actor: Callable[..., Any]) -> Town:
    """Two cases of March, one of them closed, and an open one of January."""
    town = make_town(at, actor)
    town.closed()
    town.open()
    old = town.open()
    commit_step(old, verb="correct", by=SYSTEM, at=at,
                changes={"opened_at": at - timedelta(days=60)})
    return town


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.glob("**/*.parquet"))}


def cases_in(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.concat_tables(
        pq.ParquetFile(path).read() for path in folder.glob("**/cases.parquet")).to_pylist()
    return rows


def test_a_second_export_finds_nothing_to_do(town: Town, tmp_path: Path) -> None:
    first = export(tmp_path, at=town.at)
    written = bytes_of(tmp_path)
    assert (first.months[0], first.months[-1], first.cases) == ("2026-01", "2026-03", 3)
    assert first.whole
    assert export(tmp_path, at=town.at).months == ()
    assert bytes_of(tmp_path) == written
    assert len(written) == 6  # three tables of January and of March


def test_only_the_month_of_a_changed_case_is_written(town: Town, tmp_path: Path) -> None:
    export(tmp_path, at=town.at)
    late = town.open()
    commit_step(late, verb="rate", by=SYSTEM, at=town.at, changes={"stars": 2})
    assert export(tmp_path, at=town.at).months == ("2026-03",)
    rows = cases_in(tmp_path)
    assert [row["stars"] for row in rows if row["id"] == str(late.id)] == [2]
    assert len({row["id"] for row in rows}) == len(rows) == 4


def test_a_case_leaves_the_month_it_is_moved_from(town: Town, tmp_path: Path) -> None:
    export(tmp_path, at=town.at)
    moved = next(row for row in cases_in(tmp_path) if row["opened_at"].month == 1)
    case = town.open()
    case = type(case).objects.get(id=moved["id"])
    commit_step(case, verb="correct", by=SYSTEM, at=town.at,
                changes={"opened_at": town.at - timedelta(days=30)})
    assert export(tmp_path, at=town.at).months == ("2026-01", "2026-02", "2026-03")
    assert not list(tmp_path.glob("*/month=2026-01"))
    assert sorted(row["opened_at"].month for row in cases_in(tmp_path)) == [2, 3, 3, 3]


def test_a_killed_export_is_done_again_to_the_same_bytes(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    export(killed, at=town.at)
    town.open()

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write_manifest", dies)
        with pytest.raises(KeyboardInterrupt):
            export(killed, at=town.at)
    (killed / "county=330206/month=2026-03/cases.parquet.new").write_bytes(b"half")
    export(killed, at=town.at)
    export(whole, at=town.at)
    assert bytes_of(killed) == bytes_of(whole)
    assert not list(killed.glob("**/*.new"))


def test_an_entry_that_commits_after_a_later_one_is_not_missed(town: Town) -> None:
    before = cursor_now(Cursor(), town.at)
    case = town.open()
    late = TrailEntry.objects.order_by("-id").values_list("id", flat=True)[0] + 5
    entry = trail.compose("unit/1", 1, trail.GENESIS, verb="v", by="system", at=town.at)
    entry.id = late + 5
    entry.save(force_insert=True)
    seen = cursor_now(before, town.at)
    assert seen.gaps[-1][:2] == (late - 4, late + 4)
    slow = trail.compose(f"case/{case.id}", 90, trail.GENESIS, verb="v", by="system", at=town.at)
    slow.id = late
    slow.save(force_insert=True)
    after = cursor_now(seen, town.at)
    assert months_changed(seen, after) == {(2026, 3)}
    assert Cursor.from_plain(json.loads(json.dumps(after.as_plain()))) == after
    assert cursor_now(after, town.at + GAPS_KEPT).gaps == ()


def test_the_lake_of_another_instance_and_one_being_written_are_left_alone(
    town: Town, tmp_path: Path
) -> None:
    export(tmp_path, at=town.at)
    with locked(tmp_path), pytest.raises(Refusal, match="另一次导出"):
        export(tmp_path, at=town.at)
    said = json.loads((tmp_path / "lake.json").read_text())
    (tmp_path / "lake.json").write_text(json.dumps({**said, "instance": "other"}))
    written = bytes_of(tmp_path)
    with pytest.raises(Refusal, match="另一个系统"):
        export(tmp_path, at=town.at)
    assert bytes_of(tmp_path) == written


def test_the_lake_of_an_older_program_is_written_anew(town: Town, tmp_path: Path) -> None:
    export(tmp_path, at=town.at)
    written = bytes_of(tmp_path)
    said = json.loads((tmp_path / "lake.json").read_text())
    (tmp_path / "lake.json").write_text(json.dumps({**said, "version": VERSION - 1}))
    with pytest.raises(Refusal, match="再运行一次 yiwang lake export"):
        on_duckdb([tmp_path])
    for path in tmp_path.glob("**/cases.parquet"):
        path.write_bytes(b"columns of another time")
    assert export(tmp_path, at=town.at).whole
    assert bytes_of(tmp_path) == written
    assert on_duckdb([tmp_path]).cases.count().to_pyarrow().as_py() == 3


def test_the_lake_of_a_newer_program_is_left_alone(town: Town, tmp_path: Path) -> None:
    export(tmp_path, at=town.at)
    said = json.loads((tmp_path / "lake.json").read_text())
    (tmp_path / "lake.json").write_text(json.dumps({**said, "version": VERSION + 1}))
    for asked in (lambda: export(tmp_path, at=town.at), lambda: on_duckdb([tmp_path])):
        with pytest.raises(Refusal, match="升级本程序"):
            asked()


def test_another_schema_is_another_version() -> None:
    """Change a table, and this digest and ``VERSION`` with it: older lakes lack its columns."""
    said = repr([(name, str(schema)) for name, schema in TABLES.items()])
    assert (VERSION, hashlib.sha256(said.encode()).hexdigest()[:12]) == (2, "a516640decb2")


def test_nothing_personal_and_no_cell_below_the_village_gets_in(
    town: Town, tmp_path: Path
) -> None:
    export(tmp_path, at=town.at)
    said = repr([pq.ParquetFile(path).read().to_pylist() for path in tmp_path.glob("**/*.parquet")])
    case = town.open()
    for word in ("霞浦中路", "积水", "person/", case.number[:7], "330206005221001"):
        assert word not in said
    assert {row["area"] for row in cases_in(tmp_path)} == {"330206005221"}
