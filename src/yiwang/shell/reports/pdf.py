"""A report as PDF, set by typst; a chart as a picture."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yiwang.algorithms.words import Language, Words
from yiwang.kernel.reports.document import Block, Chart, Document, Heading, Paragraph

from .charts import svg
from .sheet import POINTS, SHEET, Faces, faces_among

DRAFT = Words("草稿", "Draft")
LATIN = {"zh": ("Liberation Serif", "Times New Roman"),
         "en": ("Liberation Serif", "Times New Roman", "Libertinus Serif")}
PICTURE = """#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: {width}pt)"""
PPI = 220  # of the DOCX's pictures; own choice, sharp in print


@lru_cache(maxsize=1)
def installed() -> Any:
    """The fonts of this machine; looked for once in each process, which takes a fifth of a second.
    """
    import typst

    return typst.Fonts()


def faces() -> Faces:
    """The typefaces a report is set in here."""
    return faces_among(installed().families())


def pdf(document: Document, language: Language) -> bytes:
    """The report in one language."""
    return bytes(_set(document, language, format="pdf"))


def pages_as_png(document: Document, language: Language, ppi: int = 80) -> list[bytes]:
    """The same pages as pictures."""
    made = _set(document, language, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _set(document: Document, language: Language, **form: Any) -> Any:
    """What typst makes of it; it is loaded only here."""
    import typst

    layout = files(__package__).joinpath("layout.typ").read_bytes()
    plain = json.dumps(_plain(document, language, faces()), ensure_ascii=False)
    return typst.compile(layout, sys_inputs={"doc": plain}, font_paths=installed(), **form)


def picture(chart: Chart, language: Language) -> bytes:
    """A chart as PNG, as wide as the type area."""
    import typst

    source = PICTURE.replace("{width}", f"{SHEET.measure * POINTS:.2f}")
    return bytes(typst.compile(
        source.encode(), sys_inputs={"svg": svg(chart, language)}, font_paths=installed(),
        format="png", ppi=PPI))


def _plain(document: Document, language: Language, used: Faces) -> dict[str, Any]:
    def said(words: Words) -> str:
        return words.said_in(language)

    note = said(used.said)
    return {
        "sheet": _sheet(language), "latin": LATIN[language],
        "faces": {"song": used.song, "fang": used.fang, "hei": used.hei},
        "lang": language, "region": "cn" if language == "zh" else "gb", "note": note,
        "agency": said(document.agency), "title": said(document.title),
        "author": said(document.agency), "number": said(document.number), "draft": said(DRAFT),
        "blocks": [_block(block, language) for block in document.blocks],
        "sign": [said(line) for line in document.sign],
    }


def _sheet(language: Language) -> dict[str, float]:
    """Sizes for the layout; letters are not squeezed, 28 to a line is a rule for characters."""
    names = ("width", "height", "top", "bottom", "left", "right", "pitch", "body", "title",
             "folio", "table", "agency")
    sizes = {name: float(getattr(SHEET, name)) for name in names}
    return {**sizes, "tracking": SHEET.tracking if language == "zh" else 0.0}


def _block(block: Block, language: Language) -> dict[str, Any]:
    if isinstance(block, Heading | Paragraph):
        return {"kind": type(block).__name__.lower(), "text": block.text.said_in(language)}
    if isinstance(block, Chart):
        return {"kind": "chart", "title": block.title.said_in(language),
                "svg": svg(block, language), "alt": block.alternative.said_in(language)}
    return {"kind": "table", "title": block.title.said_in(language),
            "head": [word.said_in(language) for word in block.head],
            "rows": [[cell.text.said_in(language) for cell in row] for row in block.rows]}
