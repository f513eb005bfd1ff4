"""The searchable PDF: our text where it is printed, the scanner's pages untouched, the same bytes each time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from ingest.interfaces import Fault, ScanUnreadable
from ingest.text_layer import STAMP_KEY
from ingest.values import ScanFormat, TextSource
from tests.ingest.making import (
    add_page,
    digital_pdf,
    jpeg_bytes,
    pdf_bytes,
    picture,
    png_bytes,
    scanned_pdf,
    tiff_bytes,
    written,
)
from tests.ingest.page_texts import (
    ALL_TEXT,
    HEIGHT_PX,
    LINES,
    WIDTH_PX,
    found_in,
    found_inside,
    line,
    page_text,
    record_of,
    upright,
    word,
    words_of,
)

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")


def pdftotext(record: Path, *options: str) -> list[str]:
    """Return the lines that poppler finds, several blanks taken for one."""
    command = ["pdftotext", *options, str(record), "-"]
    text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return [" ".join(each.split()) for each in text.splitlines() if each.strip()]


@pytest.mark.parametrize("rotation_cw", [0, 90, 180, 270])
@pytest.mark.parametrize("own_rotation", [0, 90, 180, 270])
def test_every_word_is_found_inside_its_box_whatever_the_turn(
    tmp_path: Path, own_rotation: int, rotation_cw: int
) -> None:
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(rotate=own_rotation)))
    size = upright((WIDTH_PX, HEIGHT_PX), own_rotation + rotation_cw)
    page = page_text(rotation_cw=rotation_cw, size_px=size)

    record = record_of(scan, ScanFormat.PDF, page)

    assert words_of(page) == found_inside(record, page)


@pytest.mark.parametrize("rotation_cw", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_word_is_found_inside_its_box_whatever_the_orientation_tag(
    tmp_path: Path, orientation: int, rotation_cw: int
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    scan = written(tmp_path / "a.jpg", jpeg_bytes(exif=exif))
    size = upright((WIDTH_PX, HEIGHT_PX), (90 if orientation > 4 else 0) + rotation_cw)
    page = page_text(rotation_cw=rotation_cw, size_px=size)

    record = record_of(scan, ScanFormat.JPEG, page)

    assert words_of(page) == found_inside(record, page)


@needs_poppler
@pytest.mark.parametrize("options", [(), ("-layout",)])
@pytest.mark.parametrize("rotation_cw", [0, 90, 180, 270])
def test_poppler_finds_the_lines_whole_whatever_the_turn(
    tmp_path: Path, rotation_cw: int, options: tuple[str, ...]
) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())
    lines = (*LINES[1:], line("户号：1687189159", word("户号：", 62, 90), word("1687189159", 125, 90)))
    page = page_text(lines=lines, rotation_cw=rotation_cw, size_px=upright((WIDTH_PX, HEIGHT_PX), rotation_cw))

    record = record_of(scan, ScanFormat.JPEG, page)

    assert sorted(printed.text for printed in lines) == sorted(pdftotext(record, *options))


@needs_poppler
def test_poppler_keeps_cells_of_a_row_side_by_side(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())
    row = line("用户名称沈树林", word("用户名称", 62, 90), word("沈树林", 350, 90))

    record = record_of(scan, ScanFormat.JPEG, page_text(lines=(row,)))

    assert pdftotext(record, "-layout") == ["用户名称 沈树林"]


@needs_poppler
@pytest.mark.parametrize("degrees", [1.5, 4, 7, 10])
def test_tilted_lines_come_out_whole(tmp_path: Path, degrees: float) -> None:
    """Boxes of a tilted page are laid level, each centred on its tilted line: what `placing` hands over."""
    scan = written(tmp_path / "a.jpg", jpeg_bytes(picture().rotate(degrees, fillcolor=255)))
    texts = [f"第{number}行：供热合同编号与采暖面积" for number in range(20)]
    tilted = tuple(
        line(text, word(text, 60 + 2 * number, 40 + 34 * number - degrees)) for number, text in enumerate(texts)
    )

    record = record_of(scan, ScanFormat.JPEG, page_text(lines=tilted))

    assert texts == pdftotext(record)
    assert texts == pdftotext(record, "-layout")


def test_lines_come_out_whole_and_without_blanks_between_han_signs(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())

    record = record_of(scan, ScanFormat.JPEG)

    assert found_in(record, page_text()).text == ALL_TEXT


def test_a_line_is_one_invisible_text_object(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())
    odd = line("小字大标题", word("小字", 10, 500, height=10), word("大标题", 60, 490, height=40))

    record = record_of(scan, ScanFormat.JPEG, page_text(lines=(*LINES, odd)))

    with pikepdf.open(record) as pdf:
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(pdf.pages[0])]
        modes = [each for each in pikepdf.parse_content_stream(pdf.pages[0]) if str(each.operator) == "Tr"]
    assert operators.count("BT") == operators.count("ET") == len(LINES) + 1
    assert [int(mode.operands[0]) for mode in modes] == [3]


def test_signs_beyond_the_basic_plane_and_none_at_all_are_shown(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())
    rare, private = line("𠮷野家𡈽", word("𠮷野家𡈽", 50, 50)), line("甲\ue000乙", word("甲\ue000乙", 50, 100))

    record = record_of(scan, ScanFormat.JPEG, page_text(lines=(rare, private)))

    # PDFium's own Python binding gives surrogates for signs beyond the plane.
    text = found_in(record, page_text(lines=())).text
    assert text.splitlines() == ["𠮷野家𡈽", "甲\ufffd乙"]


@pytest.mark.parametrize(("suffix", "scan_format"), [(".jpg", ScanFormat.JPEG), (".pdf", ScanFormat.PDF)])
def test_same_scan_gives_same_bytes_in_another_process_and_another_stamp_others(
    suffix: str, scan_format: ScanFormat, tmp_path: Path
) -> None:
    content = jpeg_bytes() if scan_format is ScanFormat.JPEG else pdf_bytes(scanned_pdf(), deterministic_id=True)
    scan = written(tmp_path / f"a{suffix}", content)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ingest.text_layer import write_record_pdf\n"
        "from ingest.values import ScanFormat\n"
        "from tests.ingest.page_texts import page_text\n"
        "scan, out, kind = sys.argv[1:]\n"
        "write_record_pdf(Path(scan), ScanFormat(kind), (page_text(),), Path(out), 'R-1')\n"
    )
    there = tmp_path / "there.pdf"

    here = record_of(scan, scan_format, stamp="R-1").read_bytes()
    command = [sys.executable, "-c", program, str(scan), str(there), scan_format.value]
    subprocess.run(
        command, check=True, env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    other = record_of(scan, scan_format, stamp="R-2").read_bytes()

    assert here == there.read_bytes()
    assert here != other
    with pikepdf.open(tmp_path / "record.pdf") as record:
        assert str(record.docinfo[STAMP_KEY]) == "R-2"


def test_stamp_of_an_earlier_record_goes(tmp_path: Path) -> None:
    first = record_of(written(tmp_path / "a.jpg", jpeg_bytes()), ScanFormat.JPEG, stamp="R-1")
    scan = first.rename(tmp_path / "again.pdf")

    record = record_of(scan, ScanFormat.PDF)

    with pikepdf.open(record) as pdf:
        assert STAMP_KEY not in pdf.docinfo


def test_record_that_comes_back_as_a_scan_is_not_found_twice(tmp_path: Path) -> None:
    first = record_of(written(tmp_path / "a.jpg", jpeg_bytes()), ScanFormat.JPEG, stamp="R-1")
    scan = first.rename(tmp_path / "again.pdf")

    record = record_of(scan, ScanFormat.PDF)

    assert found_in(record, page_text()).text == ALL_TEXT


def test_record_that_is_a_part_of_a_tiff_has_its_pages_only(tmp_path: Path) -> None:
    pages = [picture(), picture().rotate(180), picture().rotate(90, expand=True)]
    scan = written(tmp_path / "a.tif", tiff_bytes(pages, compression="tiff_lzw"))

    record = record_of(scan, ScanFormat.TIFF, page_text(2), page_text(3, (), (HEIGHT_PX, WIDTH_PX)))

    with pypdfium2.PdfDocument(record) as pdf:
        sizes = [tuple(round(side) for side in page.get_size()) for page in pdf]
    assert sizes == [(595, 842), (842, 595)]


def test_hidden_text_of_another_program_is_dropped_and_visible_text_stays(tmp_path: Path) -> None:
    hidden = b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG READING) Tj 0 Tr 0 -20 Td (stamped) Tj ET"
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(extra=hidden)))

    record = record_of(scan, ScanFormat.PDF)

    text = found_in(record, page_text()).text
    assert "WRONG" not in text
    assert "stamped" in text
    assert "户号：1687189159" in text


def test_hidden_text_is_dropped_from_blank_pages_too(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    add_page(pdf, b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG) Tj ET")
    scan = written(tmp_path / "a.pdf", pdf_bytes(pdf))
    blank = page_text(lines=(), source=TextSource.NONE)

    record = record_of(scan, ScanFormat.PDF, blank)

    assert found_in(record, blank).text == ""


def test_text_is_left_where_taking_it_out_would_be_seen(tmp_path: Path) -> None:
    """The picture that seems to cover the text cannot be shown, so the text is what one sees."""
    pdf = scanned_pdf()
    pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"].write(b"no JPEG", filter=pikepdf.Name.DCTDecode)
    pdf.pages[0].contents_add(b"BT /F1 30 Tf 100 700 Td (seen after all) Tj ET ", prepend=True)
    scan = written(tmp_path / "a.pdf", pdf_bytes(pdf))

    record = record_of(scan, ScanFormat.PDF)

    assert "seen after all" in found_in(record, page_text()).text


def test_page_born_digital_keeps_its_own_text_only(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.pdf", pdf_bytes(digital_pdf("Customer No. 1687189159")))
    page = page_text(source=TextSource.OWN)

    record = record_of(scan, ScanFormat.PDF, page)

    assert found_in(record, page).text == "Customer No. 1687189159"


def test_resources_shared_among_pages_are_not_changed_for_the_others(tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    pdf.pages[1].obj["/Resources"] = pdf.pages[0].obj["/Resources"] = pdf.make_indirect(pdf.pages[0].obj["/Resources"])
    scan = written(tmp_path / "a.pdf", pdf_bytes(pdf))

    record = record_of(scan, ScanFormat.PDF, page_text(1), page_text(2, (), source=TextSource.NONE))

    with pikepdf.open(record) as kept:
        fonts = [sorted(page.obj["/Resources"]["/Font"].keys()) for page in kept.pages]
    assert fonts == [["/F1", "/GuidangText"], ["/F1"]]


def test_text_adds_little_to_the_scan(tmp_path: Path) -> None:
    """At most 3 % and 3 kB a page and 8 kB (issue 4)."""
    dense = tuple(
        line(text, word(text, 60, 30 + 20 * number))
        for number in range(40)
        for text in [f"第{number}条甲方应于每年采暖期开始前向乙方支付当年采暖费用共计{number * 7919}元"]
    )
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(10)))

    record = record_of(scan, ScanFormat.PDF, *(page_text(number, dense) for number in range(1, 11)))

    assert record.stat().st_size <= 1.03 * scan.stat().st_size + 10 * 3_000 + 8_000


def test_scan_that_cannot_be_kept_exactly_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.tif", tiff_bytes([picture(mode="F")]))

    with pytest.raises(ScanUnreadable) as raised:
        record_of(scan, ScanFormat.TIFF)

    assert raised.value.fault is Fault.PIXELS_DIFFER
    assert [scan] == list(tmp_path.iterdir())


def test_record_that_stands_already_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.png", png_bytes())
    before = record_of(scan, ScanFormat.PNG).read_bytes()
    written(scan, png_bytes()[:2000])

    with pytest.raises(ScanUnreadable):
        record_of(scan, ScanFormat.PNG)

    assert before == (tmp_path / "record.pdf").read_bytes()
