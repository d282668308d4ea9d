"""``yiwang dispatch evaluate``: honest splits, true scores, baselines, and the real district."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiwang.algorithms.owners import Odds, Seen
from yiwang.cli import main
from yiwang.practices.events.learning import baselines
from yiwang.practices.events.learning.asked import cases_of
from yiwang.practices.events.learning.baselines import by_majority
from yiwang.practices.events.learning.scores import scored, wilson
from yiwang.practices.events.learning.trial import by_history, trial

from .import_files import row, write_csv

UNITS = {"占道": "城管中队", "井盖": "市政所"}


def run(*args: str) -> Result:
    return CliRunner(env={"YIWANG_LANG": "en"}).invoke(main, list(args), prog_name="yiwang")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scikit-learn, which takes seconds to load."""
    monkeypatch.setattr(baselines, "find_spec", lambda name: None)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A hundred cases over a hundred days: the class decides the unit, but for every tenth."""
    rows = []
    for n in range(100):
        kind = ("占道", "井盖")[n % 2]
        unit = "社区" if n % 10 == 9 else UNITS[kind]
        rows.append(row(编号=f"A{n}", 上报时间=f"2024-{n // 25 + 1:02}-{n % 25 + 1:02}", 小类=kind,
                        处置单位=unit, 是否按时="超时" if unit == "社区" else "按时"))
    return write_csv(tmp_path / "events.csv", rows)


def test_both_splits_are_scored_for_machines(table: Path) -> None:
    found = json.loads(run("dispatch", "evaluate", str(table), "--json").stdout)
    assert (found["cases"], found["unnamed"]) == (100, 0)
    assert [split["name"] for split in found["splits"]] == ["random", "latest"]
    for split in found["splits"]:
        assert (split["learned"], split["asked"], split["ceiling"]) == (80, 20, 1.0)
        assert [score["method"] for score in split["scores"]] == [
            "history", "majority", "logistic", "logistic_month"]
        ours = split["scores"][0]
        assert 0.8 <= ours["first"]["share"] <= ours["among_three"]["share"] == 1.0
        assert sum(one["cases"] for one in ours["bins"]) == 20


@pytest.mark.usefixtures("plain")
def test_the_same_seed_gives_the_same_answer_another_another(table: Path) -> None:
    def shares(seed: str) -> list[Any]:
        found = json.loads(run("dispatch", "evaluate", str(table), "--json", "--seed", seed).stdout)
        return [score["bins"] for split in found["splits"] for score in split["scores"]]

    assert shares("1") == shares("1")
    assert shares("1") != shares("2")


@pytest.mark.usefixtures("plain")
def test_a_missing_baseline_is_said_and_the_rest_stands(table: Path) -> None:
    told = run("dispatch", "evaluate", str(table)).stdout
    assert "pip install 'yiwang[learning]'" in told
    assert "majority by sub-type and street" in told


def test_how_a_case_ended_is_not_known_at_dispatch(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(table.read_text("utf-8").replace("超时", "按时"), "utf-8")
    assert cases_of(table, "").cases == cases_of(other, "").cases


def test_the_owner_asked_for_is_hidden_from_every_method(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yiwang.practices.events.learning import trial as tried

    asked: list[str] = []

    def spy(learned: list[Seen], wanted: list[Seen]) -> list[list[Odds]]:
        asked.extend(case.owner for case in wanted)
        return [[] for _ in wanted]

    monkeypatch.setattr(tried, "METHODS", (("history", spy),))
    trial(cases_of(table, "").cases, 1)
    assert set(asked) == {""}


def test_a_later_regime_is_not_known_before_it_begins(table: Path) -> None:
    cases = cases_of(table, "").cases
    first = [case for case in cases if case.narrow == "占道"][:20]
    changed = [case._replace(owner="新中队", day=case.day + 400) for case in first]
    asked = [first[0]._replace(owner="", day=changed[-1].day + 1)]
    assert by_history(first + changed, asked)[0][0].owner == "新中队"
    assert by_history(first, asked)[0][0].owner == "城管中队"


def test_the_majority_backs_off_to_wider_contexts() -> None:
    known = [Seen("市容", "街面", "占道", "东风", "", "", "", 1, owner)
             for owner in ("甲", "甲", "乙")]
    asked = Seen("市容", "街面", "没见过", "西山", "", "", "", 2)
    assert [odds.owner for odds in by_majority(known, [asked])[0]] == ["甲", "乙"]


def test_scores_and_intervals() -> None:
    told = [[Odds("甲", 0.95)], [Odds("乙", 0.55), Odds("甲", 0.45)], []]
    score = scored("history", told, ["甲", "甲", "甲"], 0.0)
    assert [score.first.share, score.among_three.share] == pytest.approx([1 / 3, 2 / 3])
    assert score.calibration_error == pytest.approx((0.05 + 0.55 + 0.0) / 3)
    # Newcombe (1998), table I: 81 of 263.
    share = wilson(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("text", "said"), [
    ("编号,上报时间\nA,2024-01-01\n", "No column says who handled"),
    ("编号,上报时间,处置单位\nA,2024-01-01,甲\n", "too few to evaluate"),
    ("a,b\n1,2\n", "Not said yet which column"),
])
def test_a_table_that_says_too_little_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    answer = run("dispatch", "evaluate", str(path))
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.output


def test_a_real_district_is_foretold_better_than_by_majority(district: Path) -> None:
    cases = cases_of(district, "").cases
    learned, asked = cases[3000:-400], cases[-400:]
    truth = [case.owner for case in asked]
    blind = [case._replace(owner="") for case in asked]
    ours = scored("history", by_history(learned, blind), truth, 0.0)
    majority = scored("majority", by_majority(learned, blind), truth, 0.0)
    assert ours.first.share > majority.first.share + 0.03
    assert ours.among_three.share > majority.among_three.share
