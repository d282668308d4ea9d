"""Addresses of the cells pages."""

from django.urls import URLPattern, path

from . import cells, cells_draw, cells_import, cells_report

urlpatterns: list[URLPattern] = [
    path("cells", cells.cells, name="cells"),
    path("cells/shapes", cells.shapes, name="cells-shapes"),
    path("cells/new", cells_draw.draw, name="cell-draw"),
    path("cells/import", cells_import.upload, name="cells-import"),
    path("cells/import/confirm", cells_import.confirm, name="cells-import-confirm"),
    path("cells/report", cells_report.report, name="cells-report"),
    path("cells/<slug:code>", cells.detail, name="cell-detail"),
    path("cells/<slug:code>/shape", cells_draw.shape, name="cell-shape"),
    path("cells/<slug:code>/households", cells.households, name="cell-households"),
]
