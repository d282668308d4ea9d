"""Three outcomes of an audit; silence is never taken for good news."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from scripts.audit import (
    CLEAN,
    FOUND,
    NOT_REACHED,
    OVERDUE,
    ROOT,
    TERM,
    Age,
    Verdict,
    age_of,
    audited,
    npm_verdict,
    python_verdict,
    told,
    worst,
)

HOLE = {"id": "PYSEC-2023-1", "fix_versions": ["4.2.1"]}


def pip_audit(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


def package(name: str, *holes: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": list(holes)}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI: {name}"}


@pytest.mark.parametrize(("said", "code", "reached"), [
    (pip_audit(package("a"), package("b")), CLEAN, 2),
    (pip_audit(package("a"), package("b", HOLE)), FOUND, 2),
    (pip_audit(skipped("a"), package("b", HOLE)), FOUND, 1),
    (pip_audit(skipped("a"), skipped("b")), NOT_REACHED, 0),
    (pip_audit(package("a"), skipped("b")), NOT_REACHED, 1),
    (pip_audit(package("a")), NOT_REACHED, 1),
    (pip_audit(), NOT_REACHED, 0),
    ("No known vulnerabilities found\n" + pip_audit(skipped("a"), skipped("b")), NOT_REACHED, 0),
    ("ERROR: connection refused", NOT_REACHED, 0),
    ("", NOT_REACHED, 0),
    ("[]", NOT_REACHED, 0),
])
def test_pip_audit_is_read_strictly(said: str, code: int, reached: int) -> None:
    verdict = python_verdict("requirements.lock", said, 2)
    assert (verdict.code, verdict.reached) == (code, reached)


@pytest.mark.parametrize(("said", "code"), [
    ({"auditReportVersion": 2, "vulnerabilities": {}}, CLEAN),
    ({"auditReportVersion": 2, "vulnerabilities": {"x": {"severity": "high"}}}, FOUND),
    ({"message": "request to the registry failed", "error": {}}, NOT_REACHED),
    ({}, NOT_REACHED),
])
def test_npm_counts_only_with_a_whole_report(said: dict[str, Any], code: int) -> None:
    assert npm_verdict("package-lock.json", json.dumps(said), 3).code == code


def test_the_worst_lock_decides_and_nothing_audited_is_not_clean() -> None:
    clean, open_, found = (Verdict("a", 1, 1), Verdict("b", 1, 0), Verdict("c", 1, 1, ("hole",)))
    assert worst([clean, clean]) == CLEAN
    assert worst([clean, open_]) == NOT_REACHED
    assert worst([open_, found, clean]) == FOUND
    assert worst([]) == NOT_REACHED


def test_what_is_said_is_plain() -> None:
    assert "NOT AUDITED" in told(Verdict("b", 9, 4, why="offline"))
    assert "4 of 9" in told(Verdict("b", 9, 4))
    assert "9 of 9" in told(Verdict("a", 9, 9))
    assert "hole" in told(Verdict("c", 1, 1, ("hole",)))


def test_packages_of_a_lock_are_counted_whatever_the_tool_lists(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1 \\\n    --hash=sha256:0\nb[extra]==2\n# c==3\n")
    assert audited(lock, lambda command: pip_audit(package("a"))).packages == 2
    npm = tmp_path / "package-lock.json"
    npm.write_text(json.dumps({"packages": {"": {}, "node_modules/x": {}}}))
    assert audited(npm, lambda command: "offline") == Verdict(npm.name, 1, 0, why="offline")


@pytest.mark.parametrize(("days", "code"), [(0, CLEAN), (90, CLEAN), (91, OVERDUE)])
def test_versions_are_chosen_anew_within_the_term(days: int, code: int) -> None:
    age = Age(date(2026, 11, 23), date(2026, 11, 23) + timedelta(days=days))
    assert age.code == code
    assert ("OVERDUE" in age.said()) is (code == OVERDUE)
    assert "2027-02-21" in age.said()


def test_the_day_is_kept_beside_the_project_s_version(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.yiwang]\nchosen = 2026-01-02\n")
    assert age_of(project, date(2026, 1, 3)).chosen == date(2026, 1, 2)
    ours = age_of(ROOT / "pyproject.toml", date(2026, 11, 24))
    assert ours.chosen >= date(2026, 11, 23)
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert f"every {TERM.days} days" in " ".join(told.split())
