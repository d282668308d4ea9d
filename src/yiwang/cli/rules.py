"""``yiwang rules lint``: what is wrong with the dispatch rules of this instance."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import joined

from .commands import Entry
from .group import LazyGroup
from .speaking import both

TABLE = {
    "lint": Entry("yiwang.cli.rules:check_rules", Words(
        "查派单规则的冲突、空档和失效", "find overlaps, gaps and rules that never fire")),
}

NAMED = 3  # of many codes, how many are named on one line

rules = LazyGroup("rules", table=TABLE, help=both(Words(
    "查看派单规则", "look at the dispatch rules")))


@click.command("lint")
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def check_rules(as_json: bool) -> None:
    """查派单规则；有错误时退出码为 1 · Check the dispatch rules; exit code 1 where one is wrong."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils.timezone import localdate

    from yiwang.kernel.cases.rules_queries import lint_now
    from yiwang.kernel.practice import practices

    found = {practice.code: lint_now(practice.code, on=localdate())
             for practice in practices if practice.playbooks}
    if as_json:
        click.echo(json.dumps({code: [_plain(f) for f in findings]
                               for code, findings in found.items()}, ensure_ascii=False))
    else:
        for line in _lines(found):
            click.echo(line)
    wrong = any(finding.error for findings in found.values() for finding in findings)
    sys.exit(1 if wrong else 0)


def _plain(finding: Any) -> dict[str, Any]:
    return {"code": finding.code, "error": finding.error, "rules": list(finding.rules),
            "says": finding.says.as_json(), "kind": finding.kind, "areas": list(finding.areas)}


def _lines(found: dict[str, Any]) -> Iterable[str]:
    from yiwang.kernel.cases.rules_queries import grouped_gaps
    from yiwang.kernel.practice import practices

    error, hint = Words("错误", "error"), Words("提示", "hint")
    for practice, findings in found.items():
        errors = [finding for finding in findings if finding.code != "gap"]
        gaps = grouped_gaps(findings)
        total = Words("{practice}：{n} 处错误，{gaps} 组空档",
                      "{practice}: {n} {n:error|errors}, {gaps} {gaps:group|groups} of gaps")
        yield str(total.filled(practice=_named(practice, practices[practice].title),
                               n=len(errors), gaps=len(gaps)))
        for finding in errors:
            yield f"  {error}  {finding.says}"
        for gap in gaps:
            yield f"  {hint}  {_gap_words(gap)}"


def _gap_words(gap: Any) -> Words:
    """Which kinds have no rule, and where: the first few of each by name, with their codes."""
    from yiwang.kernel.cases.names import area_names, kind_words

    areas = area_names(gap.areas[:NAMED])
    return Words(
        "{n} 类在 {m} 个区域没有规则：{kinds}；{where}",
        "{n} {n:kind has|kinds have} no rule in {m} {m:area|areas}: {kinds}; {where}",
    ).filled(n=len(gap.kinds), m=len(gap.areas),
             kinds=_first_few(gap.kinds, {code: kind_words(code) for code in gap.kinds[:NAMED]}),
             where=_first_few(gap.areas, areas))


def _first_few(codes: Sequence[str], names: dict[str, Words]) -> Words:
    said = [_named(code, names[code]) for code in codes[:NAMED]]
    more = [Words("…", "…")] if len(codes) > NAMED else []
    return joined([*said, *more], zh="、", en=", ")


def _named(code: str, name: Words) -> Words:
    """A name with its code: 垃圾满溢 (GB2021/E.01.10)."""
    return Words(f"{name.zh} ({code})", f"{name.en} ({code})")
