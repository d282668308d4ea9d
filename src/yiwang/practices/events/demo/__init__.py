"""The demo town 霞浦街道: real names of its units, made boundaries, made people, a made year."""

from datetime import datetime

from django.db import transaction

from yiwang.kernel.cases.models import Case
from yiwang.kernel.places.models import Unit
from yiwang.kernel.practice import practices

from .people import settle_people
from .town import settle_town
from .year import A_YEAR, STILL_OPEN, live_a_year


def make(*, at: datetime, closed: int = A_YEAR, still_open: int = STILL_OPEN) -> None:
    """Make the town once; a second call finds it there and does nothing.

    ``closed`` and ``still_open`` are numbers of events; browser tests ask for few.
    """
    if not Unit.objects.filter(code="330206005").exists():
        with transaction.atomic():
            settle_town(at=at)
            settle_people(at=at)
    if not Case.objects.filter(practice="events").exists():
        live_a_year(practices["events"], at=at, closed=closed, still_open=still_open)
