"""Separator sheets printed by us, scanned as offices do it, cut the batch and give their values."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from connector.separator_sheets import SheetText, code_text, sheets_pdf
from ingest.cutter import SheetCutter
from ingest.decoded import DecodedPage
from ingest.pages import decode
from ingest.ppocr import PpOcr
from ingest.reading import read_page
from ingest.values import BatchMode, CutRange, PageText, ReadingOptions


def has_chinese_font() -> bool:
    """Return whether fontconfig knows a font for Chinese."""
    program = shutil.which("fc-list")
    return program is not None and bool(subprocess.run([program, ":lang=zh"], check=True, capture_output=True).stdout)


CODE = "GUIDANG-SEP"
GIVEN = (("kind", "change_transfer"), ("customer", "3644010284"), ("department", "客户服务部"))
TEXTS = (
    SheetText(
        "分隔页",
        (("文种", "用户信息变更/过户申请表"), ("客户编号", "3644010284"), ("部门", "客户服务部")),
        "置于每份材料之前，整叠一起扫描；本页不归档，可反复使用。",
    ),
    SheetText(
        "Separator sheet",
        (
            ("Kind", "Application for change or transfer"),
            ("Customer number", "3644010284"),
            ("Department", "客户服务部"),
        ),
        "Lay it before a paper, scan all in one go. This page is not kept. Use it again.",
    ),
)
CUTTER = SheetCutter(BatchMode.SHEETS, (CODE,))
OPTIONS = ReadingOptions("ppocr", ("zh", "en"), 100, 60.0)
PAPER_PATH = Path(__file__).parents[2] / "demo" / "scans" / "财务" / "20231110012128.tif"

Scanner = Callable[[Image.Image], DecodedPage]


@cache
def printed(given: tuple[tuple[str, str], ...] = GIVEN, dpi: float = 200.0) -> Image.Image:
    with pypdfium2.PdfDocument(sheets_pdf(CODE, given, TEXTS, 1)) as pdf:
        image: Image.Image = pdf[0].render(scale=dpi / 72).to_pil().convert("L")
        return image


@cache
def paper() -> PageText:
    return read_page(decode(PAPER_PATH, 1), PpOcr(), OPTIONS)


def scanned(image: Image.Image, dpi_x: float = 200.0, dpi_y: float = 200.0) -> DecodedPage:
    return DecodedPage(1, image, dpi_x, dpi_y, image.width / dpi_x * 72, image.height / dpi_y * 72, None)


def faxed(image: Image.Image) -> DecodedPage:
    coarse = image.resize((round(image.width * 204 / 200), round(image.height * 98 / 200)), Image.Resampling.BILINEAR)
    return scanned(coarse.point(lambda level: 255 * (level > 150)).convert("1"), 204.0, 98.0)


def worn(image: Image.Image) -> DecodedPage:
    soft = image.filter(ImageFilter.GaussianBlur(1.2)).rotate(2.0, expand=False, fillcolor=255)
    noise = np.random.default_rng(1).normal(0, 12, (soft.height, soft.width))
    return scanned(Image.fromarray(np.clip(np.asarray(soft) * 0.6 + 80 + noise, 0, 255).astype(np.uint8)))


def punched(image: Image.Image) -> DecodedPage:
    holed = image.copy()
    holed.paste(255, (570, 700, 650, 780))  # 10 mm, into the QR code
    return scanned(holed)


SCANNERS: dict[str, Scanner] = {
    "as printed": scanned,
    "upside down": lambda image: scanned(image.rotate(180)),
    "sideways": lambda image: scanned(image.rotate(90, expand=True)),
    "faxed": faxed,
    "worn": worn,
    "punched": punched,
}


@pytest.mark.parametrize("scanner", SCANNERS.values(), ids=SCANNERS)
def test_printed_sheet_cuts_the_stack_and_gives_its_values_however_it_was_scanned(scanner: Scanner) -> None:
    sheet = read_page(scanner(printed()), PpOcr(), OPTIONS)
    stack = [sheet, paper(), sheet, paper()]

    cuts = CUTTER.cut(tuple(_numbered(page, number) for number, page in enumerate(stack, start=1)))

    assert [(cut.first, cut.last) for cut in cuts] == [(2, 2), (4, 4)]
    assert [set(cut.given) for cut in cuts] == [set(GIVEN), set(GIVEN)]


def _numbered(page: PageText, number: int) -> PageText:
    return PageText(
        number, page.width_px, page.height_px, page.dpi, page.rotation_cw, page.skew_degrees, page.is_blank, page.source,
        page.lines, page.barcodes,
    )  # fmt: skip


def test_bars_alone_still_part_and_give_what_fits_into_them() -> None:
    torn = printed((("customer", "3644010284"), ("department", "客户服务部"))).copy()
    torn.paste(255, (0, 440, torn.width, 1140))  # the QR code is gone
    sheet = read_page(scanned(torn), PpOcr(), OPTIONS)

    cuts = CUTTER.cut((sheet, _numbered(paper(), 2)))

    assert cuts == (CutRange(2, 2, (("customer", "3644010284"),)),)


def test_sheet_that_gives_nothing_says_the_code_alone() -> None:
    sheet = read_page(scanned(printed(())), PpOcr(), OPTIONS)

    assert {(code.text, code.symbology) for code in sheet.barcodes} == {
        (CODE, "QRCode"),
        (CODE, "Code128"),
        ("PATCH-T", "PatchT"),
    }


def test_text_on_the_sheet_is_readable_in_both_languages() -> None:
    with pypdfium2.PdfDocument(sheets_pdf(CODE, GIVEN, TEXTS, 1)) as pdf:
        text = pdf[0].get_textpage().get_text_range()

    assert "用户信息变更/过户申请表" in text
    assert "Application for change or transfer" in text


@pytest.mark.parametrize("scanner", SCANNERS.values(), ids=SCANNERS)
def test_patch_code_on_the_sheet_parts_by_itself(scanner: Scanner) -> None:
    bare = printed().copy()
    bare.paste(255, (0, 280, bare.width, bare.height))
    sheet = read_page(scanner(bare), PpOcr(), OPTIONS)

    cuts = SheetCutter(BatchMode.SHEETS, ("PATCH-T",)).cut(
        tuple(_numbered(page, number) for number, page in enumerate((paper(), sheet, paper()), start=1))
    )

    assert cuts == (CutRange(1, 1), CutRange(3, 3))


def test_chinese_on_the_sheet_is_text() -> None:
    with pypdfium2.PdfDocument(sheets_pdf(CODE, GIVEN, TEXTS, 1)) as pdf:
        shown = pdf[0].get_textpage().get_text_bounded()

    assert {"分隔页", "用户信息变更/过户申请表", "客户服务部"} <= set(shown.split())


@pytest.mark.skipif(
    not has_chinese_font(), reason="no Chinese font on this machine, which draws it: none is in the PDF"
)
def test_chinese_on_the_sheet_is_drawn_and_not_left_empty() -> None:
    title = printed().crop((180, 290, 560, 420))

    assert np.count_nonzero(np.asarray(title) < 128) > 4000


def test_as_many_equal_pages_as_asked_and_always_the_same_bytes() -> None:
    written = sheets_pdf(CODE, GIVEN, TEXTS, 30)

    assert written == sheets_pdf(CODE, GIVEN, TEXTS, 30)
    assert len(written) < 30_000
    with pikepdf.open(io.BytesIO(written)) as pdf:
        assert len(pdf.pages) == 30
        assert {(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in pdf.pages} == {(595, 842)}


def test_values_that_do_not_fit_into_readable_bars_stand_in_the_qr_code_only() -> None:
    long = (("kind", "change_transfer"), ("department", "customer-service-and-everything-else-that-has-a-long-name"))

    sheet = read_page(scanned(printed(long)), PpOcr(), OPTIONS)

    by_name = {code.symbology: code.text for code in sheet.barcodes}
    assert by_name["QRCode"] == code_text(CODE, long)
    assert by_name["Code128"] == f"{CODE} kind=change_transfer"


def test_code_that_is_not_ascii_stands_in_the_qr_code_only() -> None:
    with pypdfium2.PdfDocument(sheets_pdf("分隔", (), TEXTS, 1)) as pdf:
        image = pdf[0].render(scale=200 / 72).to_pil().convert("L")

    codes = read_page(scanned(image), PpOcr(), OPTIONS).barcodes

    assert {(code.text, code.symbology) for code in codes} == {("分隔", "QRCode"), ("PATCH-T", "PatchT")}
