"""Where the processor's time goes: lives and pages inside this process, without a network.

``python -m bench.profile DATA_FOLDER [--top STEP]``: CPU milliseconds and queries of each request;
``--top`` prints the functions of one of them.
"""

import argparse
import cProfile
import os
import pstats
import random
import statistics
import sys
import time
from typing import Any

from .wire import Ask, Reply

ROUNDS = 40


def main() -> None:
    """Measure in the folder given; the folder's database is changed by the lives lived."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder")
    wanted.add_argument("--top", default="")
    wanted.add_argument("--rounds", type=int, default=ROUNDS)
    wanted.add_argument("--sql", default="")
    wanted.add_argument("--panels", action="store_true")
    options = wanted.parse_args()
    os.environ["YIWANG_DATA"] = options.folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()
    from .inside import Inside, pages_of

    inside = Inside()
    profiler = cProfile.Profile() if options.top else None
    inside.watch(options.top, profiler)
    _live(inside, options.rounds, options.panels)
    for page in pages_of():
        for _ in range(max(3, options.rounds // 4)):
            inside.ask(Ask(page.name, "GET", page.path, page.who, fragment=page.fragment))
    _say(inside, options.sql)
    if profiler:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(45)
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumtime").print_stats(90)


def _live(inside: Any, rounds: int, panels: bool) -> None:
    from .fill import ground
    from .life import life

    chance, known = random.Random(1), ground()
    for _ in range(rounds):
        steps = life(known, chance, panels=panels)
        asked = next(steps)
        while True:
            reply: Reply = inside.ask(asked)
            try:
                asked = steps.send(reply)
            except StopIteration:
                break


def _say(inside: Any, sql: str) -> None:
    for name, spent in inside.spent.items():
        warm = spent[len(spent) // 4 :]
        quick = sorted(warm)[len(warm) // 10]  # a busy machine slows some, never all
        print(f"{name:36} {statistics.mean(warm):7.2f} ms CPU (median "
              f"{statistics.median(warm):6.2f}, quickest tenth {quick:6.2f})  "
              f"{len(inside.queries[name]):3} queries  "
              f"{inside.sizes[name] / 1024:7.1f} KB")
    for query in inside.queries.get(sql, ()):
        print("  ", query["time"], query["sql"][:400])


if __name__ == "__main__":
    started = time.monotonic()
    main()
