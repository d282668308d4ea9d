"""The number an issued report bears: agency, year, serial (GB/T 9704-2012, 7.2.5)."""

from yiwang.algorithms.words import Words

from .models import MonthlyReport
from .names import area_called


def number_words(report: MonthlyReport) -> Words:
    """霞浦街道月报〔2026〕3号; empty for a draft."""
    if report.serial is None:
        return Words("", "")
    return Words("{unit}月报〔{year}〕{n}号", "{unit} monthly report [{year}] No. {n}").filled(
        unit=area_called(report.area), year=report.year, n=report.serial)
