"""How often somebody without an account may ask: counted in the database, for all workers alike.

Whoever asks is remembered as a keyed digest, for the length of the window only.
"""

from datetime import datetime

from django.utils.crypto import salted_hmac

from .models import Counter
from .numbers import next_serial
from .pace_rules import Pace, too_often


def keep_pace(pace: Pace, who: str, *, at: datetime) -> None:
    """Count one more of ``who``; raises ``Refusal`` with code ``too_often`` beyond the limit."""
    window = int(at.timestamp() // pace.within.total_seconds())
    counted = next_serial(_name(pace, window, who))
    if counted == 1:
        forget_old(pace, at=at)
    if counted > pace.most:
        raise too_often(pace)


def is_over(pace: Pace, who: str, *, at: datetime) -> bool:
    """Whether ``who`` has used up this window; counts nothing."""
    window = int(at.timestamp() // pace.within.total_seconds())
    counted = Counter.objects.filter(name=_name(pace, window, who)).values_list("last", flat=True)
    return any(last >= pace.most for last in counted)


def forget_old(pace: Pace, *, at: datetime) -> None:
    """Drop the counts of windows that are over."""
    window = int(at.timestamp() // pace.within.total_seconds())
    Counter.objects.filter(
        name__gte=f"pace:{pace.name}:", name__lt=f"pace:{pace.name}:{window:012d}"
    ).delete()


def _name(pace: Pace, window: int, who: str) -> str:
    digest = salted_hmac("pace", f"{window}:{who}", algorithm="sha256").hexdigest()[:20]
    return f"pace:{pace.name}:{window:012d}:{digest}"
