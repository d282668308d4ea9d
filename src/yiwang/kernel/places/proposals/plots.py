"""The ground of a proposal, laid out once a process: it never changes while the proposal lives."""

from functools import lru_cache
from uuid import UUID

from yiwang.algorithms.districting.proposal import Plot
from yiwang.algorithms.polygons import read_shape
from yiwang.kernel.places.models import CellShape, GridProposal

from .dividing import laid_out

HELD = 8  # grounds in memory; one of 2,000 spots takes some megabytes


def plot_of(proposal: GridProposal) -> Plot:
    """The ground under the proposal's spots."""
    spots = tuple((lon, lat, households) for lon, lat, households in proposal.spots)
    return _laid_out(proposal.shape_id, spots)


@lru_cache(maxsize=HELD)
def _laid_out(shape: UUID, spots: tuple[tuple[float, float, int], ...]) -> Plot:
    boundary = read_shape(CellShape.objects.get(pk=shape).geometry)
    return laid_out({(lon, lat): households for lon, lat, households in spots}, boundary)
