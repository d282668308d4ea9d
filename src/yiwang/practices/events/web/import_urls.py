"""Addresses of importing and of the classes, under ``/events/``."""

from django.urls import path

from . import importing, kinds

urlpatterns = [
    path("imports", importing.imports, name="imports"),
    path("imports/sample.<slug:form>", importing.import_sample, name="import-sample"),
    path("imports/<uuid:run_id>", importing.import_run, name="import-run"),
    path("imports/<uuid:run_id>/advance", importing.import_advance, name="import-advance"),
    path("imports/<uuid:run_id>/rejected.csv", importing.import_rejected, name="import-rejected"),
    path("kinds", kinds.kind_lists, name="kinds"),
    path("kinds/limit", kinds.limit_change, name="limit-change"),
]
