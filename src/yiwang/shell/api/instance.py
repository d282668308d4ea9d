"""The API itself: its operations gathered from shell and practices, and how it says no.

Only the web loads this: django-ninja takes most of a second to import.
"""

from importlib import import_module

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from yiwang.kernel.errors import Refusal
from yiwang.kernel.practice import practices

from . import cases, faults, figures, me, places, problems

PREFIX = "api/v1"


class Plain(JSONRenderer):
    """Chinese as it is written."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(title="Yiwang 一网", version="1", openapi_url=None, docs_url=None,
               renderer=Plain(), urls_namespace="api-v1")
for router in (me.router, cases.router, places.router, figures.router):
    api.add_router("", router)
for practice in practices:
    if practice.api_router:
        api.add_router("", import_module(practice.api_router).router)


@api.exception_handler(problems.Problem)
def _problem(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    return problems.told(request, problem)


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problems.told(request, faults.problem_of(refusal))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, nothing: Http404) -> HttpResponse:
    return problems.told(request, problems.not_found())


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.told(request, faults.problem_of_http(error))


@api.exception_handler(ValidationError)
def _fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.told(request, faults.problem_of_fields(error))
