"""The monthly report as a page, a DOCX and a PDF: the same numbers, the official sheet, real type.
"""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from yiwang.algorithms.words import LANGUAGES, Language, Words
from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.reports.actions import ask_report, issue_report
from yiwang.kernel.reports.document import Chart, Document, Paragraph, Table, from_json
from yiwang.kernel.reports.models import MonthlyReport
from yiwang.kernel.reports.tasks import make_reports
from yiwang.kernel.reports.tests.months import MONTH, lived, person
from yiwang.shell.reports.charts import scale_end, shortened, svg
from yiwang.shell.reports.docx import docx_file
from yiwang.shell.reports.pdf import faces, pages_as_png, pdf
from yiwang.shell.reports.sheet import OFFICIAL, POINTS, SANS, SERIF, SHEET, Sheet, faces_among

pytestmark = pytest.mark.django_db
APRIL = timedelta(days=25)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    return lived(at, actor)


@pytest.fixture
def report(town: Town, at: datetime) -> MonthlyReport:
    by = actor_for(person("leader"), at.date())
    made = ask_report("events", TOWN, MONTH, by=by, at=at + APRIL)
    while make_reports(at=at + APRIL):
        pass
    made.refresh_from_db()
    return made


@pytest.fixture
def document(report: MonthlyReport) -> Document:
    return from_json(report.body)


def signed_in(account: str, language: Language = "zh") -> Client:
    from yiwang.kernel.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(account=account), backend=BACKEND)
    client.cookies["language"] = language
    return client


