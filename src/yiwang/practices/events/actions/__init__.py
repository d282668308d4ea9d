"""Verbs of daily events: one function each, in one transaction, with a trail entry."""

from .field_moves import FieldMove, make_field_move
from .look_again import record_look
from .me_too import report_me_too
from .report import Report, report_event

__all__ = ["FieldMove", "Report", "make_field_move", "record_look", "report_event",
           "report_me_too"]
