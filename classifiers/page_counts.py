"""What pages say of themselves, "page 2 of 3", and which of a record's pages are missing or stand there twice. Pure.

1. The form's own count beats the header of a fax machine. A header counts the pages of a call, which may hold several papers: it is
   heeded only where the caller says that the pages are a whole scan.
2. Pages that count up to the same number belong together; a new "page 1" opens another run once the one before is complete. An annex
   with a count of its own is a run of its own.
3. A page whose text is nearly that of another one close by was fed twice, count or no count. Of 113 pairs of different pages of one
   record of the corpus the most alike share 43 %.
Not for where a record begins (`split`), though that rests on the same counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.normalise import simplified
from ingest.values import PageText

_SURE = 0.8
_MOST_PAGES = 200
_ALIKE = 90.0
_LEAST_SIGNS = 60
_NEAR_PAGES = 8
"""A paper fed twice stands right behind itself, page by page or as a whole: papers of offices have no more leaves than this."""

_HAN = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_NUMBER = r"(\d{1,3}|[一二三四五六七八九十])"
_OWN = (
    re.compile(rf"第\s*{_NUMBER}\s*页[\s,，、/()（）]*共\s*{_NUMBER}\s*页"),
    re.compile(
        r"共\s*(?P<last>\d{1,3}|[一二三四五六七八九十])\s*页[\s,，、/()（）]*第\s*(?P<page>\d{1,3}|[一二三四五六七八九十])\s*页"
    ),
    re.compile(r"页[码次]\s*:?\s*(\d{1,3})\s*/\s*(\d{1,3})(?!\s*/|\d)"),
    re.compile(r"\bpage\s*(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\b", re.IGNORECASE),
    re.compile(r"\bSeite\s*(\d{1,3})\s*(?:von|/)\s*(\d{1,3})\b", re.IGNORECASE),
)
_FAX = re.compile(r"\bP\.?\s*(\d{1,3})\s*/\s*(\d{1,3})\s*$")


@dataclass(frozen=True, slots=True)
class PageCount:
    """What stands on a page: it is `page` of `last`, 1 <= page <= last."""

    page: int
    last: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The pages, by their own count, that a run of pages lacks, in order, and up to how many it counts."""

    pages: tuple[int, ...]
    last: int


def page_count_of(lines: Iterable[str], *, with_fax: bool = True) -> PageCount | None:
    """Return the count that stands in these lines, the form's own before that of a fax machine; None where there is none."""
    lines = tuple(map(simplified, lines))
    for pattern in (*_OWN, _FAX) if with_fax else _OWN:
        for line in lines:
            found = pattern.search(line)
            count = _count(found) if found else None
            if count is not None:
                return count
    return None


def missing_pages(pages: Sequence[PageText], *, is_whole_scan: bool) -> tuple[Missing, ...]:
    """Return what the runs of counted pages of a record lack, in page order; () where nothing is missing or nothing is counted."""
    runs = _runs(count for _, count in _counted(pages, with_fax=is_whole_scan))
    lacking = ((sorted(set(range(1, run[0].last + 1)) - {count.page for count in run}), run[0].last) for run in runs)
    return tuple(Missing(tuple(numbers), last) for numbers, last in lacking if numbers)


def doubled_pages(pages: Sequence[PageText], *, is_whole_scan: bool) -> tuple[tuple[int, int], ...]:
    """Return the pages that stand there twice, as (number in the scan, number of the one before that it repeats), in page order."""
    doubled = dict(_alike(pages))
    seen: dict[PageCount, int] = {}
    for number, count in _counted(pages, with_fax=is_whole_scan):
        if count in seen and number - seen[count] <= _NEAR_PAGES:
            doubled.setdefault(number, seen[count])
        seen[count] = number
    return tuple(sorted(doubled.items()))


def _counted(pages: Sequence[PageText], *, with_fax: bool) -> Iterator[tuple[int, PageCount]]:
    for page in pages:
        count = page_count_of((line.text for line in page.lines if line.confidence >= _SURE), with_fax=with_fax)
        if count is not None:
            yield page.page_number, count


def _runs(counts: Iterable[PageCount]) -> list[list[PageCount]]:
    runs: list[list[PageCount]] = []
    for count in counts:
        run = runs[-1] if runs and runs[-1][0].last == count.last else None
        if run is None or (count.page == 1 and len({one.page for one in run}) == count.last):
            runs.append([count])
        else:
            run.append(count)
    return runs


def _alike(pages: Sequence[PageText]) -> Iterator[tuple[int, int]]:
    texts = [(page.page_number, "".join(page.text.split())) for page in pages if not page.is_blank]
    for place, (number, text) in enumerate(texts):
        for before, other in texts[max(0, place - _NEAR_PAGES) : place]:
            is_long = min(len(text), len(other)) >= _LEAST_SIGNS
            if is_long and fuzz.ratio(text, other, score_cutoff=_ALIKE):
                yield number, before
                break


def _count(found: re.Match[str]) -> PageCount | None:
    named = found.groupdict()
    page, last = (_whole(sign) for sign in ((named["page"], named["last"]) if named else found.groups()))
    return PageCount(page, last) if 1 <= page <= last <= _MOST_PAGES else None


def _whole(text: str) -> int:
    return _HAN.get(text) or int(text)
