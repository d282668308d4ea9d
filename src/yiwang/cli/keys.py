"""``yiwang keys make|list|end``: keys of other systems, from the command line."""

import json
from typing import Any
from uuid import UUID

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .commands import Entry
from .group import LazyGroup
from .import_events import JSON, about, now, prepare

KEYS = {
    "make": Entry("yiwang.cli.keys:make", Words("发一把", "give one out")),
    "list": Entry("yiwang.cli.keys:list_keys", Words("列出", "list them")),
    "end": Entry("yiwang.cli.keys:end", Words("停用", "end one")),
}


@click.group("keys", cls=LazyGroup, table=KEYS, help=about(
    "别的系统的接口密钥", "API keys of other systems"))
def keys() -> None:
    """A group of its own."""


@click.command("make", help=about(
    "发一把密钥；密钥只显示这一次，库里只存摘要。",
    "Give out a key. It is shown this once; only its digest is kept."))
@click.argument("name")
@click.option("--area", required=True, metavar="CODE", help=about(
    "所属单位，如 330206005", "its unit, such as 330206005"))
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help=about(
    "可以做什么，可多次；不给就是 open311.write",
    "what it may do, repeatable; open311.write if none"))
@click.option("--hourly", type=int, default=None, help=about("每小时最多几次", "most an hour"))
@JSON
def make(name: str, area: str, scopes: tuple[str, ...], hourly: int | None, as_json: bool) -> None:
    """Make a key and show its secret."""
    prepare()
    from yiwang.kernel.people.keys import GIVEN_FIRST, USUAL_HOURLY, make_key
    from yiwang.kernel.people.rules import SYSTEM

    key, secret = make_key(
        name, list(scopes or GIVEN_FIRST), area=area,
        hourly=USUAL_HOURLY if hourly is None else hourly, by=SYSTEM, at=now())
    if as_json:
        click.echo(json.dumps({**_told(key), "secret": secret}, ensure_ascii=False))
    else:
        click.echo(secret)


@click.command("list", help=about("列出密钥，只显示末四位。", "List keys, by their last letters."))
@JSON
def list_keys(as_json: bool) -> None:
    """Every key, those in force first."""
    prepare()
    from yiwang.kernel.people.models import ApiKey

    found = sorted(ApiKey.objects.order_by("name"), key=lambda key: key.ended_at is not None)
    if as_json:
        click.echo(json.dumps([_told(key) for key in found], ensure_ascii=False))
        return
    if not found:
        click.echo(str(Words("还没有密钥。", "No keys yet.")), err=True)
    for key in found:
        told = _told(key)
        ended = Words("停用于 {day}", "ended {day}").filled(day=(told["ended_at"] or "")[:10])
        click.echo(f"{key.pk}  …{key.hint}  {key.area}  {', '.join(key.scopes)}  {key.hourly}/h  "
                   f"{key.name}{f'  {ended}' if key.ended_at else ''}")


@click.command("end", help=about("停用一把密钥，立即生效。", "End a key, at once."))
@click.argument("key_id", type=click.UUID)
@JSON
def end(key_id: UUID, as_json: bool) -> None:
    """End it; ending it again changes nothing."""
    prepare()
    from yiwang.kernel.people.keys import end_key
    from yiwang.kernel.people.models import ApiKey
    from yiwang.kernel.people.rules import SYSTEM

    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None:
        raise Refusal("no_key", Words("没有这把密钥。", "There is no such key."),
                      Words("编号见 yiwang keys list。", "yiwang keys list tells the ids."))
    end_key(key, by=SYSTEM, at=now())
    click.echo(json.dumps(_told(key), ensure_ascii=False) if as_json
               else str(Words("已停用。", "Ended.")))


def _told(key: Any) -> dict[str, Any]:
    return {"id": str(key.pk), "name": key.name, "area": key.area, "scopes": key.scopes,
            "hourly": key.hourly, "hint": key.hint, "since": key.since.isoformat(),
            "ended_at": key.ended_at.isoformat() if key.ended_at else None}
