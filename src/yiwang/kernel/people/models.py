"""Tables of people: persons, teams, and the roles they hold in a scope for a time."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yiwang.kernel.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(account=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. Holds no power of its own: powers come from terms."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    unit_code = models.CharField(max_length=12, default="", help_text="unit that keeps the account")
    phone_sealed = models.BinaryField(default=b"", help_text="encrypted; shown masked")
    language = models.CharField(max_length=2, default="zh")
    is_active = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(
        default=False, help_text="signed in with a start password: may only change it"
    )

    USERNAME_FIELD = "account"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        indexes = [models.Index(fields=["unit_code", "account"], name="person_unit")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """An office, a task force, the command room, a village committee, a county bureau …"""

    class Kind(models.TextChoices):
        ROOM = "room"
        OFFICE = "office"
        TASK_FORCE = "task_force"
        COMMITTEE = "committee"
        BRIGADE = "brigade"
        COUNTY = "county"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit_code = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit_code", "code"], name="team_unit")]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A role held by a person, in a scope (area prefix × practice × team), from a day to a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="terms")
    role = models.CharField(max_length=30)
    area = models.CharField(max_length=24, help_text="unit or cell code; covers all below it")
    practice = models.CharField(max_length=20, default="", blank=True, help_text="empty: all")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day held")

    class Meta:
        indexes = [
            models.Index(fields=["person", "since"], name="term_person"),
            models.Index(fields=["team", "since"], name="term_team"),
            models.Index(fields=["role", "area"], name="term_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.area}"


class SignIn(models.Model):
    """An open session: what the limit of sessions counts, and the account page lists."""

    session_key = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    device = models.CharField(max_length=120, default="", help_text="what the browser calls itself")

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="sign_in_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.at}"


class SecondFactor(models.Model):
    """A person's time-based code generator (TOTP, RFC 6238). Counts once it is confirmed."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    key_sealed = models.BinaryField(help_text="the shared secret, encrypted")
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=-1, help_text="of the last code used: never twice")
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"second factor of {self.person_id}"


class RecoveryCode(models.Model):
    """A way in for somebody whose phone is lost: good once, stored as a keyed digest only."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.person}"


class Peer(models.Model):
    """Another instance of Yiwang that cases are exchanged with: its address and its public keys."""

    class Stands(models.TextChoices):
        ABOVE = "above"
        BELOW = "below"
        BESIDE = "beside"

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60, unique=True)
    stands = models.CharField(max_length=6, choices=Stands.choices, help_text="as seen from us")
    address = models.CharField(max_length=200)
    area = models.CharField(max_length=24, help_text="our part that is dealt with; a prefix")
    key = models.CharField(max_length=44, help_text="Ed25519, 32 bytes in base64")
    key_id = models.CharField(max_length=16, unique=True)
    old_key = models.CharField(max_length=44, default="")
    old_key_id = models.CharField(max_length=16, default="")
    old_key_until = models.DateTimeField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    next_at = models.DateTimeField(null=True, help_text="not called before")
    busy_until = models.DateTimeField(null=True, help_text="a worker is sending to it")
    heard_at = models.DateTimeField(null=True, help_text="its last message or receipt")

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A key of another system or of a person. Only the digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4, help_text="the secret's last letters, to tell keys apart")
    scopes = models.JSONField()
    area = models.CharField(max_length=24, help_text="unit it belongs to")
    hourly = models.PositiveIntegerField(help_text="requests an hour")
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)
    until = models.DateField(null=True, help_text="last day; empty: until it is ended")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="api_keys",
        help_text="as whom it acts; empty: it may only send reports")

    def __str__(self) -> str:
        return self.name


class KeyReading(models.Model):
    """How often what a key opens was read, and since when the answer has been what it is."""

    key = models.OneToOneField(
        ApiKey, primary_key=True, on_delete=models.CASCADE, related_name="reading"
    )
    times = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, help_text="the last time")
    tag = models.CharField(max_length=64, default="", help_text="digest of the last answer")
    tag_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key_id}: {self.times}"
