"""Colours for a map: parts that touch differ, with six colours at most where the map is flat."""

from collections.abc import Sequence


def touching(part_of: Sequence[int], neighbours: Sequence[Sequence[int]]) -> list[set[int]]:
    """Which parts share a border."""
    found: list[set[int]] = [set() for _ in range(max(part_of) + 1)]
    for point, part in enumerate(part_of):
        found[part] |= {part_of[one] for one in neighbours[point]} - {part}
    return found


def coloured(near: Sequence[set[int]]) -> list[int]:
    """A colour (from 0) for each part, smallest last (Matula, Beck, 1983): in a planar map every
    part has at most five neighbours among those before it.
    """
    left = set(range(len(near)))
    order: list[int] = []
    while left:
        least = min(left, key=lambda part: (len(near[part] & left), part))
        order.append(least)
        left.remove(least)
    colours: dict[int, int] = {}
    for part in reversed(order):
        taken = {colours[other] for other in near[part] if other in colours}
        colours[part] = next(one for one in range(len(near)) if one not in taken)
    return [colours[part] for part in range(len(near))]
