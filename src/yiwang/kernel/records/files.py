"""Photos as evidence: checked by content, re-encoded, kept under their own hash.

The bytes lie in ``settings.FILES`` as ``ab/cd/<sha256>.jpg`` and are on the disk before the row
that names them. A rolled-back transaction leaves a file nobody names, never a row without file.
"""

import hashlib
import io
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from PIL import Image, ImageOps

from yiwang.algorithms.secrets_kept import sync_names

from . import photo_bounds as bounds
from .exif import Taken, taken
from .models import Attachment
from .photo_bounds import BOUNDS

# Pillow only warns of bombs; we look at the size it reads from the header and refuse.
Image.MAX_IMAGE_PIXELS = None
_FORMATS = ("JPEG", "PNG", "WEBP", "MPO")  # MPO: what phones with two lenses call a JPEG
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo on the disk, not yet named by a row. Digests are SHA-256 in hexadecimal."""

    name: str
    size: int
    stored_digest: str
    captured_digest: str
    taken: Taken


def store_photo(upload: BinaryIO, *, name: str, claimed_digest: str = "") -> StoredPhoto:
    """Check, re-encode and write one photo; raises ``Refusal`` for what is no good photo.

    ``claimed_digest`` is what the phone computed when the photo was taken; where it is given, the
    bytes that came in must have it.
    """
    digest, size = _digest(upload)
    if size > BOUNDS.most_bytes:
        raise bounds.too_large(size)
    if claimed_digest and claimed_digest.lower() != digest:
        raise bounds.changed_on_the_way()
    image = _opened(upload)
    when_and_where = taken(image)
    picture = _decoded(image)
    large, small = _encoded(picture, BOUNDS.longest_side), _encoded(picture, BOUNDS.small_side)
    stored = hashlib.sha256(large).hexdigest()
    _write(path_of(stored), large)
    _write(path_of(stored, small=True), small)
    return StoredPhoto(Path(name).name[:120] or "photo", len(large), stored, digest, when_and_where)


def keep_photo(
    photo: StoredPhoto, *, stream: str, stage: str, by: str, at: datetime
) -> Attachment:
    """Name a stored photo in a row of ``stream``; the caller writes the trail entry."""
    return Attachment.objects.create(
        stream=stream, stage=stage, name=photo.name, media_type="image/jpeg", size=photo.size,
        stored_digest=photo.stored_digest, captured_digest=photo.captured_digest,
        captured_at=photo.taken.at, longitude=photo.taken.longitude,
        latitude=photo.taken.latitude, added_at=at, added_by=by,
    )


def path_of(digest: str, *, small: bool = False) -> Path:
    """Where the picture of that digest lies, or its small copy."""
    suffix = f".{BOUNDS.small_side}.jpg" if small else ".jpg"
    return Path(settings.FILES) / digest[:2] / digest[2:4] / (digest + suffix)


def _digest(upload: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    while block := upload.read(_BLOCK):
        digest.update(block)
        size += len(block)
    upload.seek(0)
    return digest.hexdigest(), size


def _opened(upload: BinaryIO) -> Image.Image:
    """The picture with its header read; by content, whatever the name says."""
    if bounds.is_heic(upload.read(12)):
        raise bounds.heic()
    upload.seek(0)
    try:
        image = Image.open(upload, formats=_FORMATS)
    except Exception as problem:
        raise bounds.not_a_photo() from problem
    jpeg = image.format in ("JPEG", "MPO")
    if image.width * image.height > (
        BOUNDS.most_jpeg_pixels if jpeg else BOUNDS.most_other_pixels
    ):
        raise bounds.too_many_pixels()
    return image


def _decoded(image: Image.Image) -> Image.Image:
    """Upright, plain RGB, no larger than we keep. Any failure of a decoder is a broken photo."""
    side = BOUNDS.longest_side
    try:
        image.draft("RGB", (side, side))  # a JPEG is decoded at ½, ¼ or ⅛ where that is enough
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _flat(upright)
    except Exception as problem:
        raise bounds.broken() from problem


def _flat(image: Image.Image) -> Image.Image:
    """On white where it was transparent."""
    if image.mode not in ("RGBA", "LA", "P", "PA"):
        return image.convert("RGB")
    shown = image.convert("RGBA")
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A"))
    return ground


def _encoded(picture: Image.Image, side: int) -> bytes:
    """JPEG bytes without EXIF, colour profile or comment."""
    copy = picture.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    copy.info = {}
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=BOUNDS.quality, optimize=True)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, and on the disk before we go on; a file that is there is the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{id(content)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_names(path.parent)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
