"""Updates of a request: each step it came to, when, as anybody may know it. An extension."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.cases.playbook_store import load

from .answers import Items, listed
from .asking import method
from .reading import case_called, moment_text
from .requests import unknown


@method("GET", "states of a case with their moments, as the public map")
def updates(request: HttpRequest, form: str, number: str) -> HttpResponseBase:
    """The steps of one request, oldest first; never the words of the people at work."""
    case = case_called(number)
    if case is None:
        raise unknown(number)
    return listed("service_request_updates", Items("request_update", updates_of(case, number)),
                  form)


def updates_of(case: Case, number: str) -> list[dict[str, Any]]:
    """One row for each stretch in one state, and one for its end."""
    book = load(case.playbook, case.playbook_version)
    holds = Hold.objects.filter(case=case).order_by("since", "id")
    rows = [_update(str(hold.pk), number, "open", hold.state, book.state(hold.state).label,
                    moment_text(hold.since)) for hold in holds]
    if not case.is_open:
        rows.append(_update(f"{case.pk}-end", number, "closed", case.state,
                            book.state(case.state).label,
                            moment_text(case.closed_at or case.changed_at or case.opened_at)))
    return rows


def _update(
    id_: str, number: str, status: str, state: str, label: Words, at: str | None
) -> dict[str, Any]:
    return {"update_id": id_, "service_request_id": number, "status": status, "state": state,
            "description": label, "updated_datetime": at}
