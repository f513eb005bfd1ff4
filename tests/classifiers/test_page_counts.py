"""Pages that count themselves, pages that are missing, pages that stand there twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.page_counts import Missing, PageCount, doubled_pages, missing_pages, page_count_of
from ingest.values import Box, Line, PageText, TextSource, Word

BOX = Box(100, 100, 900, 140)
CLAUSES = (
    "甲方应当按照本合同约定的供热期限向乙方供热，保证室内温度不低于十八摄氏度，并负责供热设施的日常巡检与维护保养工作，因设备检修停热应提前告知用户本人",
    "乙方应当在每年十月三十一日以前一次交清采暖费，逾期按日加收滞纳金；乙方不得擅自改动室内管道与散热器，装修时应当保证检修空间，发现漏水立即报修处理",
    "双方因履行本合同发生争议时应当协商解决，协商不成的可以向供热所在地人民法院起诉；本合同一式两份，自双方签字盖章之日起生效，未尽事宜按照条例执行",
)


def page(number: int, *texts: str, confidence: float = 0.95) -> PageText:
    lines = tuple(Line(text, (Word(text, BOX, confidence),), BOX) for text in texts)
    return PageText(number, 1240, 1754, 150.0, 0, 0.0, not lines, TextSource.RECOGNISED, lines, ())


@pytest.mark.parametrize(
    "text",
    ["第 2 页 共 3 页", "第2页/共3页", "第二页 共三页", "共 3 页 第 2 页", "(共3页,第2页)", "页码: 2/3", "Page 2 of 3", "page 2/3", "Seite 2 von 3", "FROM:041852 08:03 P.02/03"],
)  # fmt: skip
def test_count_is_read_however_it_is_written(text: str) -> None:
    assert page_count_of([text]) == PageCount(2, 3)


@pytest.mark.parametrize(
    "text",
    ["", "2017/9/12", "第 4 页 共 3 页", "第 0 页 共 3 页", "第  页 共  页", "共 3 页", "1#3单元", "P.01/02 号楼"],
)
def test_what_counts_no_pages_is_no_count(text: str) -> None:
    assert page_count_of([text]) is None


def test_count_of_the_form_beats_the_header_of_a_fax_machine() -> None:
    lines = ["FROM:041852 08:03 P.01/05", "供用热合同", "第 1 页 共 2 页"]

    assert page_count_of(lines) == PageCount(1, 2)


def test_header_of_a_fax_machine_is_left_aside_where_that_is_asked() -> None:
    assert page_count_of(["FROM:041852 08:03 P.01/05"], with_fax=False) is None


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from(["第{}页 共{}页", "Page {} of {}", "页次:{}/{}"]))
def test_any_count_within_its_own_total_is_read_as_written(number: int, last: int, form: str) -> None:
    expected = PageCount(number, last) if number <= last else None

    assert page_count_of([form.format(number, last)]) == expected


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    found = page_count_of([text])

    assert found is None or 1 <= found.page <= found.last


def test_whole_paper_lacks_nothing() -> None:
    pages = [page(n, CLAUSES[n - 1], f"第 {n} 页 共 3 页") for n in (1, 2, 3)]

    assert missing_pages(pages, is_whole_scan=True) == ()
    assert doubled_pages(pages, is_whole_scan=True) == ()


def test_missing_pages_are_named() -> None:
    pages = [page(1, "第 1 页 共 5 页"), page(2, "第 3 页 共 5 页")]

    assert missing_pages(pages, is_whole_scan=True) == (Missing((2, 4, 5), 5),)


def test_order_of_the_pages_does_not_matter() -> None:
    pages = [page(1, "第 3 页 共 3 页"), page(2, "第 2 页 共 3 页"), page(3, "第 1 页 共 3 页")]

    assert missing_pages(pages, is_whole_scan=True) == ()


def test_count_that_was_hardly_read_is_no_count() -> None:
    assert missing_pages([page(1, "第 1 页 共 8 页", confidence=0.5)], is_whole_scan=True) == ()


def test_annex_with_a_count_of_its_own_is_judged_for_itself() -> None:
    pages = [
        page(1, "第 1 页 共 2 页"),
        page(2, "第 2 页 共 2 页"),
        page(3, "第 1 页 共 3 页"),
        page(4, "第 3 页 共 3 页"),
    ]

    assert missing_pages(pages, is_whole_scan=True) == (Missing((2,), 3),)


def test_two_papers_of_the_same_length_are_both_whole() -> None:
    pages = [page(n, f"第 {(n + 1) % 2 + 1} 页 共 2 页") for n in (1, 2, 3, 4)]

    assert missing_pages(pages, is_whole_scan=True) == ()


def test_header_of_a_fax_machine_counts_only_for_a_whole_scan() -> None:
    pages = [page(1, "FROM:041852 08:03 P.02/03")]

    assert missing_pages(pages, is_whole_scan=False) == ()
    assert missing_pages(pages, is_whole_scan=True) == (Missing((1, 3), 3),)


def test_page_that_was_fed_twice_is_found_by_its_text() -> None:
    again = CLAUSES[0].replace("日常", "曰常")
    pages = [page(1, CLAUSES[0]), page(2, again), page(3, CLAUSES[1])]

    assert doubled_pages(pages, is_whole_scan=True) == ((2, 1),)


def test_page_that_was_fed_twice_is_found_by_its_count() -> None:
    pages = [page(1, "第 1 页 共 2 页"), page(2, "第 2 页 共 2 页", "章"), page(3, "第 2 页 共 2 页", "手写")]

    assert doubled_pages(pages, is_whole_scan=True) == ((3, 2),)
    assert missing_pages(pages, is_whole_scan=True) == ()


def test_bare_pages_are_not_taken_for_one_another() -> None:
    assert doubled_pages([page(1, "附图"), page(2, "附图")], is_whole_scan=True) == ()


def test_blank_pages_are_not_doubled() -> None:
    assert doubled_pages([page(1), page(2)], is_whole_scan=True) == ()
