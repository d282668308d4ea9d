"""Tables of the exchange: a case that was handed on, and every message about it."""

from django.db import models

from yiwang.kernel.cases.models import Case
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Peer


class Handed(models.Model):
    """A case that two instances know of: ours went there, or theirs came here (``incoming``)."""

    class State(models.TextChoices):
        SENT = "sent"
        ARRIVED = "arrived"
        WORKING = "working"
        REFUSED = "refused"
        CLOSED = "closed"
        RECALLED = "recalled"

    id = models.UUIDField(primary_key=True, default=new_id)
    hand = models.UUIDField(help_text="what both sides call this hand-over")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, db_index=False)
    incoming = models.BooleanField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handed")
    move = models.CharField(max_length=40, default="", help_text="the move that handed it on")
    state = models.CharField(max_length=8, choices=State.choices)
    their_number = models.CharField(max_length=24, default="")
    their_due_at = models.DateTimeField(null=True)
    said = models.JSONField(default=dict, help_text="outcome or reason, as it came")
    sent_step = models.PositiveIntegerField(default=0, help_text="of the last message sent")
    seen_step = models.PositiveIntegerField(default=0, help_text="of the last message obeyed")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "incoming", "hand"], name="handed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class PeerMessage(models.Model):
    """A message to or from another instance. Its body is dropped when it is not needed any more."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, db_index=False)
    incoming = models.BooleanField()
    message = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=8)
    about = models.UUIDField(null=True, help_text="the hand-over; none for a new key")
    step = models.PositiveIntegerField(default=0)
    body = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what it says")
    key_id = models.CharField(max_length=16, help_text="the sender's key")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, default="")
    done_at = models.DateTimeField(null=True)
    receipt = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "incoming", "message"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["peer", "id"], name="message_newest"),
            models.Index(fields=["peer", "id"], name="message_waiting",
                         condition=models.Q(state="waiting")),
            models.Index(fields=["done_at"], name="message_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"
