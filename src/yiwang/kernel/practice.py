"""The plug: what a line of work hands to the house, and the registry that checks it at the door."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.opening import NewCase
from yiwang.kernel.cases.playbooks import Playbook
from yiwang.kernel.records.metrics import Metric
from yiwang.kernel.records.outbox import Listener


@dataclass(frozen=True)
class MenuItem:
    """A door in the menu: the name of a URL, and the capability that opens it."""

    title: Words
    url_name: str
    capability: str
    group: str = "work"  # work 办 | look 看 | manage 管 | connect 联


@dataclass(frozen=True)
class HandMove:
    """A move that hands a case to another instance, and the moves that its answers make here.

    ``above``: it goes to the instance above us; else to the one named in the need ``peer``.
    """

    code: str
    back: str  # when it is refused there; needs a ``reason``
    done: str  # when it is closed there; needs ``result``, ``done``, ``for_person``
    above: bool = False


@dataclass(frozen=True)
class Practice:
    """One line of work. Every field is checked when it is registered.

    ``urls`` is a module of addresses under the practice's code; ``short_urls`` one of addresses at
    the root, for what people type or scan; ``api_urls`` the same for machines; ``api_router`` one
    whose ``router`` has operations under ``/api/v1/``. ``hourly`` tasks are called with ``at``
    about once an hour and may be repeated. ``hands`` are the moves by which cases go to other
    instances, ``take_handed`` turns one that came from another into a new case. ``is_sensitive``
    says of which kinds not even the name is told outside. ``seed`` puts what ships
    (classes, first limits) into the tables, and is called at every ``yiwang migrate``; ``demo``
    fills the demo town.
    """

    code: str
    title: Words
    urls: str
    short_urls: str = ""
    api_urls: str = ""
    api_router: str = ""
    menu: tuple[MenuItem, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    metrics: tuple[Metric, ...] = ()
    listens: dict[str, tuple[Listener, ...]] = field(default_factory=dict)
    hourly: tuple[Callable[..., object], ...] = ()
    hands: tuple[HandMove, ...] = ()
    take_handed: Callable[..., NewCase] | None = None
    is_sensitive: Callable[[str], bool] | None = None
    seed: Callable[..., object] | None = None
    demo: Callable[..., None] | None = None

    @property
    def board(self) -> tuple[Metric, ...]:
        """The figures of its cockpit; the others are for reports."""
        return tuple(metric for metric in self.metrics if metric.on_board)


class Registry:
    """The practices switched on, by code. A test makes a fresh one."""

    def __init__(self) -> None:
        self._practices: dict[str, Practice] = {}

    def add(self, practice: Practice) -> Practice:
        """Check and take in a practice; raises ``ValueError`` naming what is wrong with it."""
        if practice.code in self._practices:
            raise ValueError(f"two practices are called {practice.code!r}")
        if not practice.code.isidentifier() or practice.code != practice.code.lower():
            raise ValueError(f"{practice.code!r} is no lower-case identifier")
        for playbook in practice.playbooks:
            playbook.check()
        for metric in practice.metrics:
            if not metric.code.startswith(practice.code + "."):
                raise ValueError(f"metric {metric.code!r} does not begin with {practice.code!r}")
        self._practices[practice.code] = practice
        return practice

    def __iter__(self) -> Iterator[Practice]:
        return iter(self._practices.values())

    def __getitem__(self, code: str) -> Practice:
        return self._practices[code]

    def __contains__(self, code: object) -> bool:
        return code in self._practices

    def metric(self, code: str) -> Metric:
        """The figure of that code; ``KeyError`` where no practice declares it."""
        return {metric.code: metric for item in self for metric in item.metrics}[code]


practices = Registry()
