"""The kernel's tables, gathered for Django from the packages that own them."""

from .cases.history_models import Advice, DispatchHistory
from .cases.models import (
    Assist,
    CalendarDay,
    CalendarYear,
    Case,
    DispatchRule,
    Hold,
    Kind,
    KindList,
    PlaybookVersion,
    Reporter,
    SavedFilter,
    Tally,
    TimeLimit,
)
from .exchange.models import Handed, PeerMessage
from .frameworks.models import Framework, FrameworkMember, KindTrack
from .people.models import (
    ApiKey,
    KeyReading,
    Peer,
    Person,
    RecoveryCode,
    SecondFactor,
    SignIn,
    Team,
    Term,
)
from .places.models import (
    Cell,
    CellShape,
    GridProposal,
    Layer,
    Place,
    Power,
    SizeNorm,
    Unit,
    UnitType,
)
from .records.models import Attachment, Counter, OnceAnswer, OutboxMessage, TrailEntry
from .reports.models import MonthlyReport
from .webhooks.models import Delivery, Told, Webhook

__all__ = [
    "Advice", "ApiKey", "Assist", "Attachment", "CalendarDay", "CalendarYear", "Case", "Cell",
    "CellShape", "Counter", "Delivery", "DispatchHistory", "DispatchRule", "Framework",
    "FrameworkMember", "GridProposal", "Handed", "Hold", "KeyReading", "Kind", "KindList",
    "KindTrack", "Layer", "MonthlyReport", "OnceAnswer", "OutboxMessage", "Peer", "PeerMessage",
    "Person", "Place", "PlaybookVersion", "Power", "RecoveryCode", "Reporter", "SavedFilter",
    "SecondFactor", "SignIn", "SizeNorm", "Tally", "Team", "Term", "TimeLimit", "Told",
    "TrailEntry", "Unit", "UnitType", "Webhook",
]
