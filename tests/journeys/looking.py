"""What is looked for on every page: axe, width, console, and words of the other language."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.pages import PAGES, REFUSED
from tests.journeys.town import Town

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}))
    .violations.filter((found) => ["serious", "critical"].includes(found.impact))
    .map((found) => found.id + ": " + found.nodes.slice(0, 3).map((node) =>
        node.html.slice(0, 160) + " — " + (node.any[0]?.message ?? "")).join(" | "))"""
TWO_FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)))"""  # drawings follow their boxes
TOO_WIDE = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")].filter((one) =>
        one.checkVisibility() &&
        one.getBoundingClientRect().right > wide + 1 && !one.closest(".scroll-x, .map"))
        .slice(0, 4).map((one) => one.outerHTML.slice(0, 120)); }"""
# Visible texts and the attributes that are read out, without what is marked as Chinese or typed.
SAID = """() => {
    const said = [], seen = (one) => one.checkVisibility() && !one.closest("[lang^=zh]");
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (parent && seen(parent) && !parent.closest("script, style, textarea"))
            said.push(walk.currentNode.data);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"])
        for (const one of document.querySelectorAll(`[${name}]`))
            if (seen(one)) said.push(one.getAttribute(name));
    said.push(document.title);
    return said.filter((text) => /[\\u3400-\\u9fff]/.test(text)); }"""


class Walk:
    """Somebody of each account, reading one language, going from page to page."""

    def __init__(self, town: Town, chromium: Browser, language: str) -> None:
        self.town, self.chromium, self.language = town, chromium, language
        said = town.run("from tests.journeys.made import holes; holes()")
        self.holes: dict[str, str] = json.loads(said.splitlines()[-1])
        self.pages: dict[str, Page] = {}
        self.contexts: list[BrowserContext] = []
        self.heard: list[str] = []

    def page_of(self, account: str) -> Page:
        """The account's page, signed in at its first use."""
        if account not in self.pages:
            context = self.chromium.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "language", "value": self.language,
                                  "url": self.town.address}])
            self.contexts.append(context)
            page = context.new_page()
            if account:
                self.town.sign_in(page, account)
            page.on("console", lambda told: self.hear(told.type, told.text))
            page.on("pageerror", lambda error: self.hear("error", str(error)))
            self.pages[account] = page
        return self.pages[account]

    def hear(self, kind: str, text: str) -> None:
        """Keep errors and warnings of the console; the driver's own remarks are not the page's."""
        if kind == "error" or (kind == "warning" and "GL Driver Message" not in text):
            self.heard.append(text)

    def open(self, account: str, path: str) -> Page:
        """Go there and wait until it rests."""
        page = self.page_of(account)
        self.heard.clear()
        answer = page.goto(self.town.address + path.format(**self.holes))
        assert answer
        assert answer.status < 400 or (account, path) in REFUSED, answer.status
        page.wait_for_load_state("networkidle")
        return page

    def faults(self, account: str, path: str, own_words: Callable[[str], str]) -> list[str]:
        """All that is wrong with one page, wide and narrow."""
        wrong = self.look(self.open(account, path), own_words)
        if (account, path) in REFUSED:
            wrong = [said for said in wrong if "Failed to load resource" not in said]
        return wrong

    def look(self, page: Page, own_words: Callable[[str], str]) -> list[str]:
        """The same for a page that is open already."""
        page.evaluate(AXE)
        wrong = [f"1280 {said}" for said in page.evaluate(RUN_AXE)]
        if self.language == "en":
            wrong += [f"Chinese: {left}" for text in page.evaluate(SAID)
                      if (left := own_words(text))]
        page.set_viewport_size({"width": 320, "height": 720})
        page.evaluate(TWO_FRAMES)
        wrong += [f"320 too wide: {said}" for said in page.evaluate(TOO_WIDE)]
        wrong += [f"320 {said}" for said in page.evaluate(RUN_AXE)]
        page.set_viewport_size({"width": 1280, "height": 900})
        return wrong + [f"console: {said}" for said in self.heard]

    def close(self) -> None:
        """Close every browser of the walk."""
        for context in self.contexts:
            context.close()


@contextmanager
def walking(town: Town, chromium: Browser, language: str) -> Iterator[Walk]:
    """A walk that ends tidily."""
    walk = Walk(town, chromium, language)
    try:
        yield walk
    finally:
        walk.close()


def named(page: tuple[str, str]) -> str:
    """What a test of the page is called."""
    return f"{page[0] or 'anybody'} {page[1]}".encode("ascii", "replace").decode()


def words_of_data(town: Town) -> Callable[[str], str]:
    """A function that leaves of a text what no name, title or note of the town explains."""
    known: list[str] = json.loads(town.run("from tests.journeys.made import data; data()"))
    known += [words for _, path in PAGES for words in re.findall("[\u3400-\u9fff]+", path)]

    def left(text: str) -> str:
        for word in known:
            text = text.replace(word, "")
        return text.strip() if any("\u3400" <= sign <= "\u9fff" for sign in text) else ""

    return left