def tables_of(document: Document, language: Language) -> list[list[list[str]]]:
    """Heads and rows as they must be read back."""
    return [[[word.said_in(language) for word in block.head],
             *([cell.text.said_in(language) for cell in row] for row in block.rows)]
            for block in document.blocks if isinstance(block, Table)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_reads_back_from_the_docx(document: Document, language: Language) -> None:
    file = docx.Document(io.BytesIO(docx_file(document, language)))
    read = [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]
    assert read == tables_of(document, language)
    said = [paragraph.text for paragraph in file.paragraphs]
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert block.text.said_in(language) in said
    pictures = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    assert pictures == [block.alternative.said_in(language) for block in document.blocks
                        if isinstance(block, Chart)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_reads_back_from_the_pdf(document: Document, language: Language) -> None:
    reader = PdfReader(io.BytesIO(pdf(document, language)))
    read = squeezed("".join(page.extract_text() for page in reader.pages))
    for table in tables_of(document, language):
        for row in table[1:]:
            assert squeezed("".join(row[1:])) in read, row
    for block in document.blocks:
        if isinstance(block, Paragraph):
            for number in re.findall(r"[\d.]+", block.text.said_in(language)):
                assert number in read
    assert reader.metadata is not None
    assert reader.metadata.title == document.title.said_in(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_reads_back_from_the_page(
    report: MonthlyReport, document: Document, language: Language
) -> None:
    page = signed_in(f"leader{TOWN}", language).get(
        f"/reports/{report.pk}").content.decode()
    rows = [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", page)]
    assert rows == [row for table in tables_of(document, language) for row in table]


def test_a_number_on_the_page_opens_into_rows_that_say_the_same(report: MonthlyReport) -> None:
    client = signed_in(f"leader{TOWN}")
    page = client.get(f"/reports/{report.pk}").content.decode()
    links = dict(re.findall(r'<a href="(/figures/[^"]+)">([^<]+)</a>', page))
    assert len(links) > 30
    for url, shown in links.items():
        answer = client.get(url.replace("&amp;", "&")).content.decode()
        found = re.search(r"data-value>([^<]*)<", answer)
        assert found, url
        if "events.open" not in url:  # what there is now has moved on since the report
            assert found.group(1).strip() == shown.removesuffix("%"), url


def test_the_docx_has_the_official_sheet(document: Document) -> None:
    file = docx.Document(io.BytesIO(docx_file(document, "zh")))
    page = file.sections[0]
    sides = (page.page_width, page.page_height, page.top_margin, page.bottom_margin,
             page.left_margin, page.right_margin)
    assert [round(side.mm) for side in sides if side] == [210, 297, 37, 35, 28, 26]
    grid = page._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert int(SHEET.depth * POINTS / pitch) == 22
    assert int(SHEET.measure * POINTS / (16 + int(grid.get(qn("w:charSpace"))) / 4096)) == 28
    body = file.styles["Body Text"]
    assert body.font.size.pt == 16
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert file.settings.odd_and_even_pages_header_footer
    used = {paragraph.style.name for paragraph in file.paragraphs if paragraph.style}
    assert used == {"Draft mark", "Title", "Heading 1", "Body Text", "Table title", "Picture",
                    "Signature"}, "a clerk changes styles, not paragraphs"


def test_a_full_page_of_the_pdf_has_22_lines_of_28_characters() -> None:
    text = Words("一" * 28 * 60, "")
    full = Document(Words("", ""), Words("题", ""), Words("", ""), (Paragraph(text),), ())
    page = PdfReader(io.BytesIO(pdf(full, "zh"))).pages[1]
    assert (page.mediabox.width, page.mediabox.height) == pytest.approx((595.3, 841.9), abs=0.1)
    lines = [line.strip() for line in page.extract_text().splitlines() if "一" in line]
    assert [len(line) for line in lines] == [28] * 22


def test_the_type_area_of_the_pdf_keeps_its_margins() -> None:
    text = Words("靐" * 28 * 60, "")
    full = Document(Words("", ""), Words("题", ""), Words("", ""), (Paragraph(text),), ())
    ppi = 100
    page = Image.open(io.BytesIO(pages_as_png(full, "zh", ppi)[1])).convert("L")
    body = page.crop((0, 0, page.width, round((297 - 34) / 25.4 * ppi)))  # without the folio
    inked = body.point(lambda ink: 255 if ink < 128 else 0).getbbox()
    assert inked is not None
    left, top, right, bottom = (side / ppi * 25.4 for side in inked)
    assert [left, top, 210 - right] == pytest.approx([28, 37, 26], abs=1)
    assert 35 <= 297 - bottom < 35 + SHEET.pitch / POINTS, "the last line's own space is below it"


def test_the_pdf_embeds_chinese_type_and_draws_it(document: Document) -> None:
    reader = PdfReader(io.BytesIO(pdf(document, "zh")))
    embedded = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for part in font.get_object().get("/DescendantFonts", []):
                described = part.get_object()["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & described.keys(), "every face is embedded"
                embedded.add(str(described["/FontName"]).rpartition("+")[2])
    used = squeezed(faces().hei)
    assert any(squeezed(name.replace("-", "")).startswith(used[:11]) for name in embedded), embedded
    # Boxes for missing letters are all alike; written letters differ in how much is inked.
    drawn = [_ink(letter) for letter in "一霞靐"]
    assert drawn[0] * 2 < drawn[1] < drawn[2]


def _ink(letter: str) -> int:
    page = Document(Words("", ""), Words("", ""), Words("", ""),
                    (Paragraph(Words(letter * 20, "")),), ())
    picture = Image.open(io.BytesIO(pages_as_png(page, "zh", 100)[0])).convert("L")
    band = picture.crop((0, 200, picture.width, picture.height // 2))
    return sum(band.histogram()[:128])


def test_an_issued_pdf_bears_its_number_and_no_draft_mark(
    report: MonthlyReport, town: Town, at: datetime
) -> None:
    def text(body: Document) -> str:
        reader = PdfReader(io.BytesIO(pdf(body, "zh")))
        return squeezed(reader.pages[0].extract_text())

    assert "草稿" in text(from_json(report.body))
    issued = from_json(issue_report(report, by=town.people["head"], at=at + APRIL).body)
    assert "月报〔2026〕1号" in text(issued)
    assert "草稿" not in text(issued)


def test_text_is_never_read_as_markup() -> None:
    tricky = Words('#panic("x") $a$ *b* [c] <d> \\', "same")
    odd = Document(tricky, tricky, Words("", ""), (
        Paragraph(tricky), Table(tricky, (tricky, tricky), ())), (tricky,))
    assert '#panic("x")' in PdfReader(io.BytesIO(pdf(odd, "zh"))).pages[0].extract_text()
    assert "#panic" in docx.Document(io.BytesIO(docx_file(odd, "zh"))).paragraphs[1].text


def test_missing_typefaces_are_named_and_none_at_all_is_refused() -> None:
    all_there = faces_among({names[0] for names in OFFICIAL.values()})
    assert (all_there.missing, all_there.said.zh) == ((), "")
    stand_in = faces_among({SERIF[0], SANS[0], OFFICIAL["hei"][0]})
    assert stand_in.missing == ("song", "fang")
    assert stand_in.said.zh == ("本机没有公文字体：小标宋以 Noto Serif CJK SC 代替，"
                                "仿宋以 Noto Serif CJK SC 代替。")
    with pytest.raises(Refusal, match="fonts-noto-cjk"):
        faces_among({"DejaVu Sans"})


def test_a_sheet_without_type_area_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="type area"):
        Sheet(left=120, right=100)


@pytest.mark.parametrize(("most", "end"), [(0, 4), (1, 4), (5, 8), (91, 100), (100, 100),
                                           (101, 200), (1001, 2000), (70_001, 80_000)])
def test_a_scale_ends_at_a_round_number(most: int, end: int) -> None:
    assert scale_end(most) == end


def test_a_chart_is_told_apart_without_colour(document: Document) -> None:
    line = next(block for block in document.blocks
                if isinstance(block, Chart) and block.form == "line")
    drawn = svg(line, "zh")
    assert drawn.count("stroke-dasharray=\"\"") == drawn.count("stroke-dasharray=\"7 4\"") == 2
    for one in line.series:
        for value in one.values:
            assert f">{value}</text>" in drawn
    assert "<script>" not in svg(
        Chart("bars", line.title, (Words("<script>", ""),), (line.series[0].__class__(
            line.title, (1,)),)), "zh")
    assert shortened("某某某某某某某某某某某某某某某") == "某" * 14 + "…"


def test_asking_leads_to_progress_and_then_to_the_report(town: Town, at: datetime) -> None:
    person("leader")
    client = signed_in(f"leader{TOWN}")
    answer = client.post("/reports", {"month": MONTH, "area": TOWN})
    page = answer.headers["Location"]
    assert "正在编制：0 / " in client.get(page).content.decode()
    assert "HX-Refresh" not in client.get(f"{page}/progress").headers
    while make_reports(at=at + APRIL):
        pass
    assert client.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    assert "<svg" in client.get(page).content.decode()
    assert "草稿" in client.get("/reports").content.decode()


@pytest.mark.parametrize("given", [{"month": "2199-01"}, {"month": "x"}, {"area": "330206"},
                                   {"area": ""}, {}])
def test_bad_input_is_told_beside_the_form(town: Town, given: dict[str, str]) -> None:
    person("leader")
    asked = {"month": MONTH, "area": TOWN, **given} if given else {}
    answer = signed_in(f"leader{TOWN}").post("/reports", asked)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_files_come_by_name_and_only_to_who_may_export(report: MonthlyReport) -> None:
    leader = signed_in(f"leader{TOWN}")
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = leader.get(f"/reports/{report.pk}/file.{form}")
        assert answer.content.startswith(begins)
        assert f"{MONTH}.{form}" in answer.headers["Content-Disposition"]
    assert leader.get(f"/reports/{report.pk}/file.xlsx").status_code == 404
    person("dispatcher")
    assert signed_in(f"dispatcher{TOWN}").get(f"/reports/{report.pk}").status_code == 404
    person("village_cadre")
    assert signed_in(f"village_cadre{TOWN}").get(
        f"/reports/{report.pk}/file.pdf").status_code == 403


def test_issuing_is_one_press_and_a_second_is_told(report: MonthlyReport) -> None:
    leader = signed_in(f"leader{TOWN}")
    assert leader.post(f"/reports/{report.pk}/issue").status_code == 302
    assert "霞浦街道月报〔" in leader.get(f"/reports/{report.pk}").content.decode()
    assert leader.post(f"/reports/{report.pk}/issue").status_code == 409
