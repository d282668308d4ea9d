"""The table of monthly reports: asked for, counted step by step, written, issued."""

from django.db import models

from yiwang.kernel.ids import new_id


class MonthlyReport(models.Model):
    """One report of one month and area. What was issued stays as it was issued."""

    class State(models.TextChoices):
        MAKING = "making"
        DRAFT = "draft"
        ISSUED = "issued"
        BROKEN = "broken"

    id = models.UUIDField(primary_key=True, default=new_id)
    practice = models.CharField(max_length=20)
    area = models.CharField(max_length=24, help_text="unit it tells of")
    month = models.CharField(max_length=7, help_text="2026-10")
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    asked_by = models.CharField(max_length=60)
    author = models.CharField(max_length=60, help_text="who prepared it, as printed")
    as_of = models.DateTimeField()
    total = models.PositiveSmallIntegerField(default=0, help_text="countings to be made")
    found = models.JSONField(default=dict, help_text="what has been counted")
    body = models.JSONField(default=dict, help_text="the document, in both languages")
    year = models.PositiveSmallIntegerField(null=True, help_text="of its number")
    serial = models.PositiveIntegerField(null=True)
    issued_by = models.CharField(max_length=60, default="")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "area", "year", "serial"],
                                    name="report_number"),
        ]
        indexes = [
            models.Index(fields=["asked_by", "id"], name="report_asked"),
            models.Index(fields=["state", "area"], name="report_state"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.month}"
