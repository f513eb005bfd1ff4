"""Batches cut by separator sheets and blank sheets: what a clerk expects of the stack that went through the scanner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from ingest.cutter import PAPER_WORDS, SheetCutter
from ingest.interfaces import ICutter
from ingest.sheets import barcodes_of
from ingest.values import Barcode, BatchMode, Box, CutRange, Line, PageText, TextSource, Word

CODE = "GUIDANG-SEP"
BOX = Box(100, 100, 900, 140)
SHEETS = SheetCutter(BatchMode.SHEETS, (CODE,))
BLANK = SheetCutter(BatchMode.BLANK, (CODE,))
SINGLE = SheetCutter(BatchMode.SINGLE, (CODE,))


def page(text: str = "", codes: Sequence[str] = (), confidence: float = 0.9) -> PageText:
    """Return a page with this text, a word a line, and these codes; its number is given by `stack`."""
    lines = tuple(Line(word, (Word(word, BOX, confidence),), BOX) for word in text.split())
    barcodes = tuple(Barcode(code, "QRCode", BOX) for code in codes)
    source = TextSource.RECOGNISED if lines else TextSource.NONE
    return PageText(1, 1240, 1754, 150.0, 0, 0.0, not lines, source, lines, barcodes)


PAPER = page("热费缴费收据 客户编号 0312345617")
EMPTY = page()
SEPARATOR = page(f"归档分隔页 {CODE}", [CODE])
FORM_WITH_CODE = page("热费缴费收据" * 20, [f"{CODE} kind=receipt"])


def stack(*pages: PageText) -> tuple[PageText, ...]:
    """Return the pages with their numbers."""
    return tuple(
        PageText(number, p.width_px, p.height_px, p.dpi, 0, 0.0, p.is_blank, p.source, p.lines, p.barcodes)
        for number, p in enumerate(pages, start=1)
    )


def sheet(words: str) -> PageText:
    """Return a separator sheet that gives something."""
    return page("归档分隔页", [f"{CODE} {words}"])


def spans(ranges: Sequence[CutRange]) -> list[tuple[int, int]]:
    return [(cut.first, cut.last) for cut in ranges]


def large(text: str, symbology: str, width_mm: float, height_mm: float, dpi: float = 150.0) -> PageText:
    """Return a wordy page with a separator code of this size."""
    box = Box(100, 100, 100 + width_mm / 25.4 * dpi, 100 + height_mm / 25.4 * dpi)
    wordy = page("置于每份材料之前整叠一起扫描" * 5)
    return PageText(1, 1240, 1754, dpi, 0, 0.0, False, wordy.source, wordy.lines, (Barcode(text, symbology, box),))


@pytest.mark.parametrize(
    ("symbology", "width", "height"), [("QRCode", 80, 80), ("Code128", 170, 22), ("Code128", 22, 170)]
)
def test_page_with_a_separator_code_that_nobody_would_stick_on_a_paper_is_a_sheet(
    symbology: str, width: float, height: float
) -> None:
    cuts = SHEETS.cut(stack(PAPER, large(f"{CODE} kind=contract", symbology, width, height), PAPER))

    assert cuts == (CutRange(1, 1), CutRange(3, 3, (("kind", "contract"),)))


@pytest.mark.parametrize(("symbology", "width", "height"), [("QRCode", 40, 40), ("Code128", 90, 30)])
def test_wordy_page_with_a_separator_code_as_large_as_a_label_is_a_paper(
    symbology: str, width: float, height: float
) -> None:
    cuts = SHEETS.cut(stack(PAPER, large(CODE, symbology, width, height)))

    assert spans(cuts) == [(1, 1), (2, 2)]


def test_large_code_that_says_something_else_makes_no_sheet() -> None:
    assert spans(SHEETS.cut(stack(PAPER, large("3119262009", "QRCode", 90, 90)))) == [(1, 2)]


def test_cutter_keeps_its_promise() -> None:
    assert verifyObject(ICutter, SHEETS)


def test_scan_without_sheets_is_one_record() -> None:
    ranges = SHEETS.cut(stack(PAPER, PAPER, PAPER))

    assert (CutRange(1, 3),) == ranges


def test_separator_sheets_part_records_and_belong_to_none() -> None:
    ranges = SHEETS.cut(stack(SEPARATOR, PAPER, SEPARATOR, PAPER, PAPER, SEPARATOR))

    assert (CutRange(2, 2), CutRange(4, 5)) == ranges


def test_two_sheets_in_a_row_make_no_empty_record() -> None:
    ranges = SHEETS.cut(stack(PAPER, SEPARATOR, SEPARATOR, PAPER))

    assert spans(ranges) == [(1, 1), (4, 4)]


def test_backs_stay_with_their_record_and_the_back_of_a_sheet_with_nobody() -> None:
    duplex = stack(SEPARATOR, EMPTY, PAPER, EMPTY, PAPER, EMPTY, SEPARATOR, EMPTY, PAPER, EMPTY)

    ranges = SHEETS.cut(duplex)

    assert spans(ranges) == [(3, 6), (9, 10)]


def test_blanks_before_the_first_paper_belong_to_nobody() -> None:
    ranges = SHEETS.cut(stack(EMPTY, EMPTY, PAPER, EMPTY))

    assert spans(ranges) == [(3, 4)]


@pytest.mark.parametrize("cutter", [SHEETS, BLANK, SINGLE])
@pytest.mark.parametrize("pages", [(), (EMPTY,), (SEPARATOR,), (EMPTY, SEPARATOR, EMPTY, EMPTY)])
def test_nothing_but_separators_and_blanks_is_no_record(cutter: SheetCutter, pages: tuple[PageText, ...]) -> None:
    assert cutter.cut(stack(*pages)) == ()


def test_sheet_gives_what_stands_behind_its_code() -> None:
    ranges = SHEETS.cut(stack(sheet("kind=contract Customer=0312345617 tag=加急 tag=2024 colour=red language="), PAPER))

    expected = (("kind", "contract"), ("customer", "0312345617"), ("tag", "加急"), ("tag", "2024"))
    assert (CutRange(2, 2, expected),) == ranges


def test_sheet_gives_to_the_next_record_only() -> None:
    ranges = SHEETS.cut(stack(sheet("kind=contract"), PAPER, SEPARATOR, PAPER))

    assert (CutRange(2, 2, (("kind", "contract"),)), CutRange(4, 4)) == ranges


def test_sheet_whose_paper_was_taken_out_gives_nothing_to_the_next_paper() -> None:
    """Or that paper would be filed under somebody else's number."""
    ranges = SHEETS.cut(stack(sheet("customer=0312345617"), SEPARATOR, PAPER))

    assert (CutRange(3, 3),) == ranges


