"""Addresses of the pages of cells and units."""

from django.urls import URLPattern, path

from . import (
    cells,
    cells_draw,
    cells_import,
    cells_norms,
    cells_proposal,
    cells_propose,
    cells_report,
    units,
)

urlpatterns: list[URLPattern] = [
    path("units", units.units, name="units"),
    path("units/<slug:code>", units.unit, name="unit"),
    path("units/<slug:code>/kind", units.unit_kind_change, name="unit-kind"),
    path("units/<slug:code>/power", units.unit_power, name="unit-power"),
    path("units/<slug:code>/power/<int:power>/end", units.unit_power_end, name="unit-power-end"),
    path("cells", cells.cells, name="cells"),
    path("cells/shapes", cells.shapes, name="cells-shapes"),
    path("cells/new", cells_draw.draw, name="cell-draw"),
    path("cells/import", cells_import.upload, name="cells-import"),
    path("cells/import/confirm", cells_import.confirm, name="cells-import-confirm"),
    path("cells/report", cells_report.report, name="cells-report"),
    path("cells/norms", cells_norms.norms, name="cells-norms"),
    path("cells/proposals/<uuid:proposal_id>", cells_proposal.proposal, name="proposal"),
    path("cells/proposals/<uuid:proposal_id>/move", cells_proposal.proposal_move,
         name="proposal-move"),
    path("cells/proposals/<uuid:proposal_id>/undo", cells_proposal.proposal_undo,
         name="proposal-undo"),
    path("cells/proposals/<uuid:proposal_id>/drop", cells_proposal.proposal_drop,
         name="proposal-drop"),
    path("cells/proposals/<uuid:proposal_id>/adopt", cells_proposal.proposal_adopt,
         name="proposal-adopt"),
    path("cells/<slug:code>", cells.detail, name="cell-detail"),
    path("cells/<slug:code>/shape", cells_draw.shape, name="cell-shape"),
    path("cells/<slug:code>/proposals", cells_propose.propose, name="cell-propose"),
    path("cells/<slug:code>/households", cells.households, name="cell-households"),
]
