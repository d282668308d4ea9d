"""Photos: what is taken in, what is refused and why, and what is left of the original."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.files import path_of, store_photo
from yiwang.kernel.records.photo_bounds import BOUNDS


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


def photo(
    size: tuple[int, int] = (640, 480), form: str = "JPEG", mode: str = "RGB", **more: Any
) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(buffer, form, **more)
    buffer.seek(0)
    return buffer


def with_exif() -> io.BytesIO:
    exif = Image.Exif()
    details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    details[ExifTags.Base.DateTimeOriginal] = "2026:03:10 09:12:00"
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (29.0, 53.0, 24.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (121.0, 52.0, 12.0)
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Phone of somebody"
    return photo((400, 200), exif=exif)


@pytest.mark.parametrize(("form", "mode"), [
    ("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"),
])
def test_each_accepted_kind_becomes_a_jpeg(form: str, mode: str) -> None:
    stored = store_photo(photo(form=form, mode=mode), name="a.png")
    with Image.open(path_of(stored.stored_digest)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))


def test_digests_are_of_what_came_in_and_of_what_is_kept() -> None:
    upload = photo()
    stored = store_photo(upload, name="a.jpg")
    assert stored.captured_digest == hashlib.sha256(upload.getvalue()).hexdigest()
    content = path_of(stored.stored_digest).read_bytes()
    assert stored.stored_digest == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)


def test_position_and_time_are_kept_apart_from_the_shown_picture() -> None:
    stored = store_photo(with_exif(), name="a.jpg")
    assert stored.taken.longitude == pytest.approx(121.87)
    assert stored.taken.latitude == pytest.approx(29.89)
    assert stored.taken.at is not None
    assert stored.taken.at.isoformat() == "2026-03-10T09:12:00+08:00"
    with Image.open(path_of(stored.stored_digest)) as image:
        assert not image.getexif()
        assert image.size == (200, 400), "turned upright"
    assert b"Phone of somebody" not in path_of(stored.stored_digest).read_bytes()


def test_a_large_photo_is_made_smaller_and_has_a_small_copy() -> None:
    stored = store_photo(photo((4000, 1000)), name="a.jpg")
    with Image.open(path_of(stored.stored_digest)) as image:
        assert image.size == (2560, 640)
    with Image.open(path_of(stored.stored_digest, small=True)) as image:
        assert image.size == (480, 120)


def test_the_same_photo_twice_lies_there_once(files: Path) -> None:
    content = photo().getvalue()
    first, again = (store_photo(io.BytesIO(content), name="a.jpg") for _ in range(2))
    assert first.stored_digest == again.stored_digest
    assert len([path for path in files.rglob("*") if path.is_file()]) == 2


def test_a_photo_that_changed_on_the_way_is_refused() -> None:
    upload = photo()
    right = hashlib.sha256(upload.getvalue()).hexdigest()
    assert store_photo(upload, name="a.jpg", claimed_digest=right).captured_digest == right
    assert refused(photo((10, 10)), claimed_digest=right) == "photo_changed"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
GIF = b"GIF89a" + b"\0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(("content", "code"), [
    (HEIC, "photo_heic"), (GIF, "not_a_photo"), (SVG, "not_a_photo"), (b"", "not_a_photo"),
    (b"\xff\xd8\xff\xe0 no picture", "not_a_photo"),
    (b"\xff\xd8" + b"\0" * (BOUNDS.most_bytes), "photo_too_large"),
])
def test_what_is_no_good_photo_is_refused_by_its_content(content: bytes, code: str) -> None:
    assert refused(io.BytesIO(content)) == code


def test_a_photo_cut_short_is_broken(files: Path) -> None:
    content = photo().getvalue()
    assert refused(io.BytesIO(content[: len(content) // 2])) == "photo_broken"
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < BOUNDS.most_bytes
    assert refused(bomb) == "photo_too_many_pixels"


def refused(upload: io.BytesIO, **more: Any) -> str:
    upload.seek(0)
    with pytest.raises(Refusal) as caught:
        store_photo(upload, name="照片.jpg", **more)
    assert caught.value.field == "photo"
    assert caught.value.what.zh
    assert caught.value.what.en
    assert caught.value.todo.en
    return caught.value.code
