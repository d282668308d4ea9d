"""Tables of daily events: where foreign events come from, the runs that brought them in."""

from django.db import models

from yiwang.kernel.ids import new_id


class ImportSource(models.Model):
    """Another system whose events come in: its ground, its class list, its columns."""

    code = models.CharField(max_length=20, primary_key=True)
    area = models.CharField(max_length=12, help_text="unit that all its places lie in")
    number_prefix = models.CharField(max_length=10, help_text="PS gives PS-2018-000001")
    kind_list = models.CharField(max_length=20)
    headers = models.JSONField(default=list, help_text="columns of its file, as last seen")
    mapping = models.JSONField(default=dict, help_text="column of the file → field of ours")

    def __str__(self) -> str:
        return self.code


class ImportRun(models.Model):
    """One file coming in. What is committed and how far it got are one transaction."""

    class State(models.TextChoices):
        READY = "ready"  # uploaded, mapping not settled
        RUNNING = "running"
        DONE = "done"
        BROKEN = "broken"  # the file cannot be read any further

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey(ImportSource, null=True, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=400, help_text="where the file lies")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    layout = models.JSONField(help_text="form, encoding, separator, columns")
    mapping = models.JSONField(default=dict)
    beaten = models.JSONField(default=list, help_text="rows that a later one of their number beats")
    as_open = models.BooleanField(default=False, help_text="as work to be done, not as history")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    trouble = models.JSONField(default=dict, help_text="why it broke, in both languages")
    total = models.PositiveIntegerField(default=0, help_text="rows in the file")
    position = models.PositiveIntegerField(default=0, help_text="rows dealt with")
    offset = models.BigIntegerField(default=0, help_text="bytes dealt with")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    superseded = models.PositiveIntegerField(default=0, help_text="a later row had the number")
    rejected = models.PositiveIntegerField(default=0)
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["started_by", "id"], name="import_run_by"),
            models.Index(fields=["digest"], name="import_run_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class RejectedRow(models.Model):
    """A row that did not come in: which, why, and what to do, with its cells to be mended."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    row = models.PositiveIntegerField(help_text="as a spreadsheet numbers it")
    problems = models.JSONField()
    cells = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "row"], name="rejected_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} row {self.row}"
