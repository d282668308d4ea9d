"""``yiwang duplicates evaluate FILE``: how well repeats are found, on requests with known ones."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .commands import Entry
from .group import LazyGroup
from .speaking import both

TABLE = {
    "evaluate": Entry("yiwang.cli.duplicates:evaluate", Words(
        "用已知的重复件量一量找得准不准", "measure how well known repeats are found")),
}
NAMES = {
    "scorer": Words("评分", "the scorer"),
    "without_words": Words("评分，不看文字", "the scorer without words"),
    "rule_50m_7d": Words("同类、50 米、7 天", "same kind, 50 m, 7 days"),
    "nearest": Words("只看最近", "nearest only"),
}

duplicates = LazyGroup("duplicates", table=TABLE, help=both(Words(
    "重复件", "duplicates")))


@click.command("evaluate", help=both(Words(
    "读一份 Open311 文件（每行一个 JSON，可 .gz），从办结说明里找出谁重复了谁，量最新三分之一。",
    "Read an Open311 file (JSON lines, .gz or not), find in the closing notes which request "
    "repeats which, and measure on the newest third.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def evaluate(file: Path, as_json: bool) -> None:
    """The truth found, then recall and precision beside the baselines."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from yiwang.practices.events.learning.duplicates_measured import measure
    from yiwang.practices.events.learning.named_repeats import read_truth
    from yiwang.practices.events.learning.requests_file import read_requests

    requests, bad = read_requests(file)
    if not requests:
        raise Refusal("no_requests", Words("文件里没有读得出的诉求。",
                                           "No request in the file can be read."),
                      Words("每行一个 Open311 诉求的 JSON。",
                            "Each line is one Open311 request as JSON."))
    truth = read_truth(requests)
    found = {"lines_not_read": bad, "requests": len(requests), "truth": _truth(requests, truth),
             "newest_third": measure(requests, truth)}
    for line in [json.dumps(found, ensure_ascii=False)] if as_json else _said(found):
        click.echo(str(line))


def _truth(requests: list[Any], truth: Any) -> dict[str, Any]:
    """What the notes say, and how far apart those are that they put together."""
    from yiwang.practices.events.learning.duplicates_measured import traits
    from yiwang.practices.events.learning.named_repeats import earlier_siblings

    by_id = {one.id: one for one in requests}
    pairs = [traits(by_id[late], by_id[early])
             for late, earlier in earlier_siblings(requests, truth.group).items()
             for early in sorted(earlier)]
    return {
        "notes": truth.noted, "unknown_which": len(truth.unknown), "names_itself": truth.itself,
        "named_not_in_file": truth.absent, "named_in_file": len(truth.pairs),
        "pairs_of_one_matter": len(pairs),
        "same_kind": sum(pair.kinship == "same" for pair in pairs),
        "metres": _spread([pair.metres or 0.0 for pair in pairs]),
        "hours": _spread([pair.hours for pair in pairs]),
        "common_words": _spread([pair.words for pair in pairs if pair.words is not None]),
    }


def _spread(values: list[float]) -> dict[str, float]:
    """Quarter, half, three quarters, nine tenths."""
    if len(values) < 2:
        return {}
    cut = quantiles(values, n=20, method="inclusive")
    return {name: round(cut[place], 2) for name, place in
            (("25%", 4), ("50%", 9), ("75%", 14), ("90%", 17))}


def _said(found: dict[str, Any]) -> Iterator[Words]:
    truth, newest = found["truth"], found["newest_third"]
    yield Words("{n} 件，读不出 {bad} 行；{notes} 件的办结说明说是重复件，"
                "其中 {here} 件指明的那件在文件里。",
                "{n} requests, {bad} lines not read; {notes} notes speak of a duplicate, {here} "
                "of them name one that is in the file.").filled(
        n=found["requests"], bad=found["lines_not_read"], notes=truth["notes"],
        here=truth["named_in_file"])
    yield Words("同一件事的 {pairs} 对：相距（米）{metres}；相隔（小时）{hours}。",
                "{pairs} pairs of one matter: metres apart {metres}; hours apart {hours}.").filled(
        pairs=truth["pairs_of_one_matter"], metres=truth["metres"], hours=truth["hours"])
    yield Words("{since} 起 {reports} 件，其中 {repeats} 件此前有人报过：",
                "{reports} requests since {since}, {repeats} of them reported before:").filled(
        **{name: newest[name] for name in ("since", "reports", "repeats")})
    for name, figures in newest["methods"].items():
        yield _line(NAMES[name], figures)


def _line(name: Words, figures: dict[str, Any]) -> Words:
    at = {most: _per_cent(share) for most, share in figures["recall_at"].items()}
    return Words("{name}：前 1/3/5 件里有它 {one}、{three}、{five}；"
                 "首件命中率不低于 90%/80% 时找到 {ninety}、{eighty}（只看已知重复件）。",
                 "{name}: among the first 1/3/5 shown {one}, {three}, {five}; found at 90%/80% "
                 "precision of the first {ninety}, {eighty} (known repeats only).").filled(
        name=name, one=at[1], three=at[3], five=at[5],
        ninety=_reached(figures["named_only"], "90%"),
        eighty=_reached(figures["named_only"], "80%"))


def _reached(curve: dict[str, Any], precision: str) -> str:
    return _per_cent(curve[precision]["recall"]) if precision in curve else "—"


def _per_cent(share: dict[str, Any]) -> str:
    if share["share"] is None:
        return "—"
    return f"{share['share']:.1%} ({share['low']:.1%}–{share['high']:.1%})"
