"""Taking a previewed file in: the good rows, when the person has said so."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places import actions
from yiwang.kernel.places.locate import shapes_changed
from yiwang.kernel.places.models import Cell
from yiwang.kernel.places.queries import known_parents, outlines_on, shape_of

from .preview import Ground, Preview, Row


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did, by count; ``left_out`` are the rows it was told to leave out."""

    drawn: int
    changed: int
    unchanged: int
    left_out: int


def ground_for(layer: str, codes: list[str], on: date) -> Ground:
    """What a file of cells is compared with: the layer's cells in force, the parents known."""
    return Ground(
        outlines=outlines_on(layer, Q(), on),
        parents=frozenset(known_parents(codes, layer)),
        check_parents=True,
    )


@transaction.atomic
def import_cells(
    preview: Preview, *, by: actions.Author, at: datetime, since: date,
    only_good: bool = False, source: str = "", illustrative: bool = False,
) -> Taken:
    """Draw new cells and change the boundaries of known ones, from ``since`` on.

    Raises ``Refusal`` where rows are bad and ``only_good`` does not say to leave them out, where
    none is good, and where a row's change is refused (the row is named, nothing is written).
    """
    if preview.bad and not only_good:
        raise Refusal(
            "rows_are_bad",
            Words("有 {n} 行不能导入。", "{n} {n:row|rows} cannot be imported.").filled(
                n=len(preview.bad)),
            Words("改好再传，或勾选“只导入没有问题的行”。",
                  "Mend them and send the file again, or tick “import only the good rows”."),
            field="only_good",
        )
    if not preview.good:
        raise Refusal("nothing_to_import", Words("没有能导入的行。", "No row can be imported."),
                      field="file")
    done = {"drawn": 0, "changed": 0, "unchanged": 0}
    known = set(Cell.objects.filter(code__in=[row.outline.code for row in preview.good])
                .values_list("code", flat=True))
    for row in sorted(preview.good, key=lambda row: (len(row.outline.code), row.outline.code)):
        try:
            done[_take(row, row.outline.code in known, preview, since, by, at, source,
                       illustrative)] += 1
        except Refusal as refusal:
            refusal.what = Words("第 {n} 行：{what}", "Row {n}: {what}").filled(
                n=row.number, what=refusal.what)
            raise
    shapes_changed()
    return Taken(**done, left_out=len(preview.bad))


def _take(
    row: Row, known: bool, preview: Preview, since: date, by: actions.Author, at: datetime,
    source: str, illustrative: bool,
) -> str:
    """One row; the geometry goes in as it came, so that the original and its datum are kept."""
    outline = row.outline
    said: dict[str, Any] = {"since": since, "by": by, "at": at, "datum": preview.datum,
            "source": source or preview.name, "illustrative": illustrative}
    if not known:
        actions.draw_cell(code=outline.code, name=outline.name, geometry=row.original,
                          layer=outline.layer, households=row.households, **said)
        return "drawn"
    if row.households is not None:
        _count(row, since, by, at)
    before = shape_of(outline.code, since)
    if before is not None and before.geometry == outline.geometry:
        return "unchanged"
    actions.change_shape(outline.code, row.original, **said)
    return "changed"


def _count(row: Row, since: date, by: actions.Author, at: datetime) -> None:
    cell = Cell.objects.get(code=row.outline.code)
    if cell.households != row.households and row.households is not None:
        actions.set_households(cell.code, row.households, as_of=since, by=by, at=at)
