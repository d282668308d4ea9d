"""Tables of cases: the case itself, who held it, its helpers, and the rules that steer it."""

from django.db import models
from django.db.models import F, Q

from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Person, Team

from .squares import BY_SQUARE


class Hundredths(models.Func):
    """Hundredths of a degree, about a kilometre: SQLite cuts the rest off, PostgreSQL rounds."""

    template = "CAST(%(expressions)s * 100 AS integer)"
    output_field = models.IntegerField()


class Case(models.Model):
    """One piece of work: a place, an owner, a clock and a trail. Changed by ``commit_step``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    practice = models.CharField(max_length=20)
    playbook = models.CharField(max_length=30)
    playbook_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=60, help_text="list/code, hierarchical: GB2021/E.04.06")
    title = models.CharField(max_length=120)
    text = models.TextField(default="")
    channel = models.CharField(max_length=20)

    area = models.CharField(max_length=24, help_text="the cell, or the unit where no cell is known")
    address = models.CharField(max_length=200, default="")
    longitude = models.FloatField(null=True, help_text="degrees WGS-84")
    latitude = models.FloatField(null=True, help_text="degrees WGS-84")
    datum = models.CharField(max_length=10, default="", help_text="datum the point came in")
    original_x = models.FloatField(null=True, help_text="as it came, in that datum")
    original_y = models.FloatField(null=True)
    gps_metres = models.FloatField(null=True, help_text="from the phone's fix to the tapped point")

    state = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)
    handler = models.ForeignKey(  # no index of its own: one of those below begins with it
        Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="主办"
    )
    holder = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="+", help_text="who has the ball"
    )
    due_at = models.DateTimeField(null=True, help_text="earliest end of the running clocks")
    due_provisional = models.BooleanField(default=False)
    late = models.BooleanField(default=False, help_text="the handling term was missed; never unset")
    late_excused = models.BooleanField(default=False, help_text="left out of figures on appeal")
    counted = models.BooleanField(default=True, help_text="no: repeat, or unreasonable request")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True, help_text="last step, or end; as its source says")

    outcome = models.CharField(max_length=20, default="")
    outcome_by = models.CharField(max_length=60, default="")
    refusals = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    stars = models.PositiveSmallIntegerField(null=True)
    asking = models.CharField(max_length=20, default="", help_text="what waits for a signature")
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="repeats", db_index=False
    )

    clocks = models.JSONField(default=dict)
    facts = models.JSONField(default=dict, help_text="what the steps recorded")
    opened_by = models.CharField(max_length=60)
    follow_code = models.CharField(max_length=16, unique=True)
    once_key = models.CharField(max_length=60, null=True, unique=True, help_text="sent once")
    external_id = models.CharField(max_length=80, null=True, unique=True, help_text="system/id")
    version = models.PositiveIntegerField(default=0, help_text="seq of the last trail entry")
    head = models.CharField(max_length=64, default="", help_text="digest of the last trail entry")

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="case_open_due", condition=Q(is_open=True)),
            models.Index(fields=["area", "due_at"], name="case_open_area",
                         condition=Q(is_open=True)),
            models.Index(fields=["holder", "due_at"], name="case_open_holder",
                         condition=Q(is_open=True)),
            BY_SQUARE,
            # Area and kind at the end of three: a walk passes over what it does not want without
            # looking at the case.
            models.Index(F("opened_at").desc(), F("id").desc(), F("area"), F("kind"),
                         name="case_walk"),
            models.Index(F("area"), F("opened_at").desc(), F("kind"), name="case_area_walk"),
            models.Index(F("handler"), F("opened_at").desc(), name="case_handler_newest"),
            models.Index(F("kind"), F("opened_at").desc(), F("area"), name="case_kind_walk"),
            models.Index(F("state"), F("opened_at").desc(), name="case_state_newest"),
            models.Index(F("channel"), F("opened_at").desc(), name="case_channel_newest"),
            models.Index(F("opened_at").desc(), name="case_late_newest", condition=Q(late=True)),
            models.Index(F("closed_at").desc(), name="case_closed"),
            models.Index(F("changed_at").desc(), F("id").desc(), name="case_changed"),
            models.Index(Hundredths("latitude"), Hundredths("longitude"), F("opened_at").desc(),
                         name="case_square", condition=Q(longitude__isnull=False)),
            models.Index(fields=["asking"], name="case_asking", condition=Q(asking__gt="")),
            # Nearly all cases have neither: a full index would mislead the planner.
            models.Index(fields=["parent"], name="case_parent",
                         condition=Q(parent__isnull=False)),
            models.Index(fields=["merged_into"], name="case_repeats",
                         condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Reporter(models.Model):
    """Whom to answer. Kept apart from the case, encrypted, deleted by ``retention.py``."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="reporter"
    )
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"reporter of {self.case_id}"


