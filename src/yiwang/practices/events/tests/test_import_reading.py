"""Files are read as they come: encodings, forms, broken lines, and from the middle."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.packed import PackedBounds
from yiwang.practices.events.importing import layout
from yiwang.practices.events.importing.fields import (
    check_mapping,
    guess_mapping,
    parse_mapping,
)
from yiwang.practices.events.importing.foreign import read_event
from yiwang.practices.events.importing.layout import look_at
from yiwang.practices.events.importing.reading import BROKEN, EXTRA, Row, count_rows, read_rows

from .import_files import HEADERS, row, write_csv, write_xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "a.csv", [row(备注="𠮷 ü €")], encoding=encoding)
    layout = look_at(path)
    assert layout.headers == HEADERS
    assert [r.cells["备注"] for r in read_rows(path, layout)] == ["𠮷 ü €"]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators_are_told_apart(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"编号{separator}上报时间\n7{separator}2024-01-02\n", encoding="utf-8")
    layout = look_at(path)
    assert [r.cells for r in read_rows(path, layout)] == [{"编号": "7", "上报时间": "2024-01-02"}]


def test_workbook_keeps_text_numbers_and_dates(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [
        ["2022082618252062523", date(2022, 8, 26)], [42, "2022/8/27 9:05"]])
    layout = look_at(path)
    events = [read_event(r, guess_mapping(layout.headers))[0] for r in read_rows(path, layout)]
    assert [e and (e.number, e.opened.at.isoformat(), e.opened.day_only) for e in events] == [
        ("2022082618252062523", "2022-08-26T00:00:00+08:00", True),
        ("42", "2022-08-27T09:05:00+08:00", False),
    ]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": "7", "created": "2024-01-02T08:00:00Z"}), "{broken", "[]"]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = list(read_rows(path, look_at(path)))
    assert [r.number for r in rows] == [1, 2, 3]
    event, _ = read_event(rows[0], {"id": "number", "created": "opened"})
    assert event is not None
    assert event.opened.at.hour == 16
    assert BROKEN in rows[1].cells
    assert BROKEN in rows[2].cells


def test_an_open_quote_costs_one_line_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,date\n1,2024-01-01\n2,"2024-01-02\n3,2024-01-03\n', encoding="utf-8")
    rows = list(read_rows(path, look_at(path)))
    assert [(r.number, r.cells.get("id")) for r in rows] == [(2, "1"), (3, None), (4, "3")]
    assert BROKEN in rows[1].cells


def test_a_cell_with_line_breaks_is_one_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row(备注="一\n二"), row(编号="A2")])
    assert [r.number for r in read_rows(path, look_at(path))] == [2, 3]


def test_too_many_cells_are_a_problem_of_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,date\n1,2024-01-01,x\n", encoding="utf-8")
    (only,) = read_rows(path, look_at(path))
    assert only.cells[EXTRA] == "x"
    assert read_event(only, {"id": "number", "date": "opened"})[0] is None


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "import_empty"),
        ("blank.csv", b" \n\n", "import_empty"),
        ("utf16.csv", "编号,时间\n1,2".encode("utf-16"), "import_encoding"),
        ("noise.csv", b"\xff\xff\xff,\x80\x81", "import_encoding"),
        ("broken.xlsx", b"PK\x03\x04 and nothing more", "import_workbook"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import_encoding"),
    ],
)
def test_broken_files_say_so(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal) as refused:
        look_at(tmp_path / name)
    assert refused.value.code == code
    assert refused.value.todo.zh


_LETTER = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n,";')
_CELL = st.text(_LETTER, max_size=8)


@given(table=st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=12), data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_reading_on_from_any_row_gives_the_rest(
    tmp_path: Path, table: list[tuple[str, str]], data: st.DataObject
) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    escaped = [[cell.replace('"', '""') for cell in cells] for cells in table]
    path = write_csv(tmp_path / "a.csv", escaped, headers=("甲", "乙"), encoding=encoding)
    layout = look_at(path)
    rows = list(read_rows(path, layout))
    assert [tuple(r.cells.values()) for r in rows] == table
    assert count_rows(path, layout) == len(table)
    after: Row = data.draw(st.sampled_from(rows))
    rest = list(read_rows(path, layout, position=after.position, offset=after.end))
    assert rest == rows[rows.index(after) + 1:]


def test_columns_are_guessed_in_both_languages() -> None:
    assert guess_mapping(["rec_id", "create_time", "type", "main_type", "sub_type", "x"]) == {
        "rec_id": "number", "create_time": "opened", "type": "class1", "main_type": "class2",
        "sub_type": "class3"}
    assert guess_mapping(["事件编号", "上报时间", "承办单位", "承办单位 "]) == {
        "事件编号": "number", "上报时间": "opened", "承办单位": "unit"}


@pytest.mark.parametrize(
    ("text", "says"),
    [("a=number", "opened"), ("a=number,b=nonsense", "nonsense"), ("c=number", "“c”"),
     ("a=number,b=number", "number"), ("number", "number")],
)
def test_a_wrong_mapping_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_mapping(parse_mapping(text), ["a", "b"])
    said = str(refused.value)
    assert says in said or (says == "opened" and "上报时间" in said)


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "EVENTS", PackedBounds(most_unpacked=100))
    with pytest.raises(Refusal) as refused:
        look_at(write_xlsx(tmp_path / "a.xlsx", [HEADERS]))
    assert refused.value.code == "import_packed"
