"""Which requests repeat which, read from many wordings; and how well repeats are found."""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yiwang.cli.duplicates import duplicates
from yiwang.kernel.errors import Refusal
from yiwang.practices.events.learning.duplicates_measured import Share, measure
from yiwang.practices.events.learning.named_repeats import earlier_siblings, read_truth
from yiwang.practices.events.learning.requests_file import read_requests

BEGIN = datetime.fromisoformat("2025-01-01T08:00:00+08:00")


def line(number: int, note: str = "", *, hours: float = 0, east: float = 0, **more: Any) -> str:
    at = BEGIN + timedelta(hours=hours)
    return json.dumps({
        "service_request_id": f"10100{number:07d}", "service_code": "hole", "status": "closed",
        "status_notes": note, "requested_datetime": at.isoformat(),
        "updated_datetime": (at + timedelta(days=3)).isoformat(), "lat": 30.0,
        "long": 120.0 + east, "description": "路面有坑", **more})


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "requests.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.mark.parametrize("note", [
    "Duplicate of Existing Case. see 101000000001.", "Duplicate. Same as #101000000001",
    "dup to case number101000000001.", "DUPLICATE 1000001".replace("1000001", "000001"),
    "Closed date : 2015-06-04 10:16:58.69. Duplicate of case # 0000001", "重复件，见 101000000001",
])
def test_the_one_named_is_read_from_many_wordings(tmp_path: Path, note: str) -> None:
    truth = read_truth(read_requests(written(
        tmp_path, [line(1), line(2, note, hours=1), line(3000000)]))[0])
    assert truth.pairs == [("101000000002", "101000000001")]


@pytest.mark.parametrize("note", ["Duplicate of Existing Case.", "Dup, call 617-635-3831.",
                                  "Duplicate 2015-06-04", "Duplicate of 101000000002"])
def test_what_names_nothing_else_is_not_known(tmp_path: Path, note: str) -> None:
    truth = read_truth(read_requests(written(
        tmp_path, [line(1), line(2, note), line(3000000)]))[0])
    assert (truth.pairs, truth.unknown) == ([], {"101000000002"})


def test_chains_and_absent_ones_make_one_matter(tmp_path: Path) -> None:
    lines = [line(1), line(2, "dup 101000000001", hours=1), line(3, "dup 101000000002", hours=2),
             line(4, "dup 101000009999", hours=3), line(5, "dup 101000009999", hours=4),
             line(6, "see 101000000001", hours=5), line(3000000)]
    requests, _ = read_requests(written(tmp_path, lines))
    found = earlier_siblings(requests, read_truth(requests).group)
    assert {late[-1]: {early[-1] for early in all_} for late, all_ in found.items()} == {
        "2": {"1"}, "3": {"1", "2"}, "5": {"4"}}


def test_bad_lines_are_counted_and_a_broken_file_refused(tmp_path: Path) -> None:
    lines = [line(1), "{", "[]", line(2, lat="x"), line(3, requested_datetime="gestern"),
             line(4, lat=float("nan")), line(5, lat=91)]
    requests, bad = read_requests(written(tmp_path, lines))
    assert (len(requests), bad) == (1, 6)
    (tmp_path / "half.jsonl.gz").write_bytes(gzip.compress(b"x" * 9_000)[:20])
    with pytest.raises(Refusal):
        read_requests(tmp_path / "half.jsonl.gz")


def test_recall_and_precision_count_what_they_say(tmp_path: Path) -> None:
    old = [line(n, hours=n, east=0.1 * n) for n in range(10)]
    new = [line(20, hours=100), line(21, "dup 101000000020", hours=101, east=0.0001),
           line(22, hours=102, east=0.0002, description="别的事"),  # near, and not said to be one
           line(23, hours=200), line(24, "dup 101000000020", hours=101, east=0.5)]  # far away
    requests, _ = read_requests(written(tmp_path, old + new))
    found: Any = measure(requests, read_truth(requests))
    scorer = found["methods"]["scorer"]
    assert (found["reports"], found["repeats"]) == (5, 2)
    assert scorer["recall_at"][1]["hits"] == 1
    assert scorer["named_only"]["90%"]["asked"] == 1
    assert scorer["all_reports"]["90%"]["recall"] == {**Share(1, 2).as_json()}


def test_intervals_are_wilson_s() -> None:
    assert Share(8, 10).as_json() == {"share": 0.8, "low": 0.4902, "high": 0.9433, "hits": 8,
                                      "of": 10}
    assert Share(0, 0).as_json()["share"] is None


def test_a_file_without_requests_is_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(duplicates, ["evaluate", str(written(tmp_path, []))])
    assert said.exit_code == 1


@pytest.mark.parametrize("lines", [[line(1)], [line(1), line(2, "dup 101000000001", hours=1),
                                               line(3000000, hours=2)]])
def test_the_command_speaks_to_people_and_machines(tmp_path: Path, lines: list[str]) -> None:
    path = str(written(tmp_path, lines))
    said = CliRunner().invoke(duplicates, ["evaluate", path], catch_exceptions=False)
    told = CliRunner().invoke(duplicates, ["evaluate", path, "--json"], catch_exceptions=False)
    assert str(len(lines)) in said.output
    assert json.loads(told.output)["requests"] == len(lines)