class Hold(models.Model):
    """A stretch of time during which one team had the ball: minutes are charged to it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="holds", db_index=False
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "since"], name="hold_case"),
            models.Index(fields=["team", "since"], name="hold_team"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.team_id} {self.since}"


class Assist(models.Model):
    """A team called to help (协办), or whistled for (吹哨): it answers within minutes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="assists", db_index=False
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    whistle = models.CharField(max_length=20, default="", help_text="kind of whistle; empty: 协办")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "team"], name="assist_case_team"),
        ]
        indexes = [models.Index(fields=["team", "case"], name="assist_team")]

    def __str__(self) -> str:
        return f"{self.team_id} helps {self.case_id}"


class PlaybookVersion(models.Model):
    """A playbook as data. Version 1 is what the practice declares; a town's changes follow it."""

    code = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    since = models.DateTimeField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="playbook_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class KindList(models.Model):
    """A classification with its dates: the same number means another thing in another list."""

    code = models.CharField(max_length=20, primary_key=True)
    practice = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Kind(models.Model):
    """A class of cases, under list and code: ``GB2021/E.04.06``. The code's dots are its tree."""

    code = models.CharField(max_length=60, primary_key=True)
    list = models.ForeignKey(KindList, on_delete=models.PROTECT, related_name="kinds")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)

    def __str__(self) -> str:
        return self.name


class TimeLimit(models.Model):
    """How long a kind of case may take, under a condition, from a day to a day."""

    practice = models.CharField(max_length=20)
    kind = models.CharField(max_length=60, help_text="a kind or a prefix of kinds; empty: any")
    condition = models.CharField(max_length=40, default="", blank=True)
    condition_en = models.CharField(max_length=80, default="", blank=True)
    clock = models.CharField(max_length=20, help_text="one of the four clock kinds")
    amount = models.DecimalField(max_digits=7, decimal_places=2)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["practice", "kind"], name="limit_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.clock}"


class DispatchRule(models.Model):
    """Kind × area × time → team, from a day to a day. The linter reads all of them together."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True, help_text="what people call it by")
    practice = models.CharField(max_length=20)
    kind = models.CharField(max_length=60, default="", blank=True, help_text="prefix; empty: any")
    area = models.CharField(max_length=24, default="", blank=True, help_text="prefix; empty: any")
    hours = models.CharField(max_length=10, default="any", help_text="any, working or off")
    rank = models.PositiveSmallIntegerField(default=100, help_text="lower is asked first")
    automatic = models.BooleanField(default=False, help_text="dispatches without a dispatcher")
    least_odds = models.PositiveSmallIntegerField(
        null=True, help_text="per cent of history below which it does not; empty: always")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "kind"], name="rule_kind")]

    def __str__(self) -> str:
        return f"规则 {self.number}"


class Tally(models.Model):
    """How often a team finished a kind of case in a unit: the odds behind a suggestion."""

    practice = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)
    area = models.CharField(max_length=12)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    finished = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "area", "team"], name="tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area} {self.team_id}: {self.finished}"


class CalendarYear(models.Model):
    """Whether a year's holidays are announced; until then its deadlines are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    announced = models.BooleanField(default=False)
    source = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a make-up workday."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, default="", blank=True)
    source = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class SavedFilter(models.Model):
    """A desk's question worth asking again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="filters")
    page = models.CharField(max_length=30)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "page", "name"], name="filter_name"),
        ]

    def __str__(self) -> str:
        return self.name


__all__ = [
    "Assist", "CalendarDay", "CalendarYear", "Case", "DispatchRule", "Hold", "Kind", "KindList",
    "PlaybookVersion", "Reporter", "SavedFilter", "Tally", "TimeLimit",
]
