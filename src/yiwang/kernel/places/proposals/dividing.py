"""From address points to a division of the ground, or a refusal in words. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.districting.proposal import Address, Plot, gathered, plotted
from yiwang.algorithms.districting.search import Limits, divide
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

DIGITS = 7  # of a degree: 1 cm
NOT_ONE_PIECE = "the ground is not in one piece"  # said by search.divide


def inside(boundary: BaseGeometry, addresses: Sequence[Address]) -> tuple[list[Address], int]:
    """The addresses within the boundary (degrees), and how many are left out."""
    if not addresses:
        return [], 0
    held = shapely.covers(boundary, shapely.points([(one.lon, one.lat) for one in addresses]))
    kept = [one for one, is_in in zip(addresses, held, strict=True) if is_in]
    return kept, len(addresses) - len(kept)


def rounded(addresses: Sequence[Address]) -> list[Address]:
    """To the centimetre: what lies closer together than that is one spot."""
    return [replace(one, lon=round(one.lon, DIGITS), lat=round(one.lat, DIGITS))
            for one in addresses]


def check_spots(addresses: Sequence[Address], parts: int, most: int) -> None:
    """As many spots as parts at least; raises ``Refusal``."""
    spots = len({(one.lon, one.lat) for one in addresses})
    if not parts <= spots <= most:
        raise Refusal("points", Words(
            "有 {n} 个不同的点，要在 {parts} 到 {most} 之间。",
            "There are {n} distinct points; {parts} to {most} are wanted.").filled(
            n=spots, parts=parts, most=most))


def laid_out(weights: Mapping[tuple[float, float], int], boundary: BaseGeometry) -> Plot:
    """The ground of the spots; raises ``Refusal`` where it cannot be drawn."""
    try:
        return plotted(weights, boundary)
    except (ValueError, shapely.errors.ShapelyError) as wrong:
        raise no_division(wrong) from None


def divided(addresses: Sequence[Address], boundary: BaseGeometry, parts: int, *, seed: int,
            limits: Limits) -> tuple[Plot, tuple[int, ...]]:
    """The ground, and the part of each of its spots; raises ``Refusal``."""
    plot = laid_out(gathered(addresses), boundary)
    try:
        found = divide(plot.weights, plot.ground.neighbours, parts, seed=seed, limits=limits)
    except ValueError as wrong:
        raise no_division(wrong) from None
    return plot, found.part_of


def no_division(wrong: Exception) -> Refusal:
    """Why there is none, as far as it is known."""
    if str(wrong) == NOT_ONE_PIECE:
        return Refusal(
            "no_division",
            Words("分不成：网格的地不连在一起。",
                  "It cannot be divided: the ground is in several pieces."),
            Words("先改网格的边界，或分块提出。", "Mend the grid's boundary first."))
    return Refusal("no_division", Words(
        "按这些点画不出分片。", "No parts can be drawn about these points."),
        Words("检查坐标系和网格的边界。", "Check the coordinates and the grid's boundary."))
