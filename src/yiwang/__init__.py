"""Yiwang (一网): one net over everything that happens in a township or sub-district."""

__version__ = "0.1.0"
