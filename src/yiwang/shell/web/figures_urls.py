"""Addresses of the cockpit and of figures opened into their rows."""

from django.urls import path

from . import cockpit, figure_rows

urlpatterns = [
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("wall/", cockpit.wall, name="wall"),
    path("figures/<str:code>", figure_rows.figure_page, name="figure"),
    path("figures/<str:code>/file.<slug:form>", figure_rows.figure_file, name="figure-file"),
]
