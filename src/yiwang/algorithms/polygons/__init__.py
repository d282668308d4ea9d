"""Polygons of cells: reading them, finding what is wrong, locating points, snapping borders."""

from .locator import Locator
from .problems import Outline, Problem, Tolerances, problems
from .shapes import BrokenShape, area_m2, geojson, read_shape
from .snapping import Snapped, snap

__all__ = [
    "BrokenShape", "Locator", "Outline", "Problem", "Snapped", "Tolerances", "area_m2",
    "geojson", "problems", "read_shape", "snap",
]
