"""A report as DOCX that a clerk goes on editing: named styles, real tables, the official sheet.

Word takes the official typefaces where it has them; the file names them and embeds none.
"""

import io
from math import floor
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yiwang.algorithms.words import Language, Words
from yiwang.kernel.reports.document import Chart, Document, Heading, Paragraph, Table

from .pdf import DRAFT, picture
from .sheet import SHEET

TWENTIETHS = 20  # of a point, the unit of Word's line pitch
PITCH = int(SHEET.pitch * TWENTIETHS)
CHARACTER_SPACE = floor(SHEET.tracking * 4096)  # 17.6.5 docGrid: 4096ths of a point
FANG, HEI, SONG, LATIN = "仿宋_GB2312", "黑体", "方正小标宋简体", "Times New Roman"
RED = RGBColor(0xC0, 0, 0)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def docx_file(document: Document, language: Language) -> bytes:
    """The whole file."""
    file = docx.Document()
    _styles(file)
    _page(file)
    file.core_properties.title = document.title.said_in(language)
    file.core_properties.author = document.agency.said_in(language)
    file.core_properties.language = {"zh": "zh-CN", "en": "en-GB"}[language]
    _head(file, document, language)
    for block in document.blocks:
        if isinstance(block, Heading):
            file.add_paragraph(block.text.said_in(language), style="Heading 1")
        elif isinstance(block, Paragraph):
            file.add_paragraph(block.text.said_in(language), style="Body Text")
        elif isinstance(block, Chart):
            _chart(file, block, language)
        else:
            _table(file, block, language)
    for line in document.sign:
        file.add_paragraph(line.said_in(language), style="Signature")
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _head(file: Any, document: Document, language: Language) -> None:
    if document.is_draft:
        file.add_paragraph(DRAFT.said_in(language), style="Draft mark")
    else:
        file.add_paragraph(document.agency.said_in(language), style="Agency")
        file.add_paragraph(document.number.said_in(language), style="Number")
    file.add_paragraph(document.title.said_in(language), style="Title")


def _styles(file: Any) -> None:
    """Sizes and typefaces live in styles alone: whoever changes one changes it everywhere."""
    body = file.styles["Normal"]
    _face(body, FANG, SHEET.body)
    body.paragraph_format.space_before = body.paragraph_format.space_after = Pt(0)
    body.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    body.paragraph_format.line_spacing = Pt(PITCH / TWENTIETHS)
    text = file.styles["Body Text"]
    _face(text, FANG, SHEET.body)
    text.paragraph_format.first_line_indent = Pt(2 * SHEET.body)
    text.paragraph_format.space_after = Pt(0)
    title = _face(file.styles["Title"], SONG, SHEET.title)
    title.paragraph_format.alignment = CENTRE
    title.paragraph_format.space_after = Pt(0)
    _no_border(title)
    head = _face(file.styles["Heading 1"], HEI, SHEET.body)
    head.paragraph_format.first_line_indent = Pt(2 * SHEET.body)
    head.paragraph_format.space_before = Pt(0)
    _own_styles(file)


def _own_styles(file: Any) -> None:
    for name, face, size, alignment in (
        ("Agency", SONG, SHEET.agency, CENTRE), ("Number", FANG, SHEET.body, CENTRE),
        ("Draft mark", HEI, SHEET.body, RIGHT), ("Table title", HEI, SHEET.table, CENTRE),
        ("Table text", FANG, SHEET.table, None), ("Table number", FANG, SHEET.table, RIGHT),
        ("Table head", HEI, SHEET.table, None), ("Picture", FANG, SHEET.body, CENTRE),
    ):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = file.styles["Normal"]
        _face(style, face, size)
        style.paragraph_format.alignment = alignment
        if name.startswith(("Table", "Picture", "Agency")):
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    file.styles["Table title"].paragraph_format.keep_with_next = True
    file.styles["Agency"].font.color.rgb = RED
    sign = file.styles.add_style("Signature", WD_STYLE_TYPE.PARAGRAPH)
    sign.base_style = file.styles["Normal"]
    sign.paragraph_format.alignment = RIGHT
    sign.paragraph_format.right_indent = Pt(4 * SHEET.body)  # 7.3.5.4: four characters


def _face(style: Any, name: str, size: float) -> Any:
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.bold, style.font.italic = False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)
    return style


def _no_border(style: Any) -> None:
    """Word's own title style is underlined."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _page(file: Any) -> None:
    section = file.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(SHEET.width), Mm(SHEET.height)
    section.top_margin, section.bottom_margin = Mm(SHEET.top), Mm(SHEET.bottom)
    section.left_margin, section.right_margin = Mm(SHEET.left), Mm(SHEET.right)
    section.footer_distance = Mm(SHEET.bottom - 10)
    grid = section._sectPr.find(qn("w:docGrid"))  # python-docx has no word for it
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(PITCH))
    grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))
    file.settings.odd_and_even_pages_header_footer = True
    _folio(section.footer, RIGHT)
    _folio(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _folio(footer: Any, side: Any) -> None:
    """— 1 —, outside, one character in (7.5)."""
    line = footer.paragraphs[0]
    line.alignment = side
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(SHEET.folio)
    line.add_run("— ").font.size = Pt(SHEET.folio)
    run = line.add_run()
    run.font.size = Pt(SHEET.folio)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run._r.append(_field(kind, text))
    line.add_run(" —").font.size = Pt(SHEET.folio)


def _field(kind: str, text: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    return code


def _chart(file: Any, chart: Chart, language: Language) -> None:
    file.add_paragraph(chart.title.said_in(language), style="Table title")
    paragraph = file.add_paragraph(style="Picture")
    shown = paragraph.add_run().add_picture(
        io.BytesIO(picture(chart, language)), width=Mm(SHEET.measure))
    properties = shown._inline.docPr
    properties.set("descr", chart.alternative.said_in(language))


def _table(file: Any, block: Table, language: Language) -> None:
    file.add_paragraph(block.title.said_in(language), style="Table title")
    table = file.add_table(rows=1, cols=len(block.head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fill(table.rows[0], [(word, "Table head") for word in block.head], language)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        _fill(table.add_row(), [
            (cell.text, "Table number" if place else "Table text")
            for place, cell in enumerate(row)], language)


def _fill(row: Any, cells: list[tuple[Words, str]], language: Language) -> None:
    for cell, (words, style) in zip(row.cells, cells, strict=True):
        cell.paragraphs[0].text = words.said_in(language)
        cell.paragraphs[0].style = style
