"""The numbers of docs/security.md are those of the code."""

from datetime import timedelta

import pytest
from tests.conventions.source import ROOT

from yiwang.kernel.people.hashers import TownArgon2Hasher
from yiwang.kernel.people.keys import USUAL_HOURLY
from yiwang.kernel.people.sign_in_rules import LOOKS_PACE, SIGN_IN, SIGN_IN_PACE, TAKEN_PACE
from yiwang.kernel.places.importing.records import MOST_BYTES as MOST_CELLS
from yiwang.kernel.records.packed import CELLS, EVENTS
from yiwang.kernel.records.photo_bounds import BOUNDS
from yiwang.practices.events.importing.open311_file import MOST_UNPACKED
from yiwang.practices.events.importing.uploads import MOST_BYTES as MOST_EVENTS
from yiwang.practices.events.rules import REPORT_PACE, WRONG_CODE_PACE

PAGE = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split())
MB = 1024**2


def minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def hours(span: timedelta) -> int:
    return minutes(span) // 60


@pytest.mark.parametrize("said", [
    (f"{BOUNDS.most_bytes // MB} MB; {BOUNDS.most_jpeg_pixels // 10**6} million pixels (JPEG), "
    f"{BOUNDS.most_other_pixels // 10**6} million (others); {BOUNDS.most_photos} a step"),
    f"{MOST_CELLS // MB} MB; unpacked {CELLS.most_unpacked // MB} MB in {CELLS.most_parts} files",
    f"{MOST_EVENTS // MB} MB; workbooks unpacked {EVENTS.most_unpacked // MB} MB",
    f"Open311 file {MOST_UNPACKED // MB} MB",
    f"{SIGN_IN.second_step_failures}, then {minutes(SIGN_IN.second_step_lock)} minutes of rest",
    *(f"| {pace.most} in {minutes(pace.within)} minutes | network address |"
      for pace in (SIGN_IN_PACE, REPORT_PACE, WRONG_CODE_PACE)),
    *(f"| {pace.most} in {minutes(pace.within)} minutes | person |"
      for pace in (TAKEN_PACE, LOOKS_PACE)),
    f"{USUAL_HOURLY} an hour",
    f"Passwords have {SIGN_IN.password_length} characters at least",
    f"of {SIGN_IN.password_kinds} of 4 kinds", f"After {SIGN_IN.password_age.days} days",
    f"holds {SIGN_IN.start_password.days} days", f"Recovery codes: {SIGN_IN.recovery_codes},",
    f"{SIGN_IN.code_tolerance} step before and after",
    (f"after {hours(SIGN_IN.idle)} hours of rest (administrators: "
    f"{minutes(SIGN_IN.idle_administrator)} minutes), and after {hours(SIGN_IN.longest)} hours"),
    f"An account has {SIGN_IN.sessions} at most",
    f"not older than {minutes(SIGN_IN.proof)} minutes",
    f"{TownArgon2Hasher.memory_cost // 1024} MiB, {TownArgon2Hasher.time_cost} passes",
])
def test_the_page_says_what_the_code_does(said: str) -> None:
    assert said in PAGE
