"""Tables of webhooks: who is told, the log of what there is to tell, and each telling of it."""

from django.db import models

from yiwang.kernel.ids import new_id


class Webhook(models.Model):
    """Another system's address, what it wants to be told, and the secret it knows us by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=400)
    types = models.JSONField(help_text="short names of types; empty: all")
    area = models.CharField(max_length=24, help_text="unit or cell code; covers all below it")
    mode = models.CharField(max_length=12, help_text="structured or binary")
    secret_sealed = models.BinaryField()
    old_secret_sealed = models.BinaryField(default=b"")
    old_secret_until = models.DateTimeField(null=True)
    asks_first = models.BooleanField(default=False, help_text="CloudEvents validation handshake")
    agreed_at = models.DateTimeField(null=True, help_text="when the handshake was answered")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False, help_text="ended because the receiver said 410")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    next_at = models.DateTimeField(null=True, help_text="not called before")
    busy_until = models.DateTimeField(null=True, help_text="a worker is sending to it")

    def __str__(self) -> str:
        return self.name


class Told(models.Model):
    """One event as it may be told, numbered without gaps. ``id`` is the outbox message's."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    type = models.CharField(max_length=20)
    subject = models.UUIDField()
    area = models.CharField(max_length=24)
    at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="told_at")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


class Delivery(models.Model):
    """One event on its way to one webhook; a row stays as the log until it is forgotten."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, db_index=False)
    told = models.ForeignKey(Told, on_delete=models.CASCADE)
    subject = models.UUIDField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0, help_text="HTTP; 0: no answer")
    ms = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, default="")
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "told"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["webhook", "told"], name="delivery_waiting",
                         condition=models.Q(state="waiting")),
            models.Index(fields=["webhook", "subject", "told"], name="delivery_order",
                         condition=models.Q(state="waiting")),
            models.Index(fields=["tried_at"], name="delivery_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.told_id} {self.state}"
