"""Pages that bring foreign events in: upload, columns and preview, progress, rejected rows."""

from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import record_export
from yiwang.practices.events.importing.fields import FIELDS, check_mapping, guess_mapping
from yiwang.practices.events.importing.layout import Layout
from yiwang.practices.events.importing.preview import Preview, look_through
from yiwang.practices.events.importing.rejects import problems_of, rejected_table
from yiwang.practices.events.importing.running import advance_for, begin
from yiwang.practices.events.importing.sample import NAME, sample_lines
from yiwang.practices.events.importing.seen import runs_seen, sources_seen
from yiwang.practices.events.importing.sources import source_like
from yiwang.practices.events.importing.uploads import drop_upload, receive_upload
from yiwang.practices.events.models import ImportRun
from yiwang.shell.doors import Asked, door
from yiwang.shell.web.account import me
from yiwang.shell.web.figure_files import as_csv, as_xlsx

from .import_forms import MappingForm

PAGE = 20  # runs
SLICE = 1.5  # seconds of work a request: the page stays answering, progress moves
SAMPLES = {"csv": as_csv, "xlsx": as_xlsx}
SHOWN = 50  # rejected rows on the page; all of them in the download

STATES: dict[str, tuple[str, Words]] = {
    ImportRun.State.READY: ("idle", Words("待确认", "to confirm")),
    ImportRun.State.RUNNING: ("warn", Words("导入中", "coming in")),
    ImportRun.State.DONE: ("ok", Words("已完成", "done")),
    ImportRun.State.BROKEN: ("bad", Words("中断", "broken off")),
}


@door("events.import")
def imports(request: Asked) -> HttpResponse:
    """Past runs, and a new file."""
    refusal = None
    if request.method == "POST":
        try:
            run = receive_upload(_uploaded(request), by=request.actor, at=now())
            return redirect("import-run", run.pk)
        except Refusal as said:
            refusal = said
    rows = list(runs_seen(request.actor)[:PAGE])
    return render(request, "events/importing/list.html", {
        "rows": [(run, *STATES[run.state]) for run in rows], "refusal": refusal, "fields": FIELDS,
    }, status=422 if refusal else 200)


@door("events.import")
def import_sample(request: Asked, form: str) -> HttpResponseBase:
    """A table to begin with: headings that are understood, a few made-up rows."""
    if form not in SAMPLES:
        raise Http404
    return SAMPLES[form](NAME, sample_lines())


def _uploaded(request: Asked) -> "UploadedFile[bytes] | None":
    upload = request.FILES.get("file")
    return upload if isinstance(upload, UploadedFile) else None


@door("events.import")
def import_run(request: Asked, run_id: UUID) -> HttpResponse:
    """One run: its columns to be settled, its progress, or what came of it."""
    run = get_object_or_404(runs_seen(request.actor), pk=run_id)
    if run.state == ImportRun.State.READY:
        return _settle(request, run)
    return render(request, "events/importing/run.html", _shown(run))


def _settle(request: Asked, run: ImportRun) -> HttpResponse:
    """The columns as guessed or chosen, with a preview of what they would bring."""
    form = _form(request, run)
    valid = request.method == "POST" and form.is_valid()
    mapping = form.mapping() if form.has_columns() else _first_mapping(run)
    try:
        found = _looked_through(request, run, mapping)
    except Refusal as refusal:
        return render(request, "events/importing/broken.html", {"run": run, "refusal": refusal},
                      status=422)
    if valid and "begin" in request.POST and (answer := _begun(request, run, form)):
        return answer
    return render(request, "events/importing/settle.html", {
        "run": run, "form": form, "found": found, "refusal": _wrong(mapping, form.headers),
        "columns": list(zip(form.columns(), found.columns, strict=True)),
    }, status=422 if form.errors else 200)


def _form(request: Asked, run: ImportRun) -> MappingForm:
    headers = run.layout["headers"]
    like = source_like(headers)
    areas = [g.area for g in request.actor.grants if "events.import" in g.capabilities]
    return MappingForm(
        request.POST or None, headers=headers, mapping=_first_mapping(run),
        sources=sources_seen(request.actor), source=like.code if like else "",
        area=areas[0][:12] if areas else "",
    )


def _first_mapping(run: ImportRun) -> dict[str, str]:
    like = source_like(run.layout["headers"])
    return dict(like.mapping) if like and like.mapping else guess_mapping(run.layout["headers"])


def _looked_through(request: Asked, run: ImportRun, mapping: dict[str, str]) -> Preview:
    layout = Layout.from_json(run.layout)
    return look_through(Path(run.path), layout, mapping, source=source_like(layout.headers),
                        by=request.actor)


def _wrong(mapping: dict[str, str], headers: tuple[str, ...]) -> Refusal | None:
    try:
        check_mapping(mapping, headers)
    except Refusal as refusal:
        return refusal
    return None


def _begun(request: Asked, run: ImportRun, form: MappingForm) -> HttpResponse | None:
    try:
        source = form.chosen()
        run = begin(run, source=source, mapping=form.mapping(), by=request.actor, at=now(),
                    as_open=form.cleaned_data["as_open"])
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return redirect("import-run", run.pk)


@door("events.import")
def import_advance(request: Asked, run_id: UUID) -> HttpResponse:
    """Some more chunks; the page asks again until the run is done. Resumes after any break."""
    run = get_object_or_404(runs_seen(request.actor), pk=run_id)
    if request.method == "POST" and run.state == ImportRun.State.RUNNING:
        run = advance_for(run, SLICE, by=request.actor, now=now)
        if run.state == ImportRun.State.DONE:
            drop_upload(run)
    return render(request, "events/importing/progress.html", _shown(run))


def _shown(run: ImportRun) -> dict[str, object]:
    lamp, state = STATES[run.state]
    trouble = run.trouble and {name: Words.from_json(said) for name, said in run.trouble.items()}
    return {
        "run": run, "lamp": lamp, "state": state, "trouble": trouble,
        "percent": 100 * run.position // max(run.total, 1),
        "rejects": [(reject.row, problem) for reject in run.rejects.order_by("row")[:SHOWN]
                    for problem in problems_of(reject)],
        "more": max(run.rejected - SHOWN, 0),
    }


@door("events.import")
def import_rejected(request: Asked, run_id: UUID) -> StreamingHttpResponse:
    """The rejected rows as CSV, to be mended and sent again."""
    run = get_object_or_404(runs_seen(request.actor), pk=run_id)
    record_export(me(request), f"import/{run.pk}", rows=run.rejected, by=request.actor, at=now())
    answer = StreamingHttpResponse(rejected_table(run), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{run.pk}.csv"'
    return answer
