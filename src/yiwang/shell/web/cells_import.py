"""Importing cells: a file, its preview with every bad row, then the person's decision."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.rules import check_can
from yiwang.kernel.places.importing import Preview, import_cells, preview_cells, read_file
from yiwang.kernel.places.importing.records import MOST_BYTES, unreadable
from yiwang.kernel.places.importing.taking import ground_for
from yiwang.kernel.places.rules import GOVERNANCE
from yiwang.shell.doors import Asked, door

from .cells_draw import drawn
from .cells_forms import ConfirmForm, ImportForm

KEPT = 24 * 3600  # seconds an uploaded file waits for the decision
MOST_SHOWN = 200  # rows with faults, problems
SESSION = "cells_import"


@door("cells.edit")
def upload(request: Asked) -> HttpResponse:
    """Choose a file and its coordinate system; the answer is the preview."""
    form = ImportForm(request.POST or None, files=request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            raw = _bytes(file)
            found = _preview(file.name, raw, form.cleaned_data["datum"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session[SESSION] = {
                "id": str(_keep(raw)), "name": file.name[:200], "datum": found.datum}
            return _preview_page(request, found, ConfirmForm(initial={"since": localdate()}))
    return render(request, "shell/cells/import.html", {"form": form},
                  status=422 if form.errors else 200)


@door("cells.edit")
@require_POST
def confirm(request: Asked) -> HttpResponse:
    """Take the previewed file in, all of it or the good rows."""
    kept = request.session.get(SESSION)
    path = _folder() / str(UUID(kept["id"])) if kept else None
    if kept is None or path is None or not path.exists():
        messages.error(request, str(Words("文件已不在，请重新上传。",
                                          "The file is gone; upload it again.")))
        return redirect("cells-import")
    found, form = _preview(kept["name"], path.read_bytes(), kept["datum"]), ConfirmForm(
        request.POST)
    if form.is_valid():
        try:
            for row in found.good:
                check_can(request.actor, "cells.edit", area=row.outline.code)
            taken = import_cells(
                found, by=request.actor, at=now(), since=form.cleaned_data["since"],
                only_good=form.cleaned_data["only_good"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            path.unlink(missing_ok=True)
            del request.session[SESSION]
            messages.success(request, str(Words(
                "新画 {drawn} 个，改边界 {changed} 个，未变 {unchanged} 个，略过 {left_out} 行。",
                "{drawn} drawn, {changed} changed, {unchanged} unchanged, "
                "{left_out} {left_out:row|rows} left out.").filled(
                drawn=taken.drawn, changed=taken.changed, unchanged=taken.unchanged,
                left_out=taken.left_out)))
            return redirect("cells")
    return _preview_page(request, found, form, status=422)


def _bytes(file: "UploadedFile[Any]") -> bytes:
    if (file.size or 0) > MOST_BYTES:
        raise unreadable(Words("文件超过 20 MB。", "The file is over 20 MB."),
                         Words("请分村社导出。", "Export village by village."))
    return bytes(file.read())


def _preview(name: str, raw: bytes, datum: str) -> Preview:
    codes = [str(record.values.get("code", "")) for record in read_file(name, raw).records]
    return preview_cells(name, raw, datum=datum,  # type: ignore[arg-type]
                         ground=ground_for(GOVERNANCE, codes, localdate()))


def _preview_page(
    request: Asked, found: Preview, form: ConfirmForm, status: int = 200
) -> HttpResponse:
    cells = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": row.outline.geometry,
         "properties": {"id": row.outline.code, "name": row.outline.name}}
        for row in found.good]}
    trouble = [one for one in found.problems if not one.blocks]
    marks = drawn(list(found.problems))
    return render(request, "shell/cells/preview.html", {
        "found": found, "form": form, "bad": found.bad[:MOST_SHOWN],
        "problems": trouble[:MOST_SHOWN], "all_problems": len(trouble),
        "cells": cells, "marks": marks,
    }, status=status)


def _folder() -> Path:
    folder = Path(settings.FILES) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _keep(raw: bytes) -> UUID:
    """Keep the upload until the decision; what nobody came back for goes."""
    for old in _folder().iterdir():
        if time.time() - old.stat().st_mtime > KEPT:
            old.unlink(missing_ok=True)
    kept = new_id()
    (_folder() / str(kept)).write_bytes(raw)
    return kept
