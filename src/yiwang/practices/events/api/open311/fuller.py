"""What a key with ``open311.read`` is told beyond the public: exact place, words and address.

Only of cases in the key's own area, and never of a kind that may point to one household; names
and telephone numbers are told to nobody. Each answer is noted in the trail of the key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.keys import FULLER, key_of, note_reading
from yiwang.kernel.people.models import ApiKey
from yiwang.practices.events.rules import NOTES_MARK, is_sensitive

KEPT = 200  # characters of a question noted in the trail


@dataclass(frozen=True, slots=True)
class Fuller:
    """The right to more, by a key."""

    key: ApiKey

    def holds(self, case: Case) -> bool:
        """Whether the key may know this case's words and exact place."""
        return case.area.startswith(self.key.area) and not is_sensitive(case.kind)

    def words_of(self, case: Case) -> dict[str, Any]:
        """The fields that the public answer leaves out or coarsens."""
        words, _, notes = case.text.partition(NOTES_MARK)
        told: dict[str, Any] = {"description": words or None, "address": case.address or None,
                                "media_url": (case.facts.get("source") or {}).get("media_url")}
        return {**told, "status_notes": notes} if notes else told


def fuller_for(request: HttpRequest, *, at: datetime) -> Fuller | None:
    """The right that the question's ``api_key`` gives; None without one, or for a key to send."""
    secret = request.headers.get("X-Api-Key", "") or request.GET.get("api_key", "")
    key = key_of(secret, at=at) if secret else None
    return Fuller(key) if key and FULLER in key.scopes else None


def note(fuller: Fuller | None, request: HttpRequest, rows: int, *, at: datetime) -> None:
    """Who read what, and how much of it; the secret is not among it."""
    if fuller is not None:
        asked = {name: str(value)[:KEPT] for name, value in request.GET.items()
                 if name != "api_key"}
        note_reading(fuller.key, path=request.path, asked=asked, rows=rows, at=at)
