"""Uploaded files: bounded in size, kept under a name of ours, gone when their run is done."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.rules import Actor
from yiwang.practices.events.models import ImportRun

from .running import receive_file

MOST_BYTES = 64 * 1024 * 1024  # about half a million rows; our choice, for uploads alone


def folder() -> Path:
    """Where uploads lie until they are brought in."""
    place = Path(settings.FILES) / "imports"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def receive_upload(upload: "UploadedFile[bytes] | None", *, by: Actor, at: datetime) -> ImportRun:
    """Keep an uploaded file and look at it; nothing stays of one that is refused."""
    if upload is None:
        raise Refusal("import_no_file", Words("请选一个文件。", "Choose a file."), field="file")
    if (upload.size or 0) > MOST_BYTES:
        raise Refusal(
            "import_too_large",
            Words("文件超过 {most} MB。", "The file is over {most} MB.").filled(
                most=MOST_BYTES // 1024**2),
            Words("分成几个文件，或请管理员用 yiwang import events 导入。",
                  "Split it, or ask the administrator to use “yiwang import events”."),
            field="file",
        )
    path = folder() / new_id().hex
    try:
        with path.open("wb") as kept:
            for piece in upload.chunks():
                kept.write(piece)
        return receive_file(path, file_name=upload.name or "", by=by, at=at)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def drop_upload(run: ImportRun) -> None:
    """Delete the file of a run that needs it no more; a file of the command line is left alone."""
    path = Path(run.path)
    if path.parent == folder():
        with suppress(OSError):
            path.unlink(missing_ok=True)
