"""Cuts a stack without separator sheets into records, or says that a person must: from how sure each beginning is. Pure.

1. Where a clerk put separator sheets, they are right: nothing is cut further.
2. Every page that surely begins a record is cut; a page that surely goes on is not.
3. One page that is neither, and nothing is cut: the stack is held as it is, with the proposal, because a paper that ends in
   another one's record may end under another customer.
Blank pages before a cut are the backs of the record before it. Not for how sure a beginning is (`classifiers.split`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifiers.interfaces import ISplitter
from classifiers.values import Beginning
from ingest.values import CutRange, PageText
from metadata.values import Reason, ReasonCode

SURELY_BEGINS = 0.85
SURELY_GOES_ON = 0.2

Cut = tuple[tuple[CutRange, ...], tuple[Reason, ...]]
"""The pages of each record, and why a person must look at them (() where the cuts are sure)."""


def cut_by_content(ranges: Sequence[CutRange], pages: Mapping[int, PageText], splitter: ISplitter | None) -> Cut:
    """Return the records that a cutter left, cut by content where no sheet was in the stack; None as splitter: as they are."""
    if splitter is None or len(ranges) != 1 or _has_sheet(ranges[0], pages):
        return tuple(ranges), ()
    whole = ranges[0]
    inside = tuple(pages[number] for number in range(whole.first, whole.last + 1))
    return cut_at(whole, splitter.beginnings(inside))


def cut_at(whole: CutRange, beginnings: Sequence[Beginning]) -> Cut:
    """Return the range cut where records surely begin; as one, with the proposal, where one beginning is doubtful."""
    if all(one.confidence >= SURELY_BEGINS or one.confidence <= SURELY_GOES_ON for one in beginnings):
        return _ranges(whole, beginnings, SURELY_BEGINS), ()
    likely = _ranges(whole, beginnings, 0.5)
    facts = {"pages": ", ".join(map(_said, likely))} if len(likely) > 1 else {}
    return (whole,), (Reason(ReasonCode.BATCH_UNSURE, facts),)


def _has_sheet(cut: CutRange, pages: Mapping[int, PageText]) -> bool:
    """Return whether a page that is not blank was left out: a separator sheet."""
    return bool(cut.given) or any(
        not page.is_blank for number, page in pages.items() if not cut.first <= number <= cut.last
    )


def _ranges(whole: CutRange, beginnings: Sequence[Beginning], least: float) -> tuple[CutRange, ...]:
    firsts = [whole.first, *(one.page_number for one in beginnings if one.confidence >= least)]
    lasts = [*(first - 1 for first in firsts[1:]), whole.last]
    return tuple(CutRange(first, last) for first, last in zip(firsts, lasts, strict=True))


def _said(cut: CutRange) -> str:
    return str(cut.first) if cut.first == cut.last else f"{cut.first}-{cut.last}"
