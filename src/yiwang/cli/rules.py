"""``yiwang rules lint``: what is wrong with the dispatch rules of this instance."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from yiwang.algorithms.words import Words

from .commands import Entry
from .group import LazyGroup
from .speaking import both

TABLE = {
    "lint": Entry("yiwang.cli.rules:check_rules", Words(
        "查派单规则的冲突、空档和失效", "find overlaps, gaps and rules that never fire")),
}

rules = LazyGroup("rules", table=TABLE, help=both(Words(
    "查看派单规则", "look at the dispatch rules")))


@click.command("lint")
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def check_rules(as_json: bool) -> None:
    """查派单规则；有问题时退出码为 1 · Check the dispatch rules; exit code 1 where one is wrong."""
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
    sys.exit(1 if any(found.values()) else 0)


def _plain(finding: Any) -> dict[str, Any]:
    return {"code": finding.code, "error": finding.error, "rules": list(finding.rules),
            "says": finding.says.as_json(), "kind": finding.kind, "areas": list(finding.areas)}


def _lines(found: dict[str, Any]) -> Iterable[str]:
    from yiwang.kernel.cases.rules_queries import grouped_gaps

    error, hint = Words("错误", "error"), Words("提示", "hint")
    for practice, findings in found.items():
        errors = [finding for finding in findings if finding.code != "gap"]
        gaps = grouped_gaps(findings)
        total = Words("{practice}：{n} 处错误，{gaps} 组空档",
                      "{practice}: {n} errors, {gaps} groups of gaps")
        yield str(total.filled(practice=practice, n=len(errors), gaps=len(gaps)))
        for finding in errors:
            yield f"  {error}  {finding.says}"
        for gap in gaps:
            says = Words("{n} 类在 {areas} 个区域没有规则：{first}",
                         "{n} kinds have no rule in {areas} areas: {first}").filled(
                n=len(gap.kinds), areas=len(gap.areas), first=", ".join(gap.kinds[:3]))
            yield f"  {hint}  {says}{' …' if len(gap.kinds) > 3 else ''}"
