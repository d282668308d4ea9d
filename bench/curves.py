"""The cost curve: p95 of every page and memory against the number of cases, one picture each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .aims import PAGES
from .table import percentile

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Stage = Mapping[str, Any]


def draw(stages: Sequence[Stage], folder: Path) -> list[str]:
    """Write a picture for each database measured at two sizes or more; returns their names."""
    made = []
    for database, title in TITLES.items():
        found = [stage for stage in stages if stage["database"] == database]
        if len(found) > 1:
            name = f"cost-curve-{database}.svg"
            _draw(found, title, folder / name)
            made.append(name)
    return made


def _draw(stages: Sequence[Stage], title: str, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.fonttype"] = "none"  # words stay words
    mpl.rcParams["svg.hashsalt"] = title  # the same figures make the same file
    from matplotlib import pyplot as plt

    sizes = [stage["cases"] for stage in stages]
    figure, (times, memory) = plt.subplots(
        2, 1, figsize=(9, 9), height_ratios=(4, 1), sharex=True, layout="constrained")
    for place, page in enumerate(_by_cost(stages)):
        times.plot(sizes, [_p95(stage, page) for stage in stages], marker="o", markersize=3,
                   linestyle=("-", "--", ":")[place // 10 % 3], label=page)
    times.set(xscale="log", yscale="log", ylabel="p95, ms", title=f"{title}: p95 of each page")
    times.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    memory.plot(sizes, [max(stage["memory_mb"]) for stage in stages], marker="o", markersize=3)
    memory.set(xscale="log", ylim=(0, None), xlabel="cases", ylabel="MB a worker")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _by_cost(stages: Sequence[Stage]) -> list[str]:
    """Pages measured at every size, dearest first at the largest."""
    names = [page.name for page in PAGES if all(page.name in stage["pages"] for stage in stages)]
    return sorted(names, key=lambda name: -_p95(stages[-1], name))


def _p95(stage: Stage, page: str) -> float:
    return percentile(stage["pages"][page], 0.95)
