"""The coverage and size report: a warning for each way to miss the norm, none for a good town."""

import pytest

from yiwang.algorithms.made_town import make_town_cells
from yiwang.kernel.places.coverage import Counted, addresses_report, size_report
from yiwang.kernel.places.rules import SizeNorms, code_fault

VILLAGE, COMMUNITY = "330206005208", "330206005001"
NORMS = SizeNorms()


def kinds(*cells: Counted, norms: SizeNorms = NORMS) -> list[tuple[str, str]]:
    return [(w.code[12:], w.kind) for w in size_report(cells, norms).warnings]


def cell(tail: str, households: int | None, drawn: bool = True, unit: str = VILLAGE) -> Counted:
    return Counted(unit + tail, f"网格{tail}", households, drawn)


@pytest.mark.parametrize(("households", "expected"), [
    (299, ["too_few"]), (300, []), (500, []), (501, ["too_many"]), (0, ["too_few"]),
])
def test_a_grid_holds_300_to_500(households: int, expected: list[str]) -> None:
    parts = [cell(f"001{i:03}", n) for i, n in enumerate(_parts(households), start=1)]
    found = [kind for code, kind in kinds(cell("001", households), *parts) if code == "001"]
    assert found == expected


def _parts(total: int) -> list[int]:
    return [total // 5] * 4 + [total - total // 5 * 4]


@pytest.mark.parametrize(("village_total", "expected"), [(2999, False), (3000, True)])
def test_large_mixed_communities_hold_200_to_300(village_total: int, expected: bool) -> None:
    low, high = NORMS.bounds(COMMUNITY + "001", village_households=village_total,
                             is_community=True)
    assert ((low, high) == (200, 300)) is expected
    assert NORMS.bounds(VILLAGE + "001", village_households=5000, is_community=False) == (300, 500)
    assert NORMS.bounds(VILLAGE, village_households=1, is_community=False) == (0, 0)


def test_what_is_missing_or_does_not_add_up() -> None:
    assert kinds(cell("001", 400)) == [("001", "no_micro_grids")]
    assert kinds(cell("001", 300), cell("001001", None), cell("001002", 60, drawn=False)) == [
        ("001", "sum_differs"), ("001001", "no_count"), ("001002", "no_boundary")]


def test_norms_are_configuration_and_checked() -> None:
    loose = SizeNorms(grid=(1, 900), micro=(1, 900))
    assert kinds(cell("001", 900), cell("001001", 900), norms=loose) == []
    with pytest.raises(ValueError, match="pair"):
        SizeNorms(grid=(500, 300))


def test_the_made_town_adds_up() -> None:
    cells = [Counted(c.code, c.name, c.households) for c in make_town_cells()]
    report = size_report(cells, NORMS)
    assert not {w.kind for w in report.warnings} & {"sum_differs", "no_count", "no_boundary"}
    assert report.households == cells[0].households


def test_addresses_are_in_one_micro_grid_or_named() -> None:
    cells = [cell("001001", 2), cell("001002", 1)]
    report = addresses_report(size_report(cells, NORMS), [
        (2, 121.0, 29.0, (VILLAGE + "001", VILLAGE + "001001")),
        (3, 121.1, 29.0, (VILLAGE + "001", VILLAGE + "001002")),
        (4, 121.2, 29.0, (VILLAGE + "001",)),
        (5, 120.0, 29.0, ()),
    ], cells)
    assert (report.addresses, report.covered) == (4, 2)
    assert [(h.row, h.lies_in) for h in report.homeless] == [(4, VILLAGE + "001"), (5, "")]
    assert ("count_differs", VILLAGE + "001001") in {(w.kind, w.code) for w in report.warnings}


@pytest.mark.parametrize(("code", "layer", "fine"), [
    ("330206005208001", "governance", True), ("330206005208001002", "governance", True),
    ("330206005", "governance", True), ("33020600520800", "governance", False),
    ("330206005208００１", "governance", False), ("", "governance", False),
    ("CG-01_2", "city", True), ("格一", "city", False), ("x" * 25, "city", False),
])
def test_codes(code: str, layer: str, fine: bool) -> None:
    assert (code_fault(code, layer) is None) is fine
