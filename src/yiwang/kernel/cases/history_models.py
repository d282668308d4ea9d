"""Tables of what is learned from dispatches, and of what became of the suggestions."""

from django.db import models

from yiwang.kernel.people.models import Team

from .models import Case


class DispatchHistory(models.Model):
    """What a town's finished cases taught, up to a day. Made anew each night; nothing rests on it.

    ``body`` is ``algorithms.owners.History`` as plain data, and the teams behind its names.
    """

    practice = models.CharField(max_length=20)
    town = models.CharField(max_length=9, help_text="unit code of the town")
    as_of = models.DateField(help_text="the day it was learned on")
    learned_at = models.DateTimeField(help_text="the moment; workers read the body again by it")
    cases = models.PositiveIntegerField()
    body = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "town"], name="dispatch_history_once"),
        ]

    def __str__(self) -> str:
        return f"{self.practice} {self.town} {self.as_of}"


class Advice(models.Model):
    """What was suggested when a dispatcher first gave a case away, and whether it was taken."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="advice"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    learned = models.BooleanField(help_text="from history alone; else a rule said so")
    odds = models.FloatField(null=True, help_text="0–1")
    taken = models.BooleanField(help_text="the first suggestion was followed")

    def __str__(self) -> str:
        return f"{self.case_id} {self.team_id} {self.taken}"
