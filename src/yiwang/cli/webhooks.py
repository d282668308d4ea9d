"""``yiwang webhooks``: whom other systems' addresses are, how the telling goes, replay."""

import json
import os
from datetime import datetime
from typing import Any

import click

from yiwang.algorithms.words import Words

from .commands import Entry
from .group import LazyGroup
from .speaking import both

TABLE = {
    "list": Entry("yiwang.cli.webhooks:listed", Words("列出推送", "list the webhooks")),
    "make": Entry("yiwang.cli.webhooks:make", Words("新建推送", "make a webhook")),
    "replay": Entry("yiwang.cli.webhooks:replay", Words(
        "从序号或时间起再送一遍", "send again from a sequence or a time")),
    "end": Entry("yiwang.cli.webhooks:end", Words("结束推送", "end a webhook")),
}
webhooks = LazyGroup("webhooks", table=TABLE, help=both(Words(
    "告诉别的系统案件的动静", "tell other systems what happens to cases")))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")


def set_up() -> None:
    """Django, and nothing before it is asked for."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()


def say(as_json: bool, plain: str, machine: Any) -> None:
    """The answer for people, or as JSON."""
    click.echo(json.dumps(machine, ensure_ascii=False, default=str) if as_json else plain)


def say_rows(as_json: bool, lines: list[str], none: Words, machine: Any) -> None:
    """A list, or that it is empty; that is said beside the output, which stays for programs."""
    if lines or as_json:
        say(as_json, "\n".join(lines), machine)
    else:
        click.echo(str(none), err=True)


def found(model: Any, name: str) -> Any:
    """The row in force of that name; raises ``Refusal`` where there is not exactly one."""
    from yiwang.kernel.errors import Refusal

    rows = list(model.objects.filter(name=name, ended_at__isnull=True)[:2])
    if len(rows) != 1:
        raise Refusal("no_such_name", Words("没有（或不止一个）叫“{name}”的。",
                                            "There is not exactly one called “{name}”.").filled(
            name=name))
    return rows[0]


@click.command("list")
@AS_JSON
def listed(as_json: bool) -> None:
    """列出推送，和各有多少待送 · List the webhooks and how much waits for each."""
    set_up()
    from django.db.models import Count, Q

    from yiwang.kernel.webhooks.models import Webhook

    waits = Count("delivery", filter=Q(delivery__state="waiting"))
    rows = list(Webhook.objects.annotate(waits=waits).order_by("name").values(
        "id", "name", "url", "types", "area", "mode", "paused_at", "ended_at", "gone", "failures",
        "waits"))
    waiting = Words("{n} 条待送", "{n} waiting")
    lines = [f"{row['name']}\t{row['url']}\t{waiting.filled(n=row['waits'])}" for row in rows
             if not row["ended_at"]]
    say_rows(as_json, lines, Words("还没有推送。", "No webhooks yet."), rows)


@click.command("make")
@click.argument("name")
@click.argument("url")
@click.option("--area", required=True, help="单位或网格编码 · a unit's or cell's code")
@click.option("--type", "types", multiple=True, help="事件类型；不写就是全部 · all unless named")
@click.option("--mode", default="structured", show_default=True, help="格式 · structured or binary")
@click.option("--ask-first", is_flag=True, help="先握手 · CloudEvents validation handshake")
@AS_JSON
def make(name: str, url: str, area: str, types: tuple[str, ...], mode: str, ask_first: bool,
         as_json: bool) -> None:
    """新建推送；签名密钥只显示这一次 · Make a webhook; its secret is shown this once."""
    set_up()
    from django.utils.timezone import now

    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.webhooks.actions import make_webhook

    hook, secret = make_webhook(name, url, list(types), area=area, mode=mode,
                                asks_first=ask_first, by=SYSTEM, at=now())
    say(as_json, secret, {"id": hook.pk, "secret": secret})


@click.command("replay")
@click.argument("name")
@click.option("--after", type=int, help="序号之后 · behind this sequence")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
              help="自此时起 · since this time")
@AS_JSON
def replay(name: str, after: int | None, since: datetime | None, as_json: bool) -> None:
    """把记录里的事件再送一遍，编号不变 · Send logged events again under their own ids."""
    set_up()
    from django.utils.timezone import make_aware, now

    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.webhooks.actions import replay as send_again
    from yiwang.kernel.webhooks.models import Webhook

    count = send_again(found(Webhook, name), after=after,
                       since=make_aware(since) if since else None, by=SYSTEM, at=now())
    say(as_json, str(count), {"events": count})


@click.command("end")
@click.argument("name")
@AS_JSON
def end(name: str, as_json: bool) -> None:
    """结束推送 · End a webhook; what waited is dropped."""
    set_up()
    from django.utils.timezone import now

    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.webhooks.actions import end_webhook
    from yiwang.kernel.webhooks.models import Webhook

    hook = found(Webhook, name)
    end_webhook(hook, by=SYSTEM, at=now())
    say(as_json, name, {"ended": hook.pk})
