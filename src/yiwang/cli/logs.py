"""``yiwang logs``: who came, who was sent away, who looked at what; read back from the logs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from yiwang.algorithms.words import Words

from .import_events import JSON, about, now, prepare

DAYS = 7
COMMON = ("at", "level", "event")


@click.command("logs", help=about(
    "看日志：请求（谁、看了哪一页、哪一件）或安全（登录、拒绝、密钥、管理）。",
    "Read the logs: requests (who, which page, about what) or security (sign-ins, refusals, keys, "
    "administration)."))
@click.argument("log", type=click.Choice(["requests", "security"]), default="security")
@click.option("--days", type=click.IntRange(1, 4000), default=DAYS, show_default=True,
              help=about("往回看几天", "how many days back"))
@click.option("--who", default="", metavar="ACCOUNT", help=about("哪个账号", "by which account"))
@click.option("--about", "thing", default="", metavar="NUMBER", help=about(
    "哪件案件（编号）或哪个标识", "about which case, by number, or which id"))
@click.option("--event", default="", help=about("哪种事", "which event"))
@JSON
def logs(log: str, days: int, who: str, thing: str, event: str, as_json: bool) -> None:
    """Lines that fit every condition, oldest first."""
    prepare()
    from pathlib import Path

    from django.conf import settings

    from yiwang.kernel.keeping.logs import lines_of

    wanted = [text for text in (_account(who), _thing(thing)) if text]
    today = now().astimezone(UTC).date()
    for line in lines_of(Path(settings.LOGS), log, today - timedelta(days=days - 1), today):
        if (not event or line.get("event") == event) and all(
                any(text in str(value) for value in line.values()) for text in wanted):
            click.echo(json.dumps(line, ensure_ascii=False) if as_json else _told(line))


def _account(who: str) -> str:
    """The id that stands in the lines; raises ``Refusal`` for an account that is not there."""
    from yiwang.kernel.errors import Refusal
    from yiwang.kernel.people.models import Person

    if not who:
        return ""
    found = Person.objects.filter(account=who.strip().lower()).first()
    if found is None:
        raise Refusal("no_account", Words("没有这个账号。", "There is no such account."))
    return str(found.pk)


def _thing(thing: str) -> str:
    """A case's id by its number; anything else as it was typed."""
    from yiwang.kernel.cases.models import Case

    found = Case.objects.filter(number=thing).first() if thing else None
    return str(found.pk) if found else thing


def _told(line: dict[str, Any]) -> str:
    from django.utils.timezone import localtime

    at = localtime(datetime.fromisoformat(str(line.get("at"))))
    rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in COMMON)
    return f"{at:%Y-%m-%d %H:%M:%S}  {line.get('event')}  {rest}"
