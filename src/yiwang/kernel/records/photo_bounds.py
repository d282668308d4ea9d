"""What a photo may be, and what is said when it is not. Pure."""

from dataclasses import dataclass

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

MEGABYTE = 1024 * 1024
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class PhotoBounds:
    """Sizes in bytes and pixels. A 50-megapixel phone writes about 15 MB (measured 2026)."""

    most_bytes: int = 20 * MEGABYTE
    most_jpeg_pixels: int = 120_000_000  # decoded at a fraction of its size, so it may be large
    most_other_pixels: int = 40_000_000  # decoded whole: 120 MB in memory
    longest_side: int = 2560  # of the stored picture: a number plate at ten metres stays legible
    small_side: int = 480  # of the picture in a list
    quality: int = 84
    most_photos: int = 9  # of one report or step
    source: str = "own choice, 2026-11"

    def __post_init__(self) -> None:
        if not 64 <= self.small_side <= self.longest_side <= 8192:
            raise ValueError("64 ≤ small_side ≤ longest_side ≤ 8192")
        if not 1 <= self.most_photos <= 50:
            raise ValueError("most_photos is 1 to 50")


BOUNDS = PhotoBounds()
ACCEPTED = "image/jpeg,image/png,image/webp"  # for the file field of a form


def is_heic(start: bytes) -> bool:
    """Whether a file begins as the iPhone's own format does (ISO 23008-12)."""
    return start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS


def too_large(size: int) -> Refusal:
    """More bytes than one photo may have."""
    return _refusal(
        "photo_too_large",
        Words("照片太大：{now} MB，最多 {most} MB。",
              "The photo is too large: {now} MB, at most {most} MB.").filled(
            now=round(size / MEGABYTE), most=BOUNDS.most_bytes // MEGABYTE),
        Words("在相机里选小一点的尺寸，或截屏后再传；已填的都还在。",
              "Choose a smaller size in the camera, or send a screenshot; the rest is kept."),
    )


def too_many_pixels() -> Refusal:
    """A picture that would not fit into memory, by mistake or on purpose."""
    return _refusal(
        "photo_too_many_pixels",
        Words("照片的像素太多。", "The photo has too many pixels."),
        Words("在相机里选小一点的尺寸再拍。", "Choose a smaller size in the camera."),
    )


def heic() -> Refusal:
    """The iPhone's format, which most browsers cannot show."""
    return _refusal(
        "photo_heic",
        Words("这是 HEIC 格式的照片，很多手机和电脑打不开。",
              "This photo is in HEIC format, which many devices cannot open."),
        Words("在 iPhone“设置 → 相机 → 格式”里选“兼容性最佳”再拍，或截屏后传截屏；"
              "已填的都还在。",
              "On an iPhone choose Settings → Camera → Formats → Most Compatible, or send a "
              "screenshot; the rest is kept."),
    )


def not_a_photo() -> Refusal:
    """Another kind of file, whatever its name says."""
    return _refusal(
        "not_a_photo",
        Words("这不是能看的照片（要 JPEG、PNG 或 WebP）。",
              "This is not a picture we can read (JPEG, PNG or WebP)."),
        Words("换一张再传；其他已填的都还在。", "Choose another; the rest is kept."),
    )


def broken() -> Refusal:
    """A picture that ends too early or is damaged inside."""
    return _refusal(
        "photo_broken",
        Words("照片不完整，打不开。", "The photo is damaged and cannot be opened."),
        Words("重新拍一张或再传一次；已填的都还在。",
              "Take or send it again; the rest is kept."),
    )


def changed_on_the_way() -> Refusal:
    """What came in is not what the phone took: its digest differs."""
    return _refusal(
        "photo_changed",
        Words("照片在路上变了样（校验不符）。",
              "The photo changed on its way (its digest differs)."),
        Words("请再发一次；照片还在手机里。", "Please send it again; it is still on the phone."),
    )


def too_many(most: int = BOUNDS.most_photos) -> Refusal:
    """More photos than one step takes."""
    return _refusal(
        "too_many_photos",
        Words("最多 {most} 张照片。", "At most {most} {most:photo|photos}.").filled(most=most),
        Words("留下最能说明问题的几张。", "Keep those that show it best."),
    )


def _refusal(code: str, what: Words, todo: Words) -> Refusal:
    return Refusal(code, what, todo, field="photo")
