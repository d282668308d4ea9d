"""A case goes up, down and aside between two running instances; they are away or killed meanwhile.

Nothing is lost, nothing is taken twice, and each side's trail proves afterwards.
"""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.journeys.conftest import eventually

from bench.instances import COMMAND, Instance

DONE = {"result": "solved", "done": "区市政所李工 10:05 到场抽水并疏通雨水口，积水已退",
        "for_person": "路面已可通行"}


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, Instance]]:
    town, county = (Instance(tmp_path_factory.mktemp(name)) for name in ("town", "county"))
    subprocess.run([*COMMAND, "migrate"], env=town.environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copytree(town.data, county.data, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("keys"))
    try:
        for one in (town, county):
            one.start()
        yield town, county
    finally:
        for one in (town, county):
            one.close()


TOWN, COUNTY = ("330206005", "霞浦街道", "Xiapu"), ("330206", "区中心", "Beilun")
BESIDE = ("330206003", "大碶街道", "Daqi")
Party = tuple[str, str, str]  # unit code, name, name in English


def acquainted(pair: tuple[Instance, Instance], parties: tuple[Party, Party],
               stands: tuple[str, str] = ("above", "below")) -> None:
    """Each side registers the other's address and key by the command line; both are up then.

    ``stands``: where the second stands for the first, and the first for the second.
    """
    with ThreadPoolExecutor(2) as both:
        keys = list(both.map(lambda one: one.command("exchange", "key")["key"], pair))
        jobs = [both.submit(pair[one].command, "exchange", "add-peer", parties[1 - one][1],
                            pair[1 - one].address, keys[1 - one], "--stands", stands[one],
                            "--area", TOWN[0]) for one in (0, 1)]
        assert all(job.result()["key_id"] for job in jobs)
    for one, party in zip(pair, parties, strict=True):
        one.ask(f"settle{party!r}")
        one.ready()


def nothing_doubled(pair: tuple[Instance, Instance]) -> None:
    """One case on each side, trails that prove, no letter left."""
    for one in pair:
        assert (one.ask("standing()")["cases"], one.ask("standing()")["faults"]) == (1, 0)
        assert one.command("exchange", "messages") == []


def becomes(one: Instance, within: float = 40.0, **wanted: str) -> bool:
    def as_wanted() -> bool:
        now = one.ask("standing()")
        return all(now[name] == value for name, value in wanted.items())

    return bool(eventually(as_wanted, within=within))


def test_a_case_is_handed_up_worked_there_and_closed_at_home(
    pair: tuple[Instance, Instance],
) -> None:
    town, county = pair
    acquainted(pair, (TOWN, COUNTY))
    town.ask("report()")
    county.kill()
    assert town.ask("step('hand_up', 'dispatcher', reason='超出街道权限')") == "county"
    assert eventually(lambda: town.ask("standing()")["tries"] >= 1, within=30)
    assert town.ask("standing()")["handed"] == "sent"

    county.start()
    assert becomes(town, handed="arrived")
    here = county.ask("standing()")
    assert (here["cases"], here["reporters"], here["state"]) == (1, 0, "reported")
    assert here["theirs"] == town.ask("standing()")["number"]
    assert town.ask("standing()")["theirs"] == here["number"]
    assert county.ask("pictures()")[0][0] == town.ask("pictures()")[0][1]

    assert county.ask("step('assign', 'dispatcher', team='{team}')") == "assigned"
    assert becomes(town, handed="working", state="county")
    county.kill()
    assert county.ask(f"step('submit', 'office', **{DONE!r})") == "checking"
    assert county.ask("step('pass', 'grid_worker')") == "closed"
    county.start()
    assert becomes(town, handed="closed", state="checking")
    assert town.ask("step('pass', 'dispatcher')") == "closed"
    nothing_doubled(pair)


def test_a_case_is_handed_down_to_a_town_that_is_away_for_a_while(
    pair: tuple[Instance, Instance],
) -> None:
    county, town = pair
    acquainted(pair, (COUNTY, TOWN), ("below", "above"))
    county.ask("report()")
    town.kill()
    down = "step('hand_over', 'dispatcher', peer='霞浦街道', reason='属街道职责')"
    assert county.ask(down) == "elsewhere"
    assert eventually(lambda: county.ask("standing()")["tries"] >= 2, within=60)
    assert county.ask("standing()")["handed"] == "sent"

    town.start()
    assert becomes(county, within=120, handed="arrived")
    assert town.ask("standing()")["state"] == "reported"
    county.kill()
    assert town.ask("step('assign', 'dispatcher', team='{team}')") == "assigned"
    assert town.ask(f"step('submit', 'office', **{DONE!r})") == "checking"
    assert town.ask("step('pass', 'grid_worker')") == "closed"
    assert eventually(lambda: town.ask("standing()")["tries"] >= 1, within=60)
    county.start()
    assert becomes(county, within=120, handed="closed", state="checking")
    nothing_doubled(pair)


def test_a_case_handed_aside_is_taken_once_while_the_receiver_is_killed_midway(
    pair: tuple[Instance, Instance],
) -> None:
    here, there = pair
    acquainted(pair, (TOWN, BESIDE), ("beside", "beside"))
    here.ask("report()")
    chance = random.Random(330206)
    aside = "step('hand_over', 'dispatcher', peer='大碶街道', reason='地点在大碶')"
    assert here.ask(aside) == "elsewhere"
    for _ in range(3):  # at any moment of taking it: before, in the middle, before the receipt
        time.sleep(chance.uniform(0.2, 2.0))
        there.kill()
        there.start()
        there.ready()
    assert becomes(here, within=240, handed="arrived")
    assert there.ask("standing()")["cases"] == 1
    there.kill()
    no = "step('reject', 'dispatcher', whose='霞浦街道', reason='核实后在霞浦辖区')"
    assert there.ask(no) == "rejected"
    there.start()
    assert becomes(here, within=120, handed="refused", state="reported")
    nothing_doubled(pair)
