"""A report written from what was counted: each part of it a module that gives blocks."""

from .whole import write

__all__ = ["write"]
