"""Shapefile, zipped: .shp and .dbf, the .prj believed where it is there, GBK tables read."""

import codecs
import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

import shapefile

from yiwang.algorithms.words import Words

from .records import GBK_NOTE, Fault, FileRead, Record, check_packed, named, unreadable

KNOWN_SYSTEMS = ("WGS_1984", "WGS84", "WGS 84", "CGCS_2000", "CGCS2000", "CHINA_2000",
                 "CHINA GEODETIC COORDINATE SYSTEM 2000", "CHINA_GEODETIC_COORDINATE_SYSTEM_2000")
_BROKEN = (shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, TypeError,
           EOFError, OSError, zipfile.BadZipFile, AttributeError, zipfile.LargeZipFile, zlib.error,
           NotImplementedError, RuntimeError, AssertionError)


def read_shapefile(raw: bytes) -> FileRead:
    """One record a shape, numbered from 1. Raises ``Refusal`` for a zip without a shapefile, a
    damaged one, or one that is not in degrees of WGS-84 or CGCS2000."""
    parts = _parts(raw)
    notes = _check_system(parts.get(".prj"))
    declared = parts.get(".cpg", b"").decode("ascii", "ignore").strip()
    for encoding in _encodings(declared):
        try:
            records = _records(parts, encoding)
        except (UnicodeDecodeError, shapefile.dbfFileException):
            continue
        except _BROKEN as wrong:
            raise _damaged() from wrong
        if encoding == "gb18030":
            notes.append(GBK_NOTE)
        return FileRead(records, notes)
    raise unreadable(
        Words("属性表的文字既不是 UTF-8 也不是 GBK。", "The table is neither UTF-8 nor GBK."),
        Words("请导出时选 UTF-8 编码。", "Choose UTF-8 when exporting."),
    )


def _encodings(declared: str) -> list[str]:
    gbk = {"gbk", "936", "cp936", "gb2312", "ansi 936", "oem", "gb18030"}
    first = "gb18030" if declared.lower() in gbk else declared or "utf-8"
    try:
        codecs.lookup(first)
    except LookupError:
        first = "utf-8"
    return list(dict.fromkeys([first, "utf-8", "gb18030"]))


def _parts(raw: bytes) -> dict[str, bytes]:
    check_packed(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            infos = [i for i in packed.infolist() if "__MACOSX" not in i.filename]
            shapes = [i for i in infos if i.filename.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise _not_one_shape(len(shapes))
            stem = PurePosixPath(shapes[0].filename).with_suffix("")
            return {
                PurePosixPath(info.filename).suffix.lower(): packed.read(info)
                for info in infos if PurePosixPath(info.filename).with_suffix("") == stem
            }
    except _BROKEN as wrong:
        raise _damaged() from wrong


def _not_one_shape(count: int) -> Exception:
    return unreadable(
        Words("压缩包里有 {n} 个 .shp 文件。", "The zip holds {n} .shp files.").filled(n=count),
        Words("把一个图层的 .shp、.dbf、.shx、.prj 打成一个 zip。",
              "Zip one layer's .shp, .dbf, .shx and .prj together."),
    )


def _check_system(prj: bytes | None) -> list[Words]:
    if prj is None:
        return [Words("没有 .prj，按所选坐标系读取。",
                      "There is no .prj; coordinates are read as the system chosen.")]
    text = prj.decode("utf-8", "replace").upper()
    if text.lstrip().startswith(("PROJCS", "PROJCRS")):
        raise unreadable(
            Words("这是投影坐标（米），不是经纬度。", "These are projected metres, not degrees."),
            Words("请在 GIS 里转成 CGCS2000 或 WGS-84 地理坐标再导出。",
                  "Reproject to geographic CGCS2000 or WGS-84 in your GIS first."),
        )
    if not any(name in text for name in KNOWN_SYSTEMS):
        raise unreadable(
            Words("坐标系不认识：{name}。", "The coordinate system is not known: {name}.").filled(
                name=text[:60]),
            Words("请转成 CGCS2000 或 WGS-84；北京 54、西安 80 会差几十到上百米。",
                  "Convert to CGCS2000 or WGS-84; Beijing 54 and Xi'an 80 are off by up to "
                  "some hundred metres."),
        )
    return []


def _records(parts: dict[str, bytes], encoding: str) -> list[Record]:
    if ".dbf" not in parts:
        raise unreadable(
            Words("缺 .dbf 属性表。", "The .dbf table is missing."),
            Words("请把 .dbf 一起打包。", "Zip it together with the .shp."),
        )
    files = {name[1:]: io.BytesIO(parts[name]) for name in (".shp", ".dbf", ".shx")
             if name in parts}
    with shapefile.Reader(**files, encoding=encoding, encodingErrors="strict") as reader:
        return [
            _record(i, values.as_dict(), shape)
            for i, (values, shape) in enumerate(
                zip(reader.iterRecords(), reader.iterShapes(), strict=True), start=1)
        ]


def _record(number: int, values: dict[str, Any], shape: Any) -> Record:
    try:
        geometry = dict(shape.__geo_interface__)
    except _BROKEN:
        return Record(number, named(values), None, (Fault(
            number, "geometry",
            Words("这一条的图形是坏的。", "The shape of this record is broken."),
            Words("请在 GIS 里检查并重新导出。", "Check it in your GIS and export again.")),))
    return Record(number, named(values), geometry)


def _damaged() -> Exception:
    return unreadable(
        Words("Shapefile 压缩包坏了或不完整。", "The zipped shapefile is damaged or incomplete."),
        Words("请重新打包 .shp、.dbf、.shx、.prj。", "Zip .shp, .dbf, .shx and .prj again."),
    )
