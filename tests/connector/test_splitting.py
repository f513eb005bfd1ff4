"""Cutting a stack without separator sheets: only where every page is sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st
from zope.interface import implementer

from classifiers.interfaces import ISplitter
from classifiers.values import Beginning
from connector.splitting import cut_at, cut_by_content
from ingest.values import CutRange, PageText, TextSource
from metadata.values import Reason, ReasonCode

BLANK = PageText(1, 100, 100, 300, 0, 0.0, True, TextSource.NONE, (), ())


@implementer(ISplitter)
@dataclass
class SaidSplitter:
    """Says what it was told to say."""

    said: tuple[Beginning, ...]
    name: str = "said"

    def beginnings(self, pages: tuple[PageText, ...]) -> tuple[Beginning, ...]:
        return self.said


def pages_of(*written: bool) -> Mapping[int, PageText]:
    return {
        number: replace(BLANK, page_number=number, is_blank=not is_written)
        for number, is_written in enumerate(written, start=1)
    }


def test_stack_is_cut_where_records_surely_begin() -> None:
    cuts = cut_at(CutRange(1, 5), [Beginning(3, 0.99), Beginning(5, 0.05)])

    assert cuts == ((CutRange(1, 2), CutRange(3, 5)), ())


def test_one_doubtful_page_holds_the_whole_stack_with_the_proposal() -> None:
    cuts = cut_at(CutRange(1, 5), [Beginning(3, 0.99), Beginning(5, 0.6)])

    assert cuts == ((CutRange(1, 5),), (Reason(ReasonCode.BATCH_UNSURE, {"pages": "1-2, 3-4, 5"}),))


def test_doubt_without_a_likely_cut_proposes_nothing() -> None:
    cuts = cut_at(CutRange(1, 2), [Beginning(2, 0.3)])

    assert cuts == ((CutRange(1, 2),), (Reason(ReasonCode.BATCH_UNSURE, {}),))


def test_nothing_is_cut_further_where_a_clerk_put_sheets() -> None:
    ranges = (CutRange(2, 3), CutRange(5, 6))
    splitter = SaidSplitter((Beginning(3, 0.99),))

    cuts = cut_by_content(ranges, pages_of(True, True, True, True, True, True), splitter)

    assert cuts == (ranges, ())


def test_one_paper_behind_one_sheet_is_not_cut() -> None:
    splitter = SaidSplitter((Beginning(3, 0.99),))

    cuts = cut_by_content((CutRange(2, 3),), pages_of(True, True, True), splitter)

    assert cuts == ((CutRange(2, 3),), ())


def test_leading_blank_is_no_sheet() -> None:
    splitter = SaidSplitter((Beginning(3, 0.99),))

    cuts = cut_by_content((CutRange(2, 3),), pages_of(False, True, True), splitter)

    assert cuts == ((CutRange(2, 2), CutRange(3, 3)), ())


def test_inbox_of_single_records_is_never_cut() -> None:
    cuts = cut_by_content((CutRange(1, 3),), pages_of(True, True, True), None)

    assert cuts == ((CutRange(1, 3),), ())


@given(st.lists(st.floats(0.0, 1.0), max_size=12))
def test_every_page_is_in_exactly_one_record(confidences: list[float]) -> None:
    whole = CutRange(1, len(confidences) + 1)

    ranges, _ = cut_at(whole, [Beginning(number, one) for number, one in enumerate(confidences, start=2)])

    assert [number for cut in ranges for number in range(cut.first, cut.last + 1)] == list(range(1, whole.last + 1))
