"""Which other instances a case may be handed to, by where it lies."""

from .models import Peer
from .scopes import prefixes_of


def known_peers() -> list[str]:
    """Names of instances below and beside us, by name."""
    known = Peer.objects.filter(ended_at__isnull=True).exclude(stands=Peer.Stands.ABOVE)
    return list(known.order_by("name").values_list("name", flat=True))


def peers_for(area: str) -> list[str]:
    """Those of them that deal with the area, by name."""
    known = Peer.objects.filter(area__in=prefixes_of(area), ended_at__isnull=True)
    return list(known.exclude(stands=Peer.Stands.ABOVE).order_by("name")
                .values_list("name", flat=True))


def peer_above(area: str) -> Peer | None:
    """The instance above us for the area: where several are, the one with the narrowest part."""
    known = Peer.objects.filter(area__in=prefixes_of(area), ended_at__isnull=True,
                                stands=Peer.Stands.ABOVE)
    return max(known, key=lambda peer: len(peer.area), default=None)
