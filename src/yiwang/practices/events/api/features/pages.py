"""The addresses of OGC API Features: landing, conformance, collections, features."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from yiwang.algorithms.words import Words
from yiwang.shell.doors import public

from .answers import GEOJSON, JSON, OPENAPI, answer, described, link, one_of, page_of
from .asking import Senseless, lost, none_but, wanted_of
from .cases import CASES
from .collections import Collection
from .document import document
from .ground import CELLS, PLACES

COLLECTIONS = {each.id: each for each in (CELLS, PLACES, CASES)}
CONFORMS = [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
            for name in ("core", "geojson", "oas30")]
TITLE = Words("一网：网格、点位与公开事件", "Yiwang: cells, places and public cases")
View = Callable[..., HttpResponseBase]


class Missing(Exception):
    """No such collection or feature."""


def asked(view: View) -> View:
    """Open to anybody; what cannot be answered is said in the reader's language."""

    @public("cells and places are public; of cases only what the public map tells")
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Senseless as senseless:
            return _wrong(400, senseless.said)
        except Missing:
            return _wrong(404, Words("没有这个集合或要素。", "There is no such collection or "
                                     "feature."))

    return guarded


def _wrong(status: int, said: Words) -> HttpResponse:
    return answer({"code": str(status), "description": str(said)}, status=status)


@asked
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    none_but(request, set())
    return answer({"title": str(TITLE), "description": str(CASES.description), "links": [
        link(request, "self", JSON, "features-landing"),
        link(request, "service-desc", OPENAPI, "features-api"),
        link(request, "conformance", JSON, "features-conformance"),
        link(request, "data", JSON, "features-collections"),
    ]})


@asked
def conformance(request: HttpRequest) -> HttpResponse:
    """The classes of the standard that hold here."""
    none_but(request, set())
    return answer({"conformsTo": CONFORMS})


@asked
def api(request: HttpRequest) -> HttpResponse:
    """The description of the interface."""
    none_but(request, set())
    server = link(request, "self", JSON, "features-landing")["href"].rstrip("/")
    return answer(document(server, str(TITLE), list(COLLECTIONS.values())), OPENAPI)


@asked
def collections(request: HttpRequest) -> HttpResponse:
    """What may be asked for."""
    none_but(request, set())
    return answer({"links": [link(request, "self", JSON, "features-collections")],
                   "collections": [described(request, each) for each in COLLECTIONS.values()]})


@asked
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """One collection."""
    none_but(request, set())
    return answer(described(request, _known(name)))


@asked
def items(request: HttpRequest, name: str) -> HttpResponse:
    """A page of features."""
    chosen = _known(name)
    wanted = wanted_of(request)
    try:
        page = chosen.page(wanted)
    except ValueError:  # a cursor that holds no place of this collection
        raise lost() from None
    return answer(page_of(request, chosen, page), GEOJSON)


@asked
def one(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One feature by its id."""
    none_but(request, set())
    chosen = _known(name)
    found = chosen.one(number)
    if found is None:
        raise Missing
    return answer(one_of(request, chosen, found), GEOJSON)


def _known(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise Missing
    return COLLECTIONS[name]
