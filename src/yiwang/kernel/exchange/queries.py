"""What a case's page and the page of peers show of the exchange."""

from collections.abc import Sequence

from yiwang.kernel.cases.models import Case

from .models import Handed


def handed_of(case: Case) -> Sequence[Handed]:
    """Where the case came from and where it went, oldest first; one query."""
    return list(Handed.objects.filter(case=case).select_related("peer").order_by("at"))
