"""Addresses of the desk, under ``/events/``."""

from django.urls import path

from . import bulk, desk, desk_filters

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("map.json", desk.desk_map, name="desk-map"),
    path("cells.json", desk.desk_cells, name="desk-cells"),
    path("bulk/", bulk.bulk, name="desk-bulk"),
    path("filters/", desk_filters.save, name="desk-filter-save"),
    path("filters/<uuid:filter_id>/", desk_filters.drop, name="desk-filter-drop"),
]
