"""Facts that no single label points to: classes chosen by words, amounts in capitals, sums that prove each other, last dates.

Arithmetic is the best witness a form has: quantity × price = amount, mean = mean of the column, digits = capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from classifiers.amounts import CAPITAL_SIGNS, capitals_in, capitals_of_amount, measures_in
from classifiers.cues import PageWords, title_places
from classifiers.found import Form, Found
from classifiers.labels import EDGES
from classifiers.layout import Row, Span
from classifiers.reach import after, with_next_row
from classifiers.readers import as_printed, whole_code
from classifiers.scheme import FieldSpec
from classifiers.sentences import sentence_above
from classifiers.values import FieldValue
from ingest.normalise import simplified

_ROUNDING = 0.02
_LIKE_CAPITALS = 60.0
_NAMES_ITSELF = re.compile(r"[\u4e00-\u9fff]{2,}")
_USUAL_CODES = tuple(prefix + "1234567890" * 3 for prefix in ("", "A", "AB", "ABC", "AB-", "R")) + tuple(
    prefix + "1234567890"[:length] for prefix in ("", "AB") for length in range(4, 11)
)
"""What customer numbers, telephones and the codes of other papers look like."""

_LOOK_ALIKE_CAPITALS = str.maketrans("侍佬查冬参叁零岑陌什抬拾拐玖致坏捧捌", "仟佰壹叁叁叁零零佰仟拾拾佰玖玖坏捌捌")


@dataclass(frozen=True, slots=True)
class LineItem:
    """A row of a bill in which quantity × price = amount."""

    quantity: Span
    quantity_value: float
    amount: Span
    amount_value: float
    tax: Span | None
    tax_value: float


def line_items(form: Form) -> Iterator[LineItem]:
    """Yield the rows of bills that prove themselves, and the tax where rate × amount = tax stands in the row too."""
    for sheet in form.sheets:
        for row in sheet.rows:
            yield from _items_of(row)


def _items_of(row: Row) -> Iterator[LineItem]:
    numbers = [
        (float(m.group().replace(",", "")), Span(row, m.start(), m.end()))
        for m in re.finditer(r"(?<![\d.,-])\d[\d,]*\.\d{1,8}(?![\d.,%-])", row.text)
    ]
    for index in range(len(numbers) - 2):
        (quantity, first), (price, _), (amount, third) = numbers[index : index + 3]
        if quantity > 0 and price > 0 and abs(quantity * price - amount) <= max(_ROUNDING, 0.00002 * amount):
            rate = re.search(r"(\d{1,2})\s?%", row.text)
            tax = next(
                (
                    (span, value)
                    for value, span in numbers[index + 3 :]
                    if rate and abs(amount * int(rate[1]) / 100 - value) <= _ROUNDING
                ),
                None,
            )
            yield LineItem(first, quantity, third, amount, tax[0] if tax else None, tax[1] if tax else 0.0)


def class_of(form: Form, spec: FieldSpec, words: PageWords) -> Found | None:
    """Return the first class one of whose words stands beside the field's labels, else in a title, else anywhere on the page.

    Of words joined by & one in a title is enough, where the others stand anywhere.
    """
    for _, place in form.at(spec.labels):
        reach = sentence_above(place, form.hits) or with_next_row(place, form.hits)
        local = PageWords(()) if not reach.spans else PageWords.of_spans(reach.spans)
        found = _class_in(spec, local)
        if found is not None:
            return found
    titles = PageWords.of_spans(place.span for sheet in form.sheets[:1] for place in title_places(sheet))
    return _class_of_both(spec, titles, words) or _class_in(spec, titles) or _class_in(spec, words)


def _class_of_both(spec: FieldSpec, titles: PageWords, words: PageWords) -> Found | None:
    """Return the class of a page that shows two things of which a title names one: an identity card, and below it a deed."""
    for choice in spec.choices:
        for word in choice.words:
            parts = re.split(r"\s*&\s*", word)
            if len(parts) > 1 and any(titles.find(part) for part in parts):
                found = _class_in(replace(spec, choices=(replace(choice, words=(word,)),)), words)
                if found is not None:
                    return found
    return None


def _class_in(spec: FieldSpec, words: PageWords) -> Found | None:
    for choice in spec.choices:
        for word in choice.words:
            cues = [words.find(part) for part in re.split(r"\s*&\s*", word)]
            spans = tuple(cue.span for cue in cues if cue is not None)
            if spans and len(spans) == len(cues):
                exact = all(cue is not None and cue.likeness == 1.0 for cue in cues)
                return Found(choice.value, spans[:1], 0.95 if exact else 0.85)
    return None


def capitals(form: Form, spec: FieldSpec, amount: float | None) -> Found | None:
    """Return the amount in capitals after its label: read whole and equal to the digits, or so like their writing that it is them."""
    best: Found | None = None
    for _, place in form.at(spec.labels):
        reach = after(place)
        text = re.sub(r"[\s|]", "", reach.text)
        for written, value, _, _ in capitals_in(text):
            if amount is None or abs(value - amount) < _ROUNDING / 2:
                at = reach.text.find(written[0])
                spans = reach.back(max(at, 0), len(reach.text))
                return Found(written, spans, 0.97 if amount is not None else 0.80)
            return None
        if amount is None:
            continue
        wanted = capitals_of_amount(amount)
        signs = "".join(s for s in text.translate(_LOOK_ALIKE_CAPITALS) if s in CAPITAL_SIGNS)
        if fuzz.ratio(wanted, signs) >= _LIKE_CAPITALS:
            best = best or Found(wanted, reach.back(0, len(reach.text)), 0.85)
    return best


def capitals_contradict(form: Form, labels: Sequence[str], amount: float) -> bool:
    """Return whether an amount in capitals was read whole after one of these labels, and all of those are other amounts."""
    read = [
        value for _, place in form.at(labels) for _, value, _, _ in capitals_in(re.sub(r"[\s|]", "", after(place).text))
    ]
    return bool(read) and all(abs(value - amount) >= _ROUNDING / 2 for value in read)


def last_date(form: Form, taken: Collection[FieldValue] = ()) -> Found | None:
    """Return the date that closes the record where no label gives one: the only one in the lower part of its last pages.

    One of `taken` is the date of something else.
    """
    low = [place for place in form.dates if place.row_index >= 0.45 * len(place.sheet.rows) and place.row_index > 1]
    values = {place.value for place in low}
    if len(values) != 1 or any(value in taken for value in values):
        return None
    place = max(low, key=lambda p: p.span.confidence)
    sureness = 0.90 if place.is_clean else 0.75
    return Found(place.value, (place.span,), min(0.97, sureness + 0.07 * (len(low) - 1)))


def code_anywhere(form: Form, spec: FieldSpec) -> Found | None:
    """Return the only code on the record that fits a pattern which names itself (…不动产权第[0-9]{7}号), wherever it stands."""
    if not _NAMES_ITSELF.search(re.sub(r"\[[^\]]*\]", "", spec.pattern)) and not _is_of_its_own(spec.pattern):
        return None
    found: dict[str, Found] = {}
    for sheet in form.sheets:
        for row in sheet.rows:
            signs = [(index, sign) for index, sign in enumerate(row.text) if not sign.isspace() and sign not in EDGES]
            plain = "".join(sign for _, sign in signs)
            for match in re.finditer(whole_code(spec.pattern), simplified(plain)):
                span = Span(row, signs[match.start()][0], signs[match.end() - 1][0] + 1)
                found.setdefault(match.group(), Found(as_printed(plain[match.start() : match.end()]), (span,), 0.88))
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=256)
def _is_of_its_own(pattern: str) -> bool:
    """Return whether codes of this pattern are like no others: DN25, 2021-2022, but not a number of eight digits."""
    return not any(re.search(pattern, code) for code in _USUAL_CODES)


def plain_areas(form: Form) -> Iterator[tuple[float, Span]]:
    """Yield every number that stands before a unit of area, anywhere."""
    for sheet in form.sheets:
        for row in sheet.rows:
            for number in measures_in(row.text):
                if re.match(r"\s?(?:平方米|㎡|m²|m2|M2)", row.text[number.end :]):
                    yield number.value, Span(row, number.start, number.end)
