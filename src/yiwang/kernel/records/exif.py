"""Where and when a photo says it was taken. Kept beside the picture, never in what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

CHINA = ZoneInfo("Asia/Shanghai")
Rationals = Any  # three of Pillow's IFDRational, or whatever a camera wrote there


@dataclass(frozen=True, slots=True)
class Taken:
    """Moment (aware) and position (degrees WGS-84) as the camera wrote them, where it did."""

    at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def taken(image: Image.Image) -> Taken:
    """What the EXIF of an opened picture tells; what is missing or malformed is None."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # noqa: BLE001
        return Taken()
    longitude, latitude = _position(place)
    return Taken(_moment(details), longitude, latitude)


def _moment(details: Mapping[int, Any]) -> datetime | None:
    said = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    try:
        moment = datetime.strptime(said, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return moment.replace(tzinfo=_zone(str(details.get(ExifTags.Base.OffsetTimeOriginal, ""))))


def _zone(offset: str) -> timezone | ZoneInfo:
    """A camera without an offset is taken to tell Beijing time."""
    try:
        sign = -1 if offset.startswith("-") else 1
        hours, minutes = offset.strip("+-\0 ").split(":")
        return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
    except ValueError:
        return CHINA


def _position(place: Mapping[int, Any]) -> tuple[float | None, float | None]:
    try:
        lat = _degrees(place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lon, lat) == (0, 0):
        return None, None
    return lon, lat


def _degrees(parts: Rationals, side: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(side).strip("\0 ") == negative else value
