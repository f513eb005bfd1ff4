"""Where in a stack without separator sheets a new record begins: by titles, page counts, numbers and the labels of forms. Pure.

Not for separator sheets and blank sheets (`ingest.cutter`): where a clerk put those, they are right. What is said here is a
confidence a page; `connector.splitting` cuts only where it is high everywhere, because two papers filed as one, or a torn one,
may end under the wrong customer. Measured on the dev corpus (records of several pages and 6 batches): the 20 pages that begin a
record have 0.99 or more, the 74 that go on 0.17 or less. The weights were set on these very pages, and none were kept aside.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from zope.interface import implementer

from classifiers.cues import Titles, title_cue, title_places
from classifiers.interfaces import INumberScheme, ISplitter
from classifiers.labels import LabelFinder
from classifiers.layout import Row, Sheet, sheets_of
from classifiers.page_counts import page_count_of
from classifiers.scheme import Scheme
from classifiers.values import Beginning, RecordText
from ingest.normalise import simplified
from ingest.values import PageText

_CONSTANT = -2.0
_TITLE = 5.0
_TITLE_FROM = 0.55  # strengths: 0.73 and more on first pages, 0.43 and less on those that go on
_HALF_TITLE = 1.5
_HALF_TITLE_FROM = 0.45
_HEADING = 2.6  # large writing at the top that no title of the scheme explains
_NO_HEADING = -2.0
_HEADING_HEIGHTS = 1.35
_HEADING_ROWS = 4
_COUNT = 4.0  # "page 1 of y", or another one
_OTHER_NUMBER = 4.0
_SAME_NUMBER = -1.0  # two papers of one customer stand side by side, too
_OWN_LABELS = 1.2  # each sort of the customer's labels: number, name, address
_NO_LABELS = -1.5
_GOES_ON = -4.0
_NO_TIE = 2.5  # nothing ties the page to the one before
_NO_TIE_OF_MUCH = 4.5  # ... and it has much to say: rather doubtful than joined to another customer's paper
_MUCH_SIGNS = 60
_OPENING_ROWS = 4

_CLAUSE = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]{1,4}[条章]|[一二三四五六七八九十]{1,3}、|\d{1,2}\.\d{1,2}(?!\d)|(?:article|clause)\s+\d)",
    re.IGNORECASE,
)
_ANNEX = re.compile(r"\s*(?:附(?![近属加])|续[上表页]|接上页|annex|appendix|attachment|continued)", re.IGNORECASE)
_SIGNED = re.compile(r"[甲乙供用]方?[^\t]{0,6}[(（][盖签]|.{0,12}(?:signed (?:for|by)|signature of)", re.IGNORECASE)


@implementer(ISplitter)
class ContentSplitter:
    """The splitter named "content": the scheme's titles and labels, and the forms of customer number."""

    name: str = "content"

    def __init__(self, scheme: Scheme, numbers: INumberScheme) -> None:
        """Prepare the titles and labels of the scheme."""
        self._titles = tuple(dict.fromkeys(title for kind in scheme.kinds for title in kind.titles))
        self._title_signs = Titles(self._titles)
        signs = scheme.signs
        groups = ((*signs.number, *signs.contract_no), (*signs.name, *signs.old_name, *signs.new_name), signs.address)
        self._labels = tuple(LabelFinder(label for label in group if len(label) > 1) for group in groups)
        self._numbers = numbers

    def beginnings(self, pages: tuple[PageText, ...]) -> tuple[Beginning, ...]:
        """Return how sure it is that a record begins there, for each page after the first that is not blank, in page order."""
        return tuple(self._beginnings(pages))

    def _beginnings(self, pages: Sequence[PageText]) -> Iterator[Beginning]:
        written = [page for page in pages if not page.is_blank]
        if len(written) < 2:  # nothing to cut: most scans are one page
            return
        known: frozenset[str] = frozenset()
        for index, page in enumerate(written):
            sheet = sheets_of(RecordText((page,)))[0]
            own = self._numbers_of(page)
            if index:
                confidence = _logistic(self._score(sheet, own, known))
                yield Beginning(page.page_number, confidence)
                known = own if confidence >= 0.5 else known | own
            else:
                known = own

    def _score(self, sheet: Sheet, own: frozenset[str], known: frozenset[str]) -> float:
        score = _CONSTANT + self._title(sheet) + self._of_labels(sheet)
        count, opens = _page_count(sheet), _opens_like_the_middle(sheet)
        is_same = bool(own & known)
        if own and known:
            score += _SAME_NUMBER if is_same else _OTHER_NUMBER
        if not (opens or is_same or count < 0 or any(_CLAUSE.match(simplified(row.text)) for row in sheet.rows)):
            score += _NO_TIE_OF_MUCH if len(sheet.page.text) >= _MUCH_SIGNS else _NO_TIE
        return score + count + (_GOES_ON if opens else 0.0)

    def _title(self, sheet: Sheet) -> float:
        cue = title_cue(self._titles, self._title_signs.places_of(title_places(sheet)))
        strength = cue.strength if cue else 0.0
        if strength >= _TITLE_FROM:
            return _TITLE
        if strength >= _HALF_TITLE_FROM:
            return _HALF_TITLE
        return _HEADING if any(_is_large(row, sheet) for row in sheet.rows[:_HEADING_ROWS]) else _NO_HEADING

    def _of_labels(self, sheet: Sheet) -> float:
        sorts = sum(any(finder.hits(row) for row in sheet.rows) for finder in self._labels)
        return sorts * _OWN_LABELS if sorts else _NO_LABELS

    def _numbers_of(self, page: PageText) -> frozenset[str]:
        """Return the customer numbers that stand on the page under a label or in a barcode, valid and surely read."""
        candidates = self._numbers.candidates(RecordText((page,)))
        return frozenset(c.number for c in candidates if c.labelled and c.is_valid and c.surely_read)


def _page_count(sheet: Sheet) -> float:
    count = page_count_of(row.text for row in sheet.rows)
    if count is None:
        return 0.0
    return _COUNT if count.page == 1 else -_COUNT


def _is_large(row: Row, sheet: Sheet) -> bool:
    letters = sum(sign.isalpha() for sign in row.text)
    return 4 <= letters <= 30 and row.height >= _HEADING_HEIGHTS * sheet.row_height


def _opens_like_the_middle(sheet: Sheet) -> bool:
    """Return whether one of the first rows is a clause, an annex, a continuation or the place where a contract is signed."""
    return any(
        pattern.match(simplified(row.text))
        for row in sheet.rows[:_OPENING_ROWS]
        for pattern in (_CLAUSE, _ANNEX, _SIGNED)
    )


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
