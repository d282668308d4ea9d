"""``yiwang work``: deliver what waits in the outbox and let due timers fire, every two seconds."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime

import click

PAUSE = 2.0  # seconds between two rounds; also the longest an event waits when nothing is wrong
MOST_PAUSE = 60.0  # seconds; a failing round waits twice as long each time, up to this

logger = logging.getLogger("yiwang.work")


@click.command()
@click.option("--once", is_flag=True, help="只做一轮 · one round, then end")
def work(once: bool) -> None:
    """处理后台事务：事件投递、到期时钟 · Do the background work: events and due clocks."""
    _prepare()
    from django.conf import settings
    from django.utils.timezone import localtime

    from yiwang.cli.nightly import Nightly
    from yiwang.kernel.courier import Courier, send_all
    from yiwang.kernel.keeping.disk import say_running
    from yiwang.kernel.work import run_once
    from yiwang.shell import renewal

    say_running(settings.DATA)
    if once:
        run_once(_now())
        send_all(_now)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    courier = threading.Thread(target=Courier(_now).run_until, args=(stop,), daemon=True)
    courier.start()
    nightly = Nightly(settings.BACKUP)
    renewal.allow()

    def one_round(at: datetime) -> None:
        nightly.look(localtime(at))
        run_once(at)

    work_until(stop, one_round)
    stop.set()
    courier.join(timeout=5)


def work_until(stop: threading.Event, run_once: Callable[[datetime], object]) -> None:
    """Rounds until ``stop`` is set or the parent is gone; an error is logged and tried again."""
    parent, pause = os.getppid(), PAUSE
    while not stop.is_set() and os.getppid() == parent:
        pause = PAUSE if _round(run_once) else min(pause * 2, MOST_PAUSE)
        _rest(stop, pause, parent)


def _round(run_once: Callable[[datetime], object]) -> bool:
    """One round; whether it went well."""
    from django.db import connections

    from yiwang.shell import renewal

    try:
        run_once(_now())
    except Exception as problem:  # the loop must outlive whatever one round meets
        logger.exception("a round of background work failed; it is tried again")
        connections.close_all()  # one opened on a read-only standby would stay so for ever
        renewal.look_at(problem)
        return False
    return True


def _rest(stop: threading.Event, pause: float, parent: int) -> None:
    """Wait, but wake for ``stop`` at once and for a lost parent within a pause of two seconds."""
    waited = 0.0
    while waited < pause and os.getppid() == parent and not stop.wait(min(PAUSE, pause - waited)):
        waited += PAUSE


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()


if __name__ == "__main__":
    work()
