"""``yiwang migrate``: tables, declared playbooks, calendar and static files, all up to date."""

import hashlib
import os
from pathlib import Path

import click

from yiwang.algorithms.words import Words


@click.command()
@click.option("--service-role", metavar="ROLE",
              help="PostgreSQL：给运行服务的账号只读写行的权限 · may read and write rows, no more")
def migrate(service_role: str | None) -> None:
    """更新数据表、流程、日历、静态文件 · Bring tables, playbooks and static files up to date."""
    bring_up_to_date()
    if service_role:
        from yiwang.kernel.keeping.service_role import grant

        grant(service_role)


def bring_up_to_date() -> None:
    """Every step passes over what is done already, so that it costs nothing to run it again."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    migrate_tables()
    declare_what_ships()
    collect_static()


def migrate_tables() -> None:
    """Make or change tables; says nothing when there is nothing to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(Words("建表", "making the tables"))
        call_command("migrate", interactive=False, verbosity=0)


def declare_what_ships() -> None:
    """Put into the tables what comes with this version: holidays, frameworks, playbooks."""
    from django.utils import timezone

    from yiwang.kernel.cases.calendar import seed_calendar
    from yiwang.kernel.cases.playbook_store import declare
    from yiwang.kernel.frameworks.shipped import seed_frameworks
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.kernel.practice import practices

    seed_calendar()
    seed_frameworks(by=SYSTEM, at=timezone.now())
    for practice in practices:
        declare(practice.playbooks, by=SYSTEM, at=timezone.now())
        if practice.seed is not None:
            practice.seed(by=SYSTEM, at=timezone.now())


def collect_static() -> None:
    """Hash and compress the static files, once for each state of them."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    say(Words("收集静态文件", "collecting the static files"))
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def static_state() -> str:
    """A digest of the names, sizes and times of all static files there are."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def say(words: Words) -> None:
    """One line about what is being done, on standard error, in the reader's language."""
    click.echo(f"· {words}", err=True)
