"""Scans read in children: pages in order, few at a time, and one bad scan is its own trouble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pikepdf
import pytest
from zope.interface.verify import verifyObject

from ingest.children import Children
from ingest.claim import ScanIds, scan_of, take_copy
from ingest.interfaces import Fault, IScanReader, ScanUnreadable
from ingest.reader import ReaderLimits, ScanReader
from ingest.values import ReadingOptions, Scan
from tests.ingest import child_work
from tests.ingest.making import NOON, digital_pdf, jpeg_bytes, pdf_bytes, picture, scanned_pdf, tiff_bytes, written

WORKERS = 2


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    pool = Children(WORKERS)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def reader(children: Children) -> Iterator[ScanReader]:
    reader = ScanReader(children, "odd:", child_work.odd_recogniser, ReaderLimits(scan_bytes=2_000_000))
    yield reader
    reader.close()


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def claimed(tmp_path: Path, content: bytes, name: str = "scan.pdf") -> Scan:
    scan_id = ScanIds().new(NOON, None)
    path = take_copy(written(tmp_path / name, content), tmp_path / ".guidang" / scan_id)
    return scan_of(scan_id, "service", path)


def options(name: str, marks: Path, seconds: float = 60, max_pages: int = 100) -> ReadingOptions:
    return ReadingOptions(f"{name}:{marks}", ("zh",), max_pages, seconds)


def pages_of_growing_width(count: int) -> bytes:
    pages = [picture(600 + number, 900) for number in range(1, count + 1)]
    return tiff_bytes(pages, dpi=(72, 72), compression="tiff_adobe_deflate")


def test_it_keeps_the_promise_of_a_scan_reader(reader: ScanReader) -> None:
    assert verifyObject(IScanReader, reader)


def test_pages_come_in_the_order_they_were_wanted(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(9))

    count = reader.page_count(scan, options("odd", marks))
    pages = list(reader.pages(scan, options("odd", marks), [3, 1, 9, 2]))

    assert count == 9
    assert [page.page_number for page in pages] == [3, 1, 9, 2]
    assert [page.width_px for page in pages] == [603, 601, 609, 602]


def test_only_a_few_pages_are_asked_for_ahead(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    """Whatever the length of the scan; and who stops early gets no more pages read."""
    scan = claimed(tmp_path, pages_of_growing_width(40))

    pages = reader.pages(scan, options("odd", marks), range(1, 41))
    first = list(islice(pages, 2))
    time.sleep(1.0)
    pages.close()  # type: ignore[attr-defined]
    time.sleep(0.3)

    assert len(first) == 2
    assert len(list(marks.iterdir())) <= 2 + 2 * WORKERS


def test_born_digital_page_is_not_recognised(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pdf_bytes(digital_pdf()))

    [page] = reader.pages(scan, options("odd", marks), [1])

    assert "1687189159" in page.text
    assert list(marks.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"no scan at all", Fault.NOT_A_SCAN),
        (pdf_bytes(scanned_pdf())[:-200], Fault.DAMAGED),
        (jpeg_bytes()[:-200], Fault.DAMAGED),
        (pdf_bytes(pikepdf.new()), Fault.NO_PAGES),
        (pdf_bytes(scanned_pdf(), encryption=pikepdf.Encryption(owner="o", user="u")), Fault.ENCRYPTED),
        (pdf_bytes(scanned_pdf()) + b" " * 2_000_000 + b"%%EOF", Fault.TOO_LARGE),
        (pdf_bytes(scanned_pdf(7)), Fault.TOO_MANY_PAGES),
    ],
)
def test_bad_scan_is_unreadable_under_its_own_name(
    reader: ScanReader, tmp_path: Path, marks: Path, content: bytes, fault: Fault
) -> None:
    scan = claimed(tmp_path, content, "合同 1.pdf")

    with pytest.raises(ScanUnreadable) as raised:
        reader.page_count(scan, options("odd", marks, max_pages=6))

    assert raised.value.fault is fault
    assert raised.value.name == "合同 1.pdf"
    assert "合同 1.pdf" in str(raised.value)


def test_link_is_not_followed(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pdf_bytes(digital_pdf()))
    scan.path.rename(scan.path.with_name("real"))
    scan.path.symlink_to(scan.path.with_name("real"))

    with pytest.raises(ScanUnreadable) as raised:
        reader.page_count(scan, options("odd", marks))

    assert raised.value.fault is Fault.NOT_REGULAR


def test_page_that_crashes_its_child_twice_is_the_scan_s_fault(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(1))

    with pytest.raises(ScanUnreadable) as raised:
        list(reader.pages(scan, options("crashing", marks), [1]))

    assert raised.value.fault is Fault.READER_DIED
    assert len(list(marks.iterdir())) == 2


def test_child_that_dies_once_costs_nothing(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(4))

    pages = list(reader.pages(scan, options("crashing once", marks), [1, 2, 3, 4]))

    assert [page.page_number for page in pages] == [1, 2, 3, 4]


def test_page_that_takes_too_long_is_said_with_the_limit(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(1))

    with pytest.raises(ScanUnreadable) as raised:
        list(reader.pages(scan, options("slow", marks, seconds=0.5), [1]))

    assert raised.value.fault is Fault.TOO_SLOW
    assert raised.value.limit == "0.5 s"


def test_bad_scan_does_not_disturb_the_others_read_at_the_same_time(
    reader: ScanReader, tmp_path: Path, marks: Path
) -> None:
    good = claimed(tmp_path, pages_of_growing_width(6), "good.tif")
    bad = claimed(tmp_path, tiff_bytes([picture(500, 700)], dpi=(72, 72)), "bad.tif")

    with ThreadPoolExecutor(3) as threads:
        reads = [threads.submit(list, reader.pages(good, options("odd", marks), range(1, 7))) for _ in range(2)]
        dies = threads.submit(list, reader.pages(bad, options("crashing", marks), [1]))

        with pytest.raises(ScanUnreadable):
            dies.result()
        assert [[page.page_number for page in read.result()] for read in reads] == [[1, 2, 3, 4, 5, 6]] * 2


def test_scan_whose_share_is_away_is_no_bad_scan(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(1))
    scan.path.unlink()

    with pytest.raises(FileNotFoundError):
        reader.page_count(scan, options("odd", marks))
    with pytest.raises(FileNotFoundError):
        list(reader.pages(scan, options("odd", marks), [1]))


def test_fault_of_an_arriving_file_is_found_in_a_child(reader: ScanReader, tmp_path: Path) -> None:
    whole = written(tmp_path / "a.pdf", pdf_bytes(digital_pdf()))
    torn = written(tmp_path / "b.pdf", pdf_bytes(digital_pdf())[:300])

    assert reader.find_fault(whole) is None
    assert reader.find_fault(torn) is Fault.DAMAGED


def test_arriving_file_does_not_wait_for_the_pages_under_way(reader: ScanReader, tmp_path: Path, marks: Path) -> None:
    scan = claimed(tmp_path, pages_of_growing_width(8))
    arriving = written(tmp_path / "a.pdf", pdf_bytes(digital_pdf()))
    pages = reader.pages(scan, options("slow", marks, seconds=5), range(1, 9))

    with ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(next, pages)
        started = time.monotonic()
        fault = reader.find_fault(arriving)
        seconds = time.monotonic() - started
        with pytest.raises(ScanUnreadable):
            under_way.result()

    assert fault is None
    assert seconds < 4
