"""A desk's question worth asking again: kept under a name, for the person who asked it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

from .models import SavedFilter

MOST = 20  # of one person on one page
LONGEST_NAME, LONGEST_QUERY = 40, 400  # characters


@transaction.atomic
def save_filter(
    person: Person, page: str, name: str, query: str, *, by: Actor, at: datetime
) -> SavedFilter:
    """Keep ``query`` under ``name``; the same name again takes the place of the old one."""
    said = name.strip()
    if not said or len(said) > LONGEST_NAME:
        raise Refusal("filter_name", Words("名字要有 1 到 40 个字。",
                                           "A name has 1 to 40 characters."), field="name")
    if len(query) > LONGEST_QUERY:
        raise Refusal("filter_long", Words("筛选条件太长，存不下。",
                                           "The filter is too long to be kept."), field="name")
    mine = SavedFilter.objects.filter(person=person, page=page)
    if not mine.filter(name=said).exists() and mine.count() >= MOST:
        raise Refusal("filters_full", Words("最多存 20 个，请先删一个。",
                                            "At most 20 are kept: delete one first."), field="name")
    trail.append(f"filters/{person.pk}", verb="save_filter", by=by.ref, at=at,
                 changes={"page": page, "name": said, "query": query})
    kept, _ = SavedFilter.objects.update_or_create(
        person=person, page=page, name=said, defaults={"query": query})
    return kept


@transaction.atomic
def drop_filter(person: Person, filter_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget one of the person's own filters; another's, or one already gone, changes nothing."""
    kept = SavedFilter.objects.filter(person=person, id=filter_id).first()
    if kept is None:
        return
    trail.append(f"filters/{person.pk}", verb="drop_filter", by=by.ref, at=at,
                 changes={"page": kept.page, "name": kept.name})
    kept.delete()
