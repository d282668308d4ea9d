"""Filters kept under a name: saving one, forgetting one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import SavedFilter
from yiwang.kernel.cases.saved_filters import drop_filter, save_filter
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.shell.doors import Asked, door, refused

from . import filters

PAGE_NAME = "events/desk"


def kept_filters(request: HttpRequest) -> list[SavedFilter]:
    """The reader's saved filters, by name."""
    return list(SavedFilter.objects.filter(person=_person(request), page=PAGE_NAME)
                .order_by("name"))


@require_POST
@door("case.view")
def save(request: Asked) -> HttpResponse:
    """Keep the present question under a name."""
    asked = filters.question_from(request.POST, first_tab="open")
    query = filters.address_of(asked.question)
    try:
        save_filter(_person(request), PAGE_NAME, request.POST.get("name", ""), query,
                    by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal, status=422)
    messages.success(request, str(Words("已保存筛选。", "The filter is saved.")))
    return redirect(f"{reverse('desk')}?{query}")


@require_POST
@door("case.view")
def drop(request: Asked, filter_id: UUID) -> HttpResponse:
    """Forget a saved filter of one's own."""
    drop_filter(_person(request), filter_id, by=request.actor, at=now())
    return redirect("desk")


def _person(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person):  # the door lets only people in
        raise TypeError(type(person))
    return person
