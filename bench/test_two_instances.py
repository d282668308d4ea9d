"""A town hands a case up to its county: two running instances, killed in between, nothing lost."""

import shutil
import subprocess
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


def acquainted(town: Instance, county: Instance) -> None:
    """Each side registers the other's address and key by the command line."""
    with ThreadPoolExecutor(2) as both:
        keys = list(both.map(lambda one: one.command("exchange", "key")["key"], (town, county)))
        jobs = [both.submit(one.command, "exchange", "add-peer", name, other.address, key,
                            "--stands", stands, "--area", "330206005")
                for one, other, name, key, stands in (
                    (town, county, "区中心", keys[1], "above"),
                    (county, town, "霞浦街道", keys[0], "below"))]
        assert all(job.result()["key_id"] for job in jobs)


def becomes(one: Instance, within: float = 40.0, **wanted: str) -> bool:
    def as_wanted() -> bool:
        now = one.ask("standing()")
        return all(now[name] == value for name, value in wanted.items())

    return bool(eventually(as_wanted, within=within))


def test_a_case_is_handed_up_worked_there_and_closed_at_home(
    pair: tuple[Instance, Instance],
) -> None:
    town, county = pair
    acquainted(town, county)
    town.ask("settle('330206005', '霞浦街道', 'Xiapu')")
    county.ask("settle('330206', '北仑区', 'Beilun')")
    town.ready()
    county.ready()
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
    for one in pair:
        assert (one.ask("standing()")["cases"], one.ask("standing()")["faults"]) == (1, 0)
    assert town.command("exchange", "messages") == []
