"""``yiwang dispatch evaluate FILE``: how often the suggested unit is the one that had the case."""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import Words

from .commands import Entry
from .group import LazyGroup
from .import_events import FILE, JSON, MAP, about, prepare

TABLE = {
    "evaluate": Entry("yiwang.cli.dispatch:evaluate", Words(
        "在历史文件上评估派单建议", "measure the suggestions of units on a file of the past")),
}
SEED = 2026
KIB = 1024
SPLITS = {
    "random": Words("随机五分之一", "a random fifth"),
    "latest": Words("最新五分之一", "the latest fifth"),
}
METHODS = {
    "history": Words("本系统的建议", "our suggestion"),
    "majority": Words("同子类同街道的多数", "majority by sub-type and street"),
    "logistic": Words("逻辑回归", "logistic regression"),
    "logistic_month": Words("逻辑回归，另知月份", "logistic regression, knowing the month"),
}
INSTALL = Words(
    "没有装 scikit-learn，这条基线没有算：{method}。安装：pip install 'yiwang[learning]'",
    "scikit-learn is not installed, so this baseline was left out: {method}. Install it: "
    "pip install 'yiwang[learning]'")

dispatch = LazyGroup("dispatch", table=TABLE, help=about("派单建议", "suggestions of units"))


@click.command(help=about(
    "只用派单当时知道的（类别、地点、来源、性质、日期），看建议的单位与历史是否一致：随机五分之一与"
    "最新五分之一，前一与前三，旁边是两种基线，附 95% 区间与几率的校准。不写任何数据。",
    "See how often the suggested unit is the one that had the case, from what is known at "
    "dispatch alone (class, place, source, nature, day): top-1 and top-3 on a random fifth and "
    "on the latest, beside two baselines, with 95 % intervals and the calibration of the odds. "
    "Writes nothing."))  # fmt: skip
@FILE
@MAP
@click.option("--seed", type=int, default=SEED, show_default=True, help=about(
    "随机划分的种子", "seed of the random split"))
@JSON
def evaluate(file: Path, mapping: str, seed: int, as_json: bool) -> None:
    """Measure, and print."""
    prepare()
    from yiwang.practices.events.learning.asked import cases_of
    from yiwang.practices.events.learning.trial import trial

    asked = cases_of(file, mapping)
    splits = trial(asked.cases, seed)
    if as_json:
        click.echo(json.dumps(_plain(asked, splits, seed), ensure_ascii=False))
        return
    for line in _lines(asked, splits, seed):
        click.echo(str(line))


def _plain(asked: Any, splits: list[Any], seed: int) -> dict[str, Any]:
    return {"rows": asked.rows, "unreadable": asked.unreadable, "unnamed": asked.unnamed,
            "cases": len(asked.cases), "seed": seed, "memory_mib": memory(),
            "splits": [split.as_json() for split in splits]}


def memory() -> int:
    """The most memory this process has held, MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / KIB / (KIB if sys.platform == "darwin" else 1))


def _lines(asked: Any, splits: list[Any], seed: int) -> Iterator[Words]:
    yield Words(
        "{rows} 行：{n} 件可评，{unnamed} 件没写单位，{unreadable} 行读不出。种子 {seed}。",
        "{rows} {rows:row|rows}: {n} {n:case|cases} to judge by, {unnamed} without a unit, "
        "{unreadable} unreadable. Seed {seed}.",
    ).filled(rows=asked.rows, n=len(asked.cases), unnamed=asked.unnamed,
             unreadable=asked.unreadable, seed=seed)
    for split in splits:
        yield from _split_lines(split)
    yield Words("内存最多 {mib} MiB。", "At most {mib} MiB of memory.").filled(mib=memory())


def _split_lines(split: Any) -> Iterator[Words]:
    yield Words(
        "\n{split}：学 {learned} 件，问 {asked} 件；上限 {ceiling:.1%}（单位在所学中出现过）",
        "\nOn {split}: {learned} learned, {asked} asked; at most {ceiling:.1%} can be right "
        "(their unit was seen before)",
    ).filled(split=SPLITS[split.name], learned=split.learned, asked=split.asked,
             ceiling=split.ceiling)
    for score in split.scores:
        yield _score(score)
    for method in split.missing:
        yield Words("  {said}", "  {said}").filled(said=INSTALL.filled(method=METHODS[method]))
    yield from _calibration(split.scores[0])


def _score(score: Any) -> Words:
    return Words(
        "  前一 {a:.1%}（{b:.1%}–{c:.1%}）  前三 {d:.1%}（{e:.1%}–{f:.1%}）  "
        "校准差 {g:.1%}  {s:.1f} 秒  {method}",
        "  top-1 {a:.1%} ({b:.1%}–{c:.1%})  top-3 {d:.1%} ({e:.1%}–{f:.1%})  "
        "calibration error {g:.1%}  {s:.1f} s  {method}",
    ).filled(a=score.first.share, b=score.first.low, c=score.first.high,
             d=score.among_three.share, e=score.among_three.low, f=score.among_three.high,
             g=score.calibration_error, s=score.seconds, method=METHODS[score.method])


def _calibration(score: Any) -> Iterator[Words]:
    yield Words("  几率说得准不准（首选的几率 → 实际派对；件数）：",
                "  Are the odds true (odds of the first → how often right; cases):")
    for one in score.bins:
        yield Words("    {odds:.0%} → {right:.0%}（{n}）", "    {odds:.0%} → {right:.0%} ({n})"
                    ).filled(odds=one.odds, right=one.right, n=one.cases)
