"""Tables of frameworks: the framework, its members by date, the kinds on its tracks by date."""

from django.db import models


class Framework(models.Model):
    """A named composition of bodies or systems, such as “141”. What it holds is its members."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)
    slots = models.JSONField(help_text="its parts in order, each [中文, English]")
    note = models.CharField(max_length=200, default="", blank=True, help_text="中文 / English")

    def __str__(self) -> str:
        return self.name


class FrameworkMember(models.Model):
    """A member under one name, from a day to a day; under a new name it is a new row."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="members")
    code = models.CharField(max_length=20)
    slot = models.PositiveSmallIntegerField(help_text="which part of the framework, from 0")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, default="", blank=True)
    is_track = models.BooleanField(default=False, help_text="kinds of cases stand on it")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day")
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "code", "since"], name="member_once"),
        ]

    def __str__(self) -> str:
        return self.name


class KindTrack(models.Model):
    """A kind, and all below it that say nothing else, stands on a track from a day to a day."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="tracks")
    kind = models.CharField(max_length=60, help_text="a kind or a prefix of kinds; empty: any")
    member = models.CharField(max_length=20, help_text="code of the member that is the track")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day")
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "kind", "since"], name="track_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.framework_id}/{self.member}"
