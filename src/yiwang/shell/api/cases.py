"""One case through the API: read, its trail, its moves, a move made, photos added."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import File, Form, Router
from ninja.files import UploadedFile

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.evidence import attach_photos, check_can_attach
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import case_of
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.records.files import StoredPhoto, store_photo
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.records.once import Answer
from yiwang.kernel.records.photo_bounds import BOUNDS, too_many
from yiwang.shell.web.case_forms import names_team, teams_near
from yiwang.shell.web.case_page import MOST_ENTRIES, CasePage, seen_case

from .case_shapes import (
    CaseOut,
    MoveIn,
    Moves,
    Step,
    Trail,
    Uploaded,
    case_out,
    move_out,
    photo_out,
    step_out,
)
from .keyed import Keyed, by_of, operation
from .moving import given_of
from .problems import Problem
from .shapes import Text, named
from .writing import answered, write

router = Router(tags=["cases"])
ONE = "/cases/{uuid:case_id}"
READ = ("cases:read", "case.view")
WRITE = ("cases:write", "case.view")


@router.get(ONE, response=CaseOut, **operation(
    "case", "读一件案件", "one case", problems=(404,), headers=("ETag",), gate=READ))
def read_case(request: HttpRequest, response: HttpResponse, case_id: UUID) -> CaseOut:
    """A case that the key's person may see."""
    page = _page(request, case_id)
    response["ETag"] = tag_of(page.case)
    return case_out(page)


@router.get(f"{ONE}/trail", response=Trail, **operation(
    "trail", "案件的经过", "what happened to a case", problems=(404,), gate=READ))
def read_trail(request: HttpRequest, case_id: UUID) -> Trail:
    """The steps, as the page tells them."""
    page = _page(request, case_id)
    return Trail(case_id=str(case_id), complete=len(page.entries) < MOST_ENTRIES,
                 items=_steps(page))


@router.get(f"{ONE}/moves", response=Moves, **operation(
    "moves", "现在能办什么", "what can be done now", problems=(404,), headers=("ETag",), gate=READ))
def read_moves(request: HttpRequest, response: HttpResponse, case_id: UUID) -> Moves:
    """The moves the page would offer, with what each asks for."""
    page = _page(request, case_id)
    response["ETag"] = tag_of(page.case)
    wanted = any(names_team(move) for move in page.moves)
    teams = teams_near(page.case) if wanted else []
    return Moves(case_id=str(case_id), version=page.case.version,
                 items=[move_out(move, page) for move in page.moves],
                 teams=[named(id_, words) for id_, words in teams])


@router.post(f"{ONE}/moves", response=CaseOut, **operation(
    "move", "办一步", "make a move", problems=(400, 404, 409, 412, 413, 422, 428),
    headers=("ETag", "Idempotency-Replayed"), gate=WRITE))
def make_one(request: Keyed, case_id: UUID, asked: MoveIn) -> HttpResponse:
    """Make a lawful move of the version that ``If-Match`` names."""
    at, seen = now(), request.headers.get("If-Match", "")
    if not seen:
        raise Problem("version-missing", Words("请带上 If-Match，值是看到的 ETag。",
                                               "Send If-Match with the ETag you have seen."))

    def act() -> Answer:
        case = seen_case(by_of(request), case_id)
        _check_version(request, case, seen)
        given = given_of(case, asked)
        try:
            made = make_move(case, asked.move, by=by_of(request), at=at, given=given)
        except SomebodyElseDecided:
            raise _changed(request, case_of(case_id), case.version) from None
        done = case_of(made.id)
        body = case_out(CasePage(done, by_of(request), at))
        return answered(200, body, ETag=tag_of(done))

    return write(request, [asked.model_dump(), seen], act, at=at)


@router.post(f"{ONE}/photos", response={201: Uploaded}, **operation(
    "photos", "传照片", "upload photos", problems=(400, 404, 409, 412, 413, 422),
    headers=("ETag", "Idempotency-Replayed"), gate=WRITE))
def add_photos(
    request: Keyed, case_id: UUID, files: Annotated[list[UploadedFile], File()],
    move: Annotated[Text, Form(max_length=40)],
) -> HttpResponse:
    """Photos for a move that is open now, or ``report`` for one's own report just made."""
    at, by = now(), by_of(request)
    check_can_attach(seen_case(by, case_id), move, by=by, at=at)
    photos = _stored(files)  # before the transaction: SQLite lets nobody else write in it

    def act() -> Answer:
        case = seen_case(by, case_id)
        check_can_attach(case, move, by=by, at=at)
        try:
            ids = attach_photos(case, photos, stage=move, by=by, at=at)
        except SomebodyElseDecided:
            raise _changed(request, case_of(case_id), case.version) from None
        kept = Attachment.objects.filter(pk__in=ids).order_by("id")
        body = Uploaded(case_id=str(case_id), version=case.version,
                        photos=[photo_out(photo) for photo in kept])
        return answered(201, body, ETag=tag_of(case))

    return write(request, [move, *(photo.captured_digest for photo in photos)], act, at=at)


def tag_of(case: Case) -> str:
    """The version of a case as an entity tag."""
    return f'"{case.version}"'


def _page(request: HttpRequest, case_id: UUID) -> CasePage:
    """The case with its teams, if the key's person may see it."""
    seen_case(by_of(request), case_id)
    return CasePage(case_of(case_id), by_of(request), now())


def _steps(page: CasePage) -> list[Step]:
    stream = stream_of(page.case)
    return [step_out(entry, line, stream)
            for entry, line in zip(page.entries, page.story, strict=True)]


def _check_version(request: HttpRequest, case: Case, seen: str) -> None:
    """RFC 9110, 13.1.1: one of the tags is the newest, or ``*`` for whatever it is."""
    tags = [tag.strip() for tag in seen.split(",")]
    if "*" in tags or tag_of(case) in tags:
        return
    number = tags[0].strip('"')
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    raise _changed(request, case, known)


def _changed(request: HttpRequest, case: Case, seen: int) -> Problem:
    """What the second of two is told: the newest version, and what came after the one seen."""
    page = CasePage(case, by_of(request), now())
    after = [step.model_dump() for step in _steps(page) if (step.version or 0) > seen]
    changes = [{**step, "at": step["at"].isoformat()} for step in after]
    return Problem(
        "changed", Words("你看到的不是最新的：现在是第 {n} 版。",
                         "What you saw is not the newest: it is version {n} now.").filled(
            n=case.version),
        more={"version": case.version, "changes": changes}, headers={"ETag": tag_of(case)})


def _stored(files: list[UploadedFile]) -> list[StoredPhoto]:
    if len(files) > BOUNDS.most_photos:
        raise too_many()
    try:
        return [store_photo(file, name=file.name or "photo")  # type: ignore[arg-type]
                for file in files]
    except Refusal as refusal:
        refusal.field = "files"
        raise
