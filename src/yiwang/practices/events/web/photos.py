"""Photos, served after a look at who asks: through the case they belong to, or its follow code."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from yiwang.kernel.cases.evidence import case_of_photo
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.records.files import path_of
from yiwang.kernel.records.models import Attachment
from yiwang.shell.doors import Asked, door, public

from ..queries.followed import SHOWN_STAGES
from ..rules import PRACTICE
from .follow import REASON, looked_up

DAY = 24 * 3600  # seconds a browser may keep a picture for its own user


@door("case.view")
@require_safe
def photo(request: Asked, photo: UUID) -> FileResponse:
    """The picture, to whoever may see its case."""
    return _file(_visible(request, photo), small=False)


@door("case.view")
@require_safe
def small(request: Asked, photo: UUID) -> FileResponse:
    """The small copy."""
    return _file(_visible(request, photo), small=True)


@public(REASON)
@require_safe
def followed(request: HttpRequest, code: str, photo: UUID) -> FileResponse:
    """The picture, to whoever holds the follow code; of the steps a reporter may see."""
    case, _, _ = looked_up(request, code)
    if case is None:
        raise Http404
    found = Attachment.objects.filter(id=photo, stream=stream_of(case), stage__in=SHOWN_STAGES)
    picture = found.first()
    if picture is None or (picture.stage != "report" and case.is_open):
        raise Http404
    return _file(picture, small=bool(request.GET.get("small")))


def _visible(request: Asked, photo: UUID) -> Attachment:
    picture = Attachment.objects.filter(id=photo).first()
    case = case_of_photo(picture) if picture else None
    reach = visible_cases(request.actor, practice=PRACTICE)
    if picture is None or case is None or not reach.filter(id=case).exists():
        raise Http404
    return picture


def _file(photo: Attachment, *, small: bool) -> FileResponse:
    try:
        content = path_of(photo.stored_digest, small=small).open("rb")
    except FileNotFoundError as problem:
        raise Http404 from problem
    answer = FileResponse(content, content_type=photo.media_type)
    answer["Cache-Control"] = f"private, max-age={DAY}, immutable"
    answer["Content-Disposition"] = f'inline; filename="{photo.stored_digest[:12]}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = (
        "default-src 'none'; sandbox; base-uri 'none'; object-src 'none'; frame-ancestors 'none'")
    return answer
