"""What several verbs check before they act."""

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM, Actor, check_can

LONGEST_NAME = 60  # people.models.Person.name


def stream_of(person: Person) -> str:
    """The trail of a person; also how the trail names them where they act."""
    return f"person/{person.pk}"


def check_reach(by: Actor, capability: str, area: str) -> None:
    """The command line may all; anybody else needs the capability over ``area``."""
    if by != SYSTEM:
        check_can(by, capability, area=area)


def check_own(by: Actor, person: Person) -> None:
    """A person's own affairs are done by that person or by the command line."""
    if by != SYSTEM and by.ref != stream_of(person):
        raise NotAllowed(
            "not_yourself", Words("只能为自己办理。", "You can only do this for yourself.")
        )


def check_not_oneself(by: Actor, person: Person) -> None:
    """Nobody extends or takes away their own powers."""
    if by.ref == stream_of(person):
        raise NotAllowed(
            "yourself",
            Words("不能为自己办理这一项。", "You cannot do this for yourself."),
            Words("请另一位管理员办理。", "Ask another administrator."),
            field="person",
        )


def checked_name(name: str, *, most: int = LONGEST_NAME, field: str = "name") -> str:
    """A name without outer blanks; refuses an empty or too long one."""
    tidy = " ".join(name.split())
    if not tidy:
        raise Refusal("name_missing", Words("请填写名称。", "Enter a name."), field=field)
    if len(tidy) > most:
        raise Refusal(
            "name_too_long",
            Words("名称最多 {most} 个字，现在 {length} 个。",
                  "At most {most} characters; this has {length}.").filled(
                most=most, length=len(tidy)),
            field=field,
        )
    return tidy


def locked(person: Person) -> Person:
    """The person's row, held until the transaction ends: one writer a trail, on PostgreSQL too."""
    return Person.objects.select_for_update().get(pk=person.pk)
