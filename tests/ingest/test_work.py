"""The costly results of a scan under way survive a kill; what was half-written is done again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from ingest.interfaces import IWorkFolder
from ingest.page_json import PageNotKept, page_from_json, page_to_json
from ingest.values import Barcode, Box, Line, PageText, TextSource, Word
from ingest.work import WorkFolder

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
texts = st.text(max_size=20) | st.sampled_from(["客户编号:0312345678", "a\nb", "\ud800", "\u2028", '"\\'])
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
words = st.builds(Word, texts, boxes, st.floats(0, 1))
lines = st.builds(Line, texts, st.lists(words, max_size=4).map(tuple), boxes)
pages = st.builds(
    PageText,
    page_number=st.integers(1, 5000),
    width_px=st.integers(1, 20000),
    height_px=st.integers(1, 20000),
    dpi=st.floats(50, 2600),
    rotation_cw=st.sampled_from([0, 90, 180, 270]),
    skew_degrees=st.floats(-10, 10),
    is_blank=st.booleans(),
    source=st.sampled_from(TextSource),
    lines=st.lists(lines, max_size=4).map(tuple),
    barcodes=st.lists(st.builds(Barcode, texts, texts, boxes), max_size=3).map(tuple),
)


def page(number: int) -> PageText:
    box = Box(1, 2, 30.5, 40)
    line = Line("客户编号 0312345678", (Word("客户编号", box, 0.91), Word("0312345678", box, 0.99)), box)
    return PageText(number, 2480, 3508, 300.0, 90, -0.5, False, TextSource.RECOGNISED, (line,), ())


@given(pages)
def test_page_comes_back_exactly_as_it_went(kept: PageText) -> None:
    text = page_to_json(kept)

    assert page_from_json(text) == kept
    assert "\n" not in text


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"v":1}', '{"v":99,"page_number":1}', page_to_json(page(1))[:-1]]
)
def test_anything_else_is_no_kept_page(text: str) -> None:
    with pytest.raises(PageNotKept):
        page_from_json(text)


@given(st.text(max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    with pytest.raises(PageNotKept):
        page_from_json(text)


def test_it_keeps_the_promise_of_a_work_folder(tmp_path: Path) -> None:
    assert verifyObject(IWorkFolder, WorkFolder(tmp_path))


def test_kept_pages_are_there_for_the_next_process(tmp_path: Path) -> None:
    for number in (1, 3, 2):
        WorkFolder(tmp_path).keep(page(number))

    assert WorkFolder(tmp_path).pages() == {1: page(1), 2: page(2), 3: page(3)}


def test_nothing_kept_is_no_pages(tmp_path: Path) -> None:
    assert WorkFolder(tmp_path / "new").pages() == {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 400))
def test_half_written_last_page_is_left_out_and_the_next_one_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "pages.jsonl"
    path.unlink(missing_ok=True)
    work = WorkFolder(tmp_path)
    work.keep(page(1))
    whole = path.stat().st_size
    work.keep(page(2))
    path.write_bytes(path.read_bytes()[: -min(cut, whole - 1)])

    after_crash = work.pages()
    work.keep(page(3))

    assert after_crash == {1: page(1)} or after_crash == {1: page(1), 2: page(2)}
    assert work.pages() == {**after_crash, 3: page(3)}


def test_place_of_a_record_s_pdf_is_ready_to_be_written(tmp_path: Path) -> None:
    path = WorkFolder(tmp_path).record_pdf_path("r1")

    path.write_bytes(b"%PDF")
    assert path == tmp_path / "records" / "r1.pdf"
