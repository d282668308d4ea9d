"""Reads of daily events, for lists and pages."""
