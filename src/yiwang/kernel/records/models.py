"""Tables of the record: the trail, the outbox, attachments and the counters behind numbers."""

from django.db import models

from yiwang.kernel.ids import new_id


class TrailEntry(models.Model):
    """One thing that happened to one stream. Written once: the database refuses changes to it."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    note = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="trail_stream_seq"),
        ]
        indexes = [models.Index(fields=["at"], name="trail_at")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.verb}"


class OutboxMessage(models.Model):
    """An event that must reach its listeners: written with the change, delivered afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    body = models.JSONField()
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=400, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_waiting",
                condition=models.Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class OnceAnswer(models.Model):
    """The answer to a write that may be sent again; kept for a day by ``once.py``."""

    key = models.CharField(max_length=64, primary_key=True, help_text="digest of whose and which")
    asked = models.CharField(max_length=64, help_text="digest of what was asked")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="once_answer_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.status}"


class Counter(models.Model):
    """The last serial given out under one name, such as ``XP-2026``: no gaps, no doubles."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Attachment(models.Model):
    """A file as evidence, kept under its own hash; the shown picture holds no position."""

    id = models.UUIDField(primary_key=True, default=new_id)
    stream = models.CharField(max_length=60)
    stage = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes of the stored, re-encoded file")
    stored_digest = models.CharField(max_length=64, help_text="SHA-256 of the stored file")
    captured_digest = models.CharField(max_length=64, help_text="SHA-256 of the file as captured")
    captured_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True, help_text="EXIF position, degrees WGS-84")
    latitude = models.FloatField(null=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["stream", "id"], name="attachment_stream")]

    def __str__(self) -> str:
        return f"{self.name} of {self.stream}"
