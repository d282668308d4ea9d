"""Requests answered inside this process: what counts queries and CPU time of each page."""

import cProfile
import time
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.models import Person, Team
from yiwang.practices.events.web.filters import track_choices

from .aims import PAGES, Page
from .wire import Ask, Reply

ACCOUNTS = {"desk": "diaodu", "worker": "wangge3", "leader": "lingdao", "office": "huanwei"}


class Inside:
    """Browsers of each role that need no server."""

    def __init__(self) -> None:
        self.browsers: dict[str, Client] = {}
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.queries: dict[str, list[dict[str, str]]] = {}
        self.sizes: dict[str, int] = {}
        self.watched = ""
        self.profiler: cProfile.Profile | None = None

    def watch(self, name: str, profiler: cProfile.Profile | None) -> None:
        """Profile the requests of that name."""
        self.watched, self.profiler = name, profiler

    def ask(self, asked: Ask) -> Reply:
        """Answer a request; CPU milliseconds and the queries of the third of its name are kept."""
        browser = self._browser(asked.who)
        count = len(self.spent[asked.name])
        if count == 2:
            with CaptureQueriesContext(connection) as captured:
                reply = self._answer(browser, asked)
            self.queries[asked.name] = list(captured.captured_queries)
        else:
            reply = self._answer(browser, asked)
        return reply

    def _answer(self, browser: Client, asked: Ask) -> Reply:
        headers = {"HX-Request": "true"} if asked.fragment else {}
        profiler = self.profiler if asked.name == self.watched else None
        began = time.process_time()
        if profiler:
            profiler.enable()
        answer: Any = (browser.get(asked.path, headers=headers) if asked.method == "GET"
                       else browser.post(asked.path, asked.form, headers=headers))
        if profiler:
            profiler.disable()
        self.spent[asked.name].append((time.process_time() - began) * 1000)
        self.sizes[asked.name] = len(answer.content)
        return Reply(answer.status_code, b"", answer.content)

    def _browser(self, who: str) -> Client:
        if who not in self.browsers:
            # The test client copies every template context unless its signal has no receivers.
            browser = Client(SERVER_NAME="127.0.0.1")
            if who != "resident":
                browser.force_login(Person.objects.get(account=ACCOUNTS.get(who, who)),
                                    backend="yiwang.shell.known.KnownBackend")
            self.browsers[who] = browser
        return self.browsers[who]


def pages_of() -> list[Page]:
    """The pages with their addresses filled from this database."""
    case = Case.objects.filter(is_open=True, state="assigned").order_by("-opened_at")[0]
    team = Team.objects.get(code="chengjian")
    closed = Case.objects.filter(state="closed").order_by("-opened_at")[0]
    today = localdate()
    names = {"case": case.id, "team": team.id, "code": closed.follow_code,
             "words": quote(closed.address), "serial": closed.number.rpartition("-")[2],
             "cell": closed.area, "kind": closed.kind, "track": next(iter(track_choices())),
             "long_ago": today - timedelta(days=400), "month_ago": today - timedelta(days=45),
             "weeks_ago": today - timedelta(days=15)}
    return [replace(page, path=page.path.format(**names)) for page in PAGES]
