"""Addresses of Open311 GeoReport v2, under ``/open311/v2/``."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

import yiwang.shell.converters  # noqa: F401  (registers ``rest``)

from . import asking, document, requests, services, updates


class FormConverter(StringConverter):
    """The form an answer is wanted in, as the ending of its address."""

    regex = "xml|json"


register_converter(FormConverter, "form")

urlpatterns: list[URLPattern] = [
    path("open311/v2/discovery.<form:form>", services.discovery, name="open311-discovery"),
    path("open311/v2/services.<form:form>", services.services, name="open311-services"),
    path("open311/v2/services/<str:code>.<form:form>", services.definition,
         name="open311-definition"),
    path("open311/v2/requests.<form:form>", requests.requests, name="open311-requests"),
    path("open311/v2/requests/<str:number>.<form:form>", requests.one, name="open311-request"),
    path("open311/v2/requests/<str:number>/updates.<form:form>", updates.updates,
         name="open311-updates"),
    path("open311/v2/tokens/<str:token>.<form:form>", requests.token, name="open311-token"),
    path("open311/v2/openapi.json", document.openapi, name="open311-openapi"),
    path("open311/<rest:rest>", asking.nothing_here, name="open311-nothing"),
]
