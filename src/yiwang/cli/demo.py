"""``yiwang demo``: the demo town in one command: tables, static files, people, a year of events."""

import os
from typing import TYPE_CHECKING

import click

from yiwang.algorithms.words import Words
from yiwang.cli.migrate import bring_up_to_date, say
from yiwang.cli.serve import listen, serve_until_stopped
from yiwang.cli.speaking import columns
from yiwang.config import env
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.sign_in_rules import OFFERED

if TYPE_CHECKING:
    from yiwang.kernel.people.models import Person

WIDTHS = (14, 20, 20)  # columns of the table, in characters of a terminal


@click.command()
@click.option("--no-serve", is_flag=True, help="只建不启动 · make it, do not serve it")
def demo(no_serve: bool) -> int:
    """建好示范镇并启动 · Make the demo town and serve it."""
    os.environ.setdefault("YIWANG_SECOND_FACTOR", OFFERED)  # one password opens every account
    host, port = env.read("YIWANG_HOST"), int(env.read("YIWANG_PORT"))
    if not no_serve:
        listen(host, port).close()
    bring_up_to_date()
    make_town()
    click.echo(sign_in_table(f"http://{host}:{port}/"))
    return 0 if no_serve else serve_until_stopped()


def make_town() -> None:
    """Let every practice put its part in place; what is there is passed over.

    Raises ``Refusal`` on an instance with people of its own: made people with a known password
    have no place among them.
    """
    from django.utils import timezone

    from yiwang.kernel.people.models import Person
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.practice import practices
    from yiwang.kernel.records import demo_town

    if not demo_town.is_demo():
        if Person.objects.exists():
            raise _in_use()
        demo_town.note(demo_town.BEGIN, by=SYSTEM.ref, at=timezone.now())
    if demo_town.is_finished():
        return
    for practice in practices:
        if practice.demo is not None:
            say(Words("示范数据：{title}…", "demo data: {title} …").filled(title=practice.title))
            practice.demo(at=timezone.now())
    demo_town.note(demo_town.FINISH, by=SYSTEM.ref, at=timezone.now())


def _in_use() -> Refusal:
    return Refusal(
        code="instance_in_use",
        what=Words("这个实例里已有自己的人员，不放入示范数据。",
                   "This instance has people of its own; no demo data are put into it."),
        todo=Words("换一个数据文件夹：YIWANG_DATA=.data-demo yiwang demo",
                   "Choose another data folder: YIWANG_DATA=.data-demo yiwang demo"),
    )


def sign_in_table(address: str) -> str:
    """The address, and for each made person the account and password that signs them in."""
    from yiwang.kernel.people.models import Person
    from yiwang.practices.events.demo.people import PASSWORD

    people = (Person.objects.filter(is_active=True).prefetch_related("terms__team")
              .order_by("account"))
    lines = [_line(person.account, PASSWORD, *_role(person)) for person in people]
    head = _line("账号 account", "密码 password", "角色", "role")
    return "\n".join(["", f"  一网 Yiwang   {address}", "", head, *lines, ""])


def _role(person: "Person") -> tuple[str, str]:
    from yiwang.kernel.people.rules import ROLES

    terms = [term for term in person.terms.all() if term.role in ROLES]
    names = [(ROLES[term.role].title, term.team) for term in terms]
    return ("、".join(f"{team.name}" if team else title.zh for title, team in names),
            ", ".join(f"{title.en}, {team.name_en}" if team else title.en
                      for title, team in names))


def _line(*cells: str) -> str:
    padded = [cell + " " * max(1, width - columns(cell))
              for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  " + "".join([*padded, *cells[len(WIDTHS):]])
