"""Of whom this instance demands a second factor (``YIWANG_SECOND_FACTOR``)."""

from django.conf import settings

from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.rules import SEPARATED, Actor
from yiwang.kernel.people.sign_in_rules import second_factor_demanded


def administers(actor: Actor) -> bool:
    """Whether one of the three administrators' roles is held."""
    return any(grant.role in SEPARATED for grant in actor.grants)


def must_set_up(person: Person, actor: Actor) -> bool:
    """Whether the person has to switch it on before anything else."""
    if not second_factor_demanded(settings.SECOND_FACTOR, administrator=administers(actor)):
        return False
    return not SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists()
