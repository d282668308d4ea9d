"""``yiwang learn FILE``: units, teams, classes and dispatch rules learned from foreign events."""

import json
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .import_events import (
    AREA,
    BROKEN,
    FILE,
    JSON,
    LIST,
    MAP,
    PREFIX,
    SOURCE,
    about,
    now,
    prepare,
    settle,
)


@click.command(help=about(
    "从外部事件文件学出单位、机构、类别和派单规则。编码自编，规则只作建议，都记下依据。",
    "Learn units, teams, classes and dispatch rules from a file of foreign events. Codes are "
    "made up, rules suggest only, and both say what they rest on."))  # fmt: skip
@FILE
@SOURCE
@AREA
@click.option("--area-name", default="", metavar="NAME", help=about(
    "辖区的名称，如 霞浦街道", "name of the area"))
@PREFIX
@LIST
@MAP
@click.option("--dry-run", is_flag=True, help=about("只说会学到什么", "say what would be learned"))
@JSON
def learn(file: Path, mapping: str, area_name: str, dry_run: bool, as_json: bool,
          **source: str) -> int:
    """Learn, and say what was new and how well the rules fit."""
    prepare()
    try:
        found = _learn(file, mapping, area_name, dry_run, source)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        return BROKEN
    if as_json:
        click.echo(json.dumps({**found.as_json(), "dry_run": dry_run}, ensure_ascii=False))
    else:
        for line in _said(found, dry_run):
            click.echo(str(line))
    return 0


def _learn(
    file: Path, mapping: str, area_name: str, dry_run: bool, source: dict[str, str]
) -> Any:
    from django.db import transaction

    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.practices.events.importing.layout import look_at
    from yiwang.practices.events.learning.learned import learn as learn_from
    from yiwang.practices.events.learning.survey import survey

    layout = look_at(file)
    with transaction.atomic():
        chosen, columns = settle(list(layout.headers), mapping, source)
        chosen.mapping, chosen.headers = columns, list(layout.headers)
        found = learn_from(
            survey(file, layout, columns), chosen, area_name=area_name or chosen.code,
            by=SYSTEM, at=now(), dry_run=dry_run,
        )
        transaction.set_rollback(dry_run)
    return found


def _said(found: Any, dry_run: bool) -> list[Words]:
    would = Words("会新增", "would be new") if dry_run else Words("新增", "new")
    return [
        Words(
            "{rows} 行，读不出 {unreadable} 行。",
            "{rows} {rows:row|rows}, {unreadable} cannot be read."
        ).filled(rows=found.rows, unreadable=found.unreadable),
        Words("镇街 {streets}、村社 {communities}（{would} {n}）；"
              "处置单位 {units}（{would} {teams}）；类别 {classes}（{would} {kinds}）。",
              "{streets} {streets:town|towns}, "
              "{communities} {communities:community|communities} ({n} {would}); "
              "{units} {units:unit|units} ({teams} {would}); "
              "classes {classes} ({kinds} {would}).").filled(
            streets=found.streets, communities=found.communities, units=found.units,
            classes=" / ".join(map(str, found.classes)), n=found.new_places,
            teams=found.new_teams, kinds=found.new_classes, would=would),
        Words("派单规则 {rules} 条，其中按地方的例外 {exceptions} 条（{would} {n}）。",
              "{rules} dispatch {rules:rule|rules}, {exceptions} of them exceptions by place "
              "({n} {would}).").filled(
            rules=found.rules, exceptions=found.exceptions, n=found.new_rules, would=would),
        _fit(Words("用于学习的全部案件", "On all cases learned from"), found.fit),
        _fit(Words("最新五分之一，规则只从更早的学", "On the newest fifth, learned from the rest"),
             found.held_back),
    ]


def _fit(on: Words, fit: Any) -> Words:
    return Words("{on}：{cases} 件，有规则 {covered:.1%}，派对 {right:.1%}。",
                 "{on}: {cases} {cases:case|cases}, {covered:.1%} find a rule, {right:.1%} get the "
                 "right unit."
                 ).filled(on=on, cases=fit.cases, covered=fit.covered / max(fit.cases, 1),
                          right=fit.right / max(fit.cases, 1))
