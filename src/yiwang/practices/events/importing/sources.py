"""Which other system a file comes from: named, or told by its columns."""

import re
from collections.abc import Sequence

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.scopes import scope_from
from yiwang.practices.events.models import ImportSource

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_PREFIX = re.compile(r"[A-Z0-9]{1,10}")
MOST_AREA = 12  # digits: a source covers a unit, not a grid


def source_like(headers: Sequence[str]) -> ImportSource | None:
    """The one source whose file had the same columns; ``None`` where none or several had."""
    same = [source for source in ImportSource.objects.order_by("code")
            if source.headers == list(headers)]
    return same[0] if len(same) == 1 else None


def chosen_source(
    code: str, headers: Sequence[str], *, area: str = "", prefix: str = "", kind_list: str = ""
) -> ImportSource:
    """The source named, or told by the columns; a new name needs its ``area``. Not saved yet.

    Raises ``Refusal`` where it cannot be told, or a code is malformed.
    """
    known = ImportSource.objects.filter(code=code).first() if code else source_like(headers)
    if known is not None:
        return known
    if not code or not area:
        raise Refusal(
            "import_source",
            Words("不知道这个文件来自哪个系统。", "It is not known which system the file is from."),
            Words("给来源起个名并说明辖区：--source 名称 --area 区划编码。",
                  "Name the source and its area: --source NAME --area CODE."),
            field="source",
        )
    return ImportSource(
        code=_checked(code, _CODE, "source"), area=_unit(area),
        number_prefix=_checked((prefix or code).upper()[:10], _PREFIX, "prefix"),
        kind_list=_checked(kind_list or code.upper(), _CODE, "kind_list"),
    )


def _unit(area: str) -> str:
    scope = scope_from(area)
    if not 6 <= len(scope) <= MOST_AREA:
        raise Refusal(
            "import_area",
            Words("辖区用 6、9 或 12 位区划编码。", "An area is a code of 6, 9 or 12 digits."),
            field="area")
    return scope


def _checked(text: str, pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(text):
        raise Refusal(
            "import_code",
            Words("“{text}”要用字母和数字。", "“{text}” must be letters and digits.").filled(
                text=text),
            field=name,
        )
    return text
