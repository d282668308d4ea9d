"""Discovery, the list of services (the class list) and the definition of one."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind, amount_words
from yiwang.kernel.cases.limits import limit_for
from yiwang.kernel.cases.names import kind_names, kind_words
from yiwang.kernel.cases.rules_queries import current_kinds
from yiwang.practices.events.kinds import service_code_of as code_of
from yiwang.practices.events.rules import PRACTICE

from .answers import TYPES, Items, Wrong, listed, single
from .asking import jurisdiction_of, method

CHANGED = datetime(2026, 11, 1, tzinfo=UTC)  # of this description of the interface
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def kind_of(code: str) -> str:
    """The kind of a service code; raises ``Wrong`` 404 for one that nobody knows."""
    known = {code_of(kind): kind for kind in kind_names()}
    if code not in known:
        raise Wrong(404, Words("没有“{code}”这项服务。", "There is no service “{code}”.").filled(
            code=code[:60]))
    return known[code]


@method("GET", "tells where the interface is")
def discovery(request: HttpRequest, form: str) -> HttpResponseBase:
    """Where the endpoint is, what it speaks, and whom to ask."""
    endpoint = {
        "specification": SPECIFICATION, "url": request.build_absolute_uri("/open311/v2"),
        "changeset": CHANGED.isoformat(), "type": "production",
        "formats": Items("format", [kind.partition(";")[0] for kind in TYPES.values()]),
    }
    return single("discovery", {
        "changeset": CHANGED.isoformat(),
        "contact": Words("请联系本镇街综合信息指挥室", "Ask the town's command room"),
        "key_service": Words("请系统管理员在“接口密钥”页发放",
                             "The town's system administrator gives keys out"),
        "endpoints": Items("endpoint", [endpoint]),
    }, form)


@method("GET", "the class list is public")
def services(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every class that something may be reported under today."""
    jurisdiction_of(request)
    rows = [_service(kind) for kind in current_kinds(PRACTICE, on=localdate())]
    return listed("services", Items("service", rows), form)


def _service(kind: str) -> dict[str, object]:
    words, group = kind_words(kind), kind_words(kind.rpartition(".")[0])
    return {
        "service_code": code_of(kind), "service_name": words, "description": words,
        "metadata": True, "type": "realtime", "keywords": f"{words.zh},{words.en}", "group": group,
    }


@method("GET", "the class list is public")
def definition(request: HttpRequest, form: str, code: str) -> HttpResponseBase:
    """One class: how long it may take. It asks for nothing beyond the standard."""
    jurisdiction_of(request)
    limit = limit_for(PRACTICE, kind_of(code), on=localdate())
    term = amount_words(ClockKind(limit.clock), float(limit.amount))
    said = Words("处置时限：{term}", "handled within {term}").filled(term=term)
    return single("service_definition", {"service_code": code, "attributes": Items("attribute", [{
        "variable": False, "code": "limit", "datatype": "string", "required": False,
        "datatype_description": "", "order": 1, "description": said, "values": Items("value", []),
    }])}, form)
