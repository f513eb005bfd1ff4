"""Cuts a read scan into records by separator sheets and, where the inbox says so, by blank sheets. Pure.

Not for finding barcodes (`sheets`) nor for cutting by content (`classifiers`). The rules, in the clerk's words:

1. A separator sheet is a page with a barcode that says one of the configured codes, alone or with `key=value` words after
   it. It is never part of a record. A page that bears such a code *and* as much text as a form is a paper with the code
   stuck on it: it begins a record and stays in it, for nothing may be lost. A code so large that nobody sticks it on a paper,
   as `guidang sheets` prints it, is on a sheet, whatever else stands there.
2. What a sheet gives holds for the record right behind it, and only the nearest sheet speaks: a sheet whose paper was taken
   out of the stack must not give its customer to the next paper.
3. A record begins with its first page that is not blank: the blank back of a separator sheet in a duplex stack, and blank
   pages before the first paper, belong to nobody. Blanks inside a record and behind it are its own backs and stay in it.
4. With BLANK every blank page parts, too, and belongs to nobody. Whether a lone blank is a back or a sheet cannot be told,
   and two papers joined could end under one customer, while a paper cut in two is seen by a person.
5. With SINGLE the whole scan is one record, whatever its pages say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from zope.interface import implementer

from ingest.interfaces import ICutter
from ingest.resolution import MM_PER_INCH
from ingest.values import Barcode, BatchMode, CutRange, PageText

GIVEN_KEYS = ("kind", "customer", "department", "language", "tag")
"""What a separator sheet may give; `tag` more than once."""

PAPER_WORDS = 35
"""From so many words (a Han sign counts as one) on, a page is a paper and not a separator sheet.

Of 300 papers of the dev corpus the barest, the covers of contracts, have 39 to 45 and forms 87 and more; its separator sheets have
22. Where a wordy sheet is taken for a paper, the record has a page too many; the other way round a page would be missing.
"""

_LARGE_QR_MM = 50.0
_LARGE_LINE_CODE_MM = 110.0
"""Ours are 80 and 170 mm; half of that would do where the resolution of a photograph was guessed from the wrong paper."""

_READ_FROM = 0.5
"""Confidence from which a word counts: bars, specks and backgrounds are read as words, too, but not surely."""

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")

Given = tuple[tuple[str, str], ...]


@implementer(ICutter)
class SheetCutter:
    """`ICutter` for one inbox. `separator_codes`: what the barcode of a separator sheet begins with; case does not matter."""

    def __init__(self, batch_mode: BatchMode, separator_codes: Sequence[str]) -> None:
        self._batch_mode = batch_mode
        self._codes = frozenset(_folded(code) for code in separator_codes)

    def cut(self, pages: tuple[PageText, ...]) -> tuple[CutRange, ...]:
        """Return the ranges in page order, not overlapping; () where the scan holds nothing but separators and blanks."""
        if all(_is_empty(page) or self._is_sheet(page) for page in pages):
            return ()
        if self._batch_mode is BatchMode.SINGLE:
            return (CutRange(pages[0].page_number, pages[-1].page_number),)
        return tuple(self._ranges(pages))

    def _ranges(self, pages: Sequence[PageText]) -> Iterator[CutRange]:
        """Yield the records; `run` holds the pages of the one being put together, `given` what the sheet before it said."""
        run: list[int] = []
        given: Given = ()
        for page in pages:
            said = self._said(page)
            is_blank_sheet = self._batch_mode is BatchMode.BLANK and _is_empty(page)
            if run and (said is not None or is_blank_sheet):
                yield CutRange(run[0], run[-1], given)
                run, given = [], ()
            if self._is_sheet(page):
                given = said or ()
            elif not _is_empty(page):
                given = _overruled(given, said or ())
                run.append(page.page_number)
            elif run:
                run.append(page.page_number)
        if run:
            yield CutRange(run[0], run[-1], given)

    def _is_sheet(self, page: PageText) -> bool:
        if self._said(page) is None:
            return False
        return _word_count(page) < PAPER_WORDS or any(
            self._parts(code) and _is_large(code, page.dpi) for code in page.barcodes
        )

    def _parts(self, code: Barcode) -> bool:
        words = code.text.split()
        return bool(words) and _folded(words[0]) in self._codes

    def _said(self, page: PageText) -> Given | None:
        """Return what the separator codes of a page give, None where it bears none.

        A key that two codes of one page give differently is given by neither.
        """
        parted = [code.text.split() for code in page.barcodes if self._parts(code)]
        if not parted:
            return None
        said = [pair for words in parted for pair in map(_pair, words[1:]) if pair]
        values = {key: {value for k, value in said if k == key} for key, _ in said}
        return tuple(dict.fromkeys(pair for pair in said if pair[0] == "tag" or len(values[pair[0]]) == 1))


def _pair(word: str) -> tuple[str, str] | None:
    key, is_pair, value = word.partition("=")
    return (key.casefold(), value) if is_pair and value and key.casefold() in GIVEN_KEYS else None


def _is_large(code: Barcode, dpi: float) -> bool:
    sides_mm = sorted(side / dpi * MM_PER_INCH for side in (code.box.width, code.box.height))
    return sides_mm[0] >= _LARGE_QR_MM if code.symbology == "QRCode" else sides_mm[1] >= _LARGE_LINE_CODE_MM


def _overruled(sheet: Given, sticker: Given) -> Given:
    """Return what a sheet gave, with what a code on the paper itself says on top; tags add up."""
    keys = {key for key, _ in sticker if key != "tag"}
    return tuple(dict.fromkeys((*(pair for pair in sheet if pair[0] not in keys), *sticker)))


def _is_empty(page: PageText) -> bool:
    """Return whether nothing stands on a page: a page with any barcode on it is not blank, however little is read on it."""
    return page.is_blank and not page.lines and not page.barcodes


def _word_count(page: PageText) -> int:
    words = (word for line in page.lines for word in line.words if word.confidence >= _READ_FROM)
    return sum(len(_WORD.findall(word.text)) for word in words)


def _folded(code: str) -> str:
    return unicodedata.normalize("NFKC", code).strip().casefold()