def test_two_codes_of_one_sheet_add_up_but_where_they_contradict() -> None:
    both = page("", [f"{CODE} kind=contract language=zh", f"{CODE} kind=receipt tag=a", "0312345617"])

    ranges = SHEETS.cut(stack(both, PAPER))

    assert (CutRange(2, 2, (("language", "zh"), ("tag", "a"))),) == ranges


@pytest.mark.parametrize("code", ["guidang-sep", " GUIDANG-SEP ", "ＧＵＩＤＡＮＧ-SEP", "Guidang-Sep kind=receipt"])
def test_case_width_and_blanks_of_a_code_do_not_matter(code: str) -> None:
    ranges = SHEETS.cut(stack(PAPER, page("", [code]), PAPER))

    assert spans(ranges) == [(1, 1), (3, 3)]


@pytest.mark.parametrize("code", ["GUIDANG-SEP2", "GUIDANG-SEPkind=receipt", "XGUIDANG-SEP", "0312345617", "   "])
def test_other_codes_part_nothing(code: str) -> None:
    ranges = SHEETS.cut(stack(PAPER, page("用户", [code]), PAPER))

    assert spans(ranges) == [(1, 3)]


def test_every_configured_code_parts() -> None:
    cutter = SheetCutter(BatchMode.SHEETS, ("SEP-A", "分隔"))

    ranges = cutter.cut(stack(PAPER, page("", ["SEP-A"]), PAPER, page("", ["分隔 kind=receipt"]), PAPER))

    assert spans(ranges) == [(1, 1), (3, 3), (5, 5)]


