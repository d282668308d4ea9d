"""A served town, as journeys see it: its address, its people's way in, its data."""

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page
from tests.journeys.hand import Hand


@dataclass(frozen=True)
class Town:
    """A served demo town."""

    address: str
    data: Path
    hand: Hand

    def run(self, code: str) -> str:
        """Run Python with the town's settings and return what it prints."""
        return self.hand.run(code)

    def case_in(self, state: str, title: str, **more: str) -> dict[str, str]:
        """A case brought to ``state``: its id, number, title, follow code."""
        said = self.run("from tests.journeys.made import case_in\n"
                        f"case_in({state!r}, {title!r}, **{more!r})")
        return dict(json.loads(said))

    def state_of(self, case_id: str) -> str:
        """Where a case stands now."""
        return self.run("from yiwang.kernel.cases.models import Case\n"
                        f"print(Case.objects.get(id={case_id!r}).state)")

    def sign_in(self, page: Page, account: str, address: str = "") -> None:
        """Sign in as one of the demo people (all have the demo's password)."""
        from yiwang.practices.events.demo.people import PASSWORD

        page.goto(f"{address or self.address}/sign-in")
        page.locator("main input:not([type=hidden])").first.fill(account)
        page.locator("main input[type=password]").fill(PASSWORD)
        page.locator("main input[type=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
