"""Asks for known vulnerabilities of every locked package, and says plainly when nobody answered.

Exit code 0: advisories were read for every package and none applies. 1: something was found.
2: for at least one package no advisory could be read, so nothing is known about it.
3: nothing was found, but versions were last chosen longer ago than docs/security.md allows.
Usage: python scripts/audit.py [--json]
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLEAN, FOUND, NOT_REACHED, OVERDUE = 0, 1, 2, 3
PATIENCE = 300  # seconds for one tool
TERM = timedelta(days=90)  # within which every package is brought up to date; own choice, 2026-11
Run = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Verdict:
    """Of one lock: how many packages it has, of how many advisories were read, what was found."""

    lock: str
    packages: int
    reached: int
    found: tuple[str, ...] = ()
    why: str = ""

    @property
    def code(self) -> int:
        """Found beats not reached, and not reached beats clean."""
        if self.found:
            return FOUND
        return CLEAN if self.packages and self.reached >= self.packages else NOT_REACHED


@dataclass(frozen=True)
class Age:
    """When versions were last chosen anew, and the day it is now."""

    chosen: date
    today: date

    @property
    def due(self) -> date:
        """The last day of the term."""
        return self.chosen + TERM

    @property
    def code(self) -> int:
        """Overdue, or clean."""
        return OVERDUE if self.today > self.due else CLEAN

    def said(self) -> str:
        """A line for people."""
        words = f"versions chosen 选定 {self.chosen}, to be chosen anew by 下次不晚于 {self.due}"
        return f"✗ OVERDUE 已过期: {words}" if self.code else f"✓ {words}"


def age_of(project: Path, today: date) -> Age:
    """The day ``pyproject.toml`` names."""
    return Age(tomllib.loads(project.read_text())["tool"]["yiwang"]["chosen"], today)


def main() -> int:
    """Audit all locks, say what came of it; returns the exit code."""
    locks = [*sorted(ROOT.glob("requirements*.lock")), ROOT / "package-lock.json"]
    verdicts = [audited(lock, run) for lock in locks]
    age = age_of(ROOT / "pyproject.toml", datetime.now(UTC).date())
    if "--json" in sys.argv:
        said = [asdict(one) | {"code": one.code} for one in verdicts]
        said.append(asdict(age) | {"code": age.code})
        print(json.dumps(said, indent=1, default=str))
    else:
        print("\n".join([*(told(one) for one in verdicts), age.said()]))
    return worst(verdicts) or age.code


def worst(verdicts: Sequence[Verdict]) -> int:
    """The exit code of all: found first, then not reached; no lock at all is not reached."""
    codes = {one.code for one in verdicts}
    return next((code for code in (FOUND, NOT_REACHED, CLEAN) if code in codes), NOT_REACHED)


def told(one: Verdict) -> str:
    """One lock's verdict as lines."""
    if one.code == FOUND:
        lines = "".join(f"\n    {each}" for each in one.found)
        return f"✗ {one.lock}: {len(one.found)} found 发现漏洞{lines}"
    count = f"advisories read for {one.reached} of {one.packages} packages"
    if one.code == NOT_REACHED:
        return f"? {one.lock}: NOT AUDITED 未能审计: {count}. {one.why}".rstrip()
    return f"✓ {one.lock}: {count}, none applies 未发现"


def audited(lock: Path, ask: Run) -> Verdict:
    """What the tool for this lock says."""
    if lock.suffix == ".json":
        packages = json.loads(lock.read_text()).get("packages", {})
        said = ask(["npm", "audit", "--json", "--package-lock-only"])
        return npm_verdict(lock.name, said, len([name for name in packages if name]))
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock.read_text(), re.MULTILINE)
    said = ask([str(Path(sys.executable).with_name("pip-audit")), "--requirement", str(lock),
                "--disable-pip", "--format", "json", "--progress-spinner", "off"])
    return python_verdict(lock.name, said, len(set(pinned)))


def python_verdict(lock: str, said: str, packages: int) -> Verdict:
    """pip-audit's answer read strictly: a package it skipped was not audited, whatever its exit."""
    answer = _object(said)
    if answer is None:
        return Verdict(lock, packages, 0, why=_last_line(said))
    listed = answer.get("dependencies", [])
    asked = [one for one in listed if "skip_reason" not in one]
    found = tuple(f"{one['name']} {one.get('version', '')}: {hole['id']}"
                  for one in asked for hole in one.get("vulns", []))
    why = next((str(one["skip_reason"]) for one in listed if "skip_reason" in one), "")
    return Verdict(lock, packages, len(asked), found, why)


def npm_verdict(lock: str, said: str, packages: int) -> Verdict:
    """npm's answer: only a whole report counts as having been reached."""
    answer = _object(said)
    if answer is None or "auditReportVersion" not in answer:
        why = (answer or {}).get("message") or _last_line(said)
        return Verdict(lock, packages, 0, why=str(why))
    found = tuple(f"{name}: {one.get('severity', '')} {one.get('range', '')}".strip()
                  for name, one in sorted(answer.get("vulnerabilities", {}).items()))
    return Verdict(lock, packages, packages, found)


def _object(said: str) -> dict[str, Any] | None:
    """The JSON object in what a tool said, talk around it left aside; None: there is none."""
    for line in (said, *said.splitlines()):
        try:
            read = json.loads(line)
        except ValueError:
            continue
        if isinstance(read, dict):
            return read
    return None


def _last_line(said: str) -> str:
    return next((line for line in reversed(said.splitlines()) if line.strip()), "no answer")[:200]


def run(command: Sequence[str]) -> str:
    """What a command says; what it cannot say counts as no answer."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                              timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return done.stdout or done.stderr


if __name__ == "__main__":
    sys.exit(main())
