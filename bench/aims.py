"""What is aimed at, and the pages that are measured. Pure."""

from dataclasses import dataclass

LIVES_A_SECOND = 60.0
LIST_P95_MS = 60.0
LIST_QUERIES = 12
DETAIL_MS = 40.0
MAP_MS = 100.0
PUBLIC_MS = 30.0
WORKER_MB = 250.0

USERS = 8  # virtual users living lives at once
WORKERS = 2
PAGE_ASKS = 40  # times each page is asked, one reader at a time


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure: its name, who reads it, its address; ``{case}`` and ``{code}`` are filled.

    ``aim`` is the p95 in milliseconds it is held to; 0: none is set.
    """

    name: str
    who: str
    path: str
    aim: float = 0.0
    fragment: bool = False


PAGES: tuple[Page, ...] = (
    Page("desk, whole page", "desk", "/events/?tab=open", LIST_P95_MS),
    Page("list: all open", "desk", "/events/?tab=open&part=list", LIST_P95_MS, True),
    Page("list: overdue", "desk", "/events/?tab=overdue&part=list", LIST_P95_MS, True),
    Page("list: closed", "desk", "/events/?tab=closed&part=list", LIST_P95_MS, True),
    Page("list: closed, one village and kind", "desk",
         "/events/?tab=closed&part=list&area=330206005221&kind=GB2021/E.01", LIST_P95_MS, True),
    Page("list: closed, one village", "desk",
         "/events/?tab=closed&part=list&area=330206005221", LIST_P95_MS, True),
    Page("list: closed, one micro-grid and kind", "desk",
         "/events/?tab=closed&part=list&area={cell}&kind=GB2021/E.01", LIST_P95_MS, True),
    Page("list: closed, one kind, far back", "desk",
         "/events/?tab=closed&part=list&kind={kind}&until={long_ago}", LIST_P95_MS, True),
    Page("list: closed, one track", "desk",
         "/events/?tab=closed&part=list&track={track}", LIST_P95_MS, True),
    Page("list: closed, one channel, a month", "desk",
         "/events/?tab=closed&part=list&channel=hotline&since={month_ago}&until={weeks_ago}",
         LIST_P95_MS, True),
    Page("list: closed, one state, late", "desk",
         "/events/?tab=closed&part=list&state=closed&late=1", LIST_P95_MS, True),
    Page("list: closed, one team", "desk", "/events/?tab=closed&part=list&team={team}",
         LIST_P95_MS, True),
    Page("list: closed, words of an address", "desk", "/events/?tab=closed&part=list&q={words}",
         LIST_P95_MS, True),
    Page("list: an office's own", "office", "/events/?tab=mine&part=list", LIST_P95_MS, True),
    Page("list: an office's closed", "office", "/events/?tab=closed&part=list", LIST_P95_MS, True),
    Page("map of the list", "desk", "/events/map.json?tab=open", MAP_MS),
    Page("detail, whole page", "desk", "/cases/{case}/", DETAIL_MS),
    Page("detail, panel of the desk", "desk", "/cases/{case}/panel/", DETAIL_MS, True),
    Page("search: a number's serial", "desk", "/search/?q={serial}"),
    Page("search: words 积水", "desk", "/search/?q=%E7%A7%AF%E6%B0%B4"),
    Page("follow page", "resident", "/f/{code}", PUBLIC_MS),
    Page("public map", "resident", "/m", PUBLIC_MS),
    Page("report form", "resident", "/r", PUBLIC_MS),
    Page("cockpit", "leader", "/cockpit/"),
)