def test_form_with_a_separator_code_stuck_on_it_begins_a_record_and_stays() -> None:
    ranges = SHEETS.cut(stack(PAPER, FORM_WITH_CODE, EMPTY, PAPER, SEPARATOR, PAPER))

    assert (CutRange(1, 1), CutRange(2, 4, (("kind", "receipt"),)), CutRange(6, 6)) == ranges


def test_code_on_the_paper_itself_overrules_the_sheet_before_it() -> None:
    ranges = SHEETS.cut(stack(sheet("kind=contract customer=1 tag=a"), FORM_WITH_CODE))

    assert (CutRange(2, 2, (("customer", "1"), ("tag", "a"), ("kind", "receipt"))),) == ranges


def test_specks_and_bars_read_as_words_do_not_make_a_paper_of_a_sheet() -> None:
    noisy = page("mm " * (PAPER_WORDS + 5), [CODE], confidence=0.3)

    ranges = SHEETS.cut(stack(noisy, PAPER))

    assert spans(ranges) == [(2, 2)]


def test_page_with_nothing_but_another_barcode_is_not_blank() -> None:
    """A label stuck on an empty sheet is all that there is to that record."""
    ranges = BLANK.cut(stack(PAPER, page("", ["0312345617"]), EMPTY, PAPER))

    assert spans(ranges) == [(1, 2), (4, 4)]


def test_blank_sheets_part_only_where_the_inbox_says_so() -> None:
    pages = stack(PAPER, EMPTY, PAPER, PAPER, EMPTY, EMPTY, PAPER)

    assert spans(SHEETS.cut(pages)) == [(1, 7)]
    assert spans(BLANK.cut(pages)) == [(1, 1), (3, 4), (7, 7)]


def test_separator_sheets_part_where_blank_sheets_do_and_give_past_their_own_back() -> None:
    ranges = BLANK.cut(stack(EMPTY, sheet("kind=contract"), EMPTY, PAPER, EMPTY, PAPER))

    assert (CutRange(4, 4, (("kind", "contract"),)), CutRange(6, 6)) == ranges


def test_single_scan_is_one_record_whatever_its_pages_say() -> None:
    ranges = SINGLE.cut(stack(sheet("kind=contract"), PAPER, EMPTY, SEPARATOR, PAPER))

    assert (CutRange(1, 5),) == ranges


@pytest.mark.parametrize("symbology", ["QRCode", "Code128"])
def test_sheet_is_known_by_its_real_barcode(symbology: str) -> None:
    code = zxingcpp.create_barcode(f"{CODE} kind=contract", getattr(zxingcpp.BarcodeFormat, symbology))
    bars = np.asarray(code.to_image(scale=3, add_quiet_zones=True))
    frame = np.full((bars.shape[0] + 200, bars.shape[1] + 200), 255, np.uint8)
    frame[100 : 100 + bars.shape[0], 100 : 100 + bars.shape[1]] = bars

    found = barcodes_of(frame)
    ranges = SHEETS.cut(stack(page("", [barcode.text for barcode in found]), PAPER))

    assert [symbology] == [barcode.symbology for barcode in found]
    assert (CutRange(2, 2, (("kind", "contract"),)),) == ranges


@given(st.lists(st.sampled_from([PAPER, EMPTY, SEPARATOR, FORM_WITH_CODE, sheet("kind=contract")])))
@pytest.mark.parametrize("cutter", [SHEETS, BLANK])
def test_every_paper_is_in_exactly_one_record_and_no_sheet_in_any(cutter: SheetCutter, pages: list[PageText]) -> None:
    scan = stack(*pages)

    ranges = cutter.cut(scan)

    in_order = [number for cut in ranges for number in range(cut.first, cut.last + 1)]
    papers = {p.page_number for p in scan if p.lines in (PAPER.lines, FORM_WITH_CODE.lines)}
    sheets = {p.page_number for p in scan if p.barcodes} - papers
    assert sorted(set(in_order)) == in_order
    assert papers <= set(in_order)
    assert not sheets & set(in_order)
    assert all(cut.first in papers for cut in ranges)
