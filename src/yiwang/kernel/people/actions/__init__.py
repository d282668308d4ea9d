"""Verbs about people. Each takes ``by`` and ``at`` and writes the trail in its transaction."""

from .access import (
    close_sessions,
    record_export,
    record_failed_sign_in,
    record_proof,
    record_sign_in,
    record_sign_out,
    record_trail_export,
)
from .passwords import change_password, set_start_password
from .persons import (
    add_person,
    change_person,
    choose_language,
    deactivate_person,
    reactivate_person,
    show_phone,
)
from .second_factor import (
    clear_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    start_second_factor,
    use_second_factor,
)
from .teams import add_team, close_team
from .terms import end_term, grant_term

__all__ = [
    "add_person",
    "add_team",
    "change_password",
    "change_person",
    "choose_language",
    "clear_second_factor",
    "close_sessions",
    "close_team",
    "confirm_second_factor",
    "deactivate_person",
    "end_term",
    "grant_term",
    "reactivate_person",
    "record_export",
    "record_failed_sign_in",
    "record_proof",
    "record_sign_in",
    "record_sign_out",
    "record_trail_export",
    "remove_second_factor",
    "renew_recovery_codes",
    "set_start_password",
    "show_phone",
    "start_second_factor",
    "use_second_factor",
]
