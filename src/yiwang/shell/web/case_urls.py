"""Addresses of the case page and of the search."""

from django.urls import path

from . import case, case_apart, case_search, case_split, case_team

urlpatterns = [
    path("search/", case_search.search, name="search"),
    path("cases/<uuid:case_id>/", case.detail, name="case-detail"),
    path("cases/<uuid:case_id>/panel/", case.panel, name="case-panel"),
    path("cases/<uuid:case_id>/contact/", case.unmask, name="case-contact"),
    path("cases/<uuid:case_id>/closing-words/", case.closing_words, name="case-closing-words"),
    path("cases/<uuid:case_id>/team/", case_team.call, name="case-call"),
    path("cases/<uuid:case_id>/split/", case_split.split, name="case-split"),
    path("cases/<uuid:case_id>/apart/<uuid:other>/", case_apart.apart, name="case-apart"),
    path("cases/<uuid:case_id>/<slug:move>/", case.move, name="case-move"),
]
