"""A town as a user meets it: its own data folder, the demo in it, served; and browsers to visit it.

``town`` serves on a free port with SQLite, whatever database the other tests use. ``open_page``
gives a browser page of any width, language and account. ``signal`` is a line that can be cut.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.journeys.hand import Hand
from tests.journeys.line import Line
from tests.journeys.town import Town

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader"]
PATIENCE = 60.0  # seconds a server may take to answer first
CLOSED, STILL_OPEN = 36, 14  # events of the town: enough for every page, made in seconds
DEMO = """
from django.utils import timezone
from yiwang.kernel.records import demo_town
from yiwang.practices.events.demo import make
demo_town.note(demo_town.BEGIN, by="system", at=timezone.now())
make(at=timezone.now(), closed={closed}, still_open={still_open})
"""


def eventually(ask: Callable[[], Any], *, within: float = 15.0) -> Any:
    """The first true answer of ``ask``, asked again until ``within`` seconds are over."""
    until = time.monotonic() + within
    while not (answer := ask()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo town, made and served once for all journeys of this process."""
    data, port = tmp_path_factory.mktemp("town"), free_port()
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("YIWANG_")}
    environment |= {"YIWANG_DATA": str(data), "YIWANG_PORT": str(port), "YIWANG_WORKERS": "2",
                    "YIWANG_SECOND_FACTOR": "offered",  # as ``yiwang demo`` has it
                    "DJANGO_SETTINGS_MODULE": "yiwang.config.settings"}
    command = [sys.executable, "-c", "from yiwang.cli import main; main()"]
    subprocess.run([*command, "migrate"], env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    hand = Hand(environment)
    hand.run(DEMO.format(closed=CLOSED, still_open=STILL_OPEN))
    with (data / "server.log").open("wb") as log, subprocess.Popen(
        [*command, "serve"], env=environment, stdout=log, stderr=log
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/healthz", server)
            yield Town(address, data, hand)
        finally:
            hand.close()
            server.terminate()
            server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert path, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser with a store of its own: ``open_context(width=390, language="en")``."""
    opened: list[BrowserContext] = []

    def make(address: str, *, width: int = 1280, height: int = 900, language: str = "zh",
             **more: Any) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        context.add_cookies([{"name": "language", "value": language, "url": address}])
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def open_page(town: Town, open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page, signed in where an account is named: ``open_page(account="diaodu", width=320)``."""

    def make(*, account: str = "", **more: Any) -> Page:
        page = open_context(town.address, **more).new_page()
        if account:
            town.sign_in(page, account)
        return page

    return make


@pytest.fixture
def at_case(town: Town, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Before a new case of a state: ``at_case("huanwei", "working", "一件", "submit/")``."""

    def make(account: str, state: str, title: str, step: str = "") -> Page:
        page = open_page(account=account)
        page.goto(f"{town.address}/cases/{town.case_in(state, title)['id']}/{step}")
        return page

    return make


@pytest.fixture
def signal(town: Town) -> Iterator[Line]:
    """A line to the town that can be cut, and can swallow answers."""
    with Line(town.address) as line:
        yield line
