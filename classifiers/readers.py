"""Reads a value of each type where a label points: a date, an amount, an area, a code, a name, an address, a ticked choice.

Each reader takes the form, the field and one place of one of its labels, and returns what stands there or None. What may be
cut off, or may have lost a sign, is not returned: left out rather than guessed. Which place wins is decided in `fields`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from classifiers.amounts import amounts_in, measures_in, temperatures_in
from classifiers.boxes import options_in, ticked
from classifiers.dates import dates_in
from classifiers.found import Form, Found
from classifiers.labels import EDGES, Labelled
from classifiers.layout import Row
from classifiers.reach import Reach, after, column, has_gap, widest_gap, with_next_row
from classifiers.scheme import FieldSpec, FieldType
from classifiers.sentences import sentence_above, sentence_after
from classifiers.wrapped_name import continued
from ingest.normalise import HAN, is_han, simplified, without_han_blanks


@dataclass(frozen=True, slots=True)
class Look:
    """Where to look for what: the form, the field, one place of one of its labels, and that label's cell if it has several rows."""

    form: Form
    spec: FieldSpec
    place: Labelled
    cell: Reach | None = None

    @property
    def after(self) -> Reach:
        """Return what stands after the label in its row; all rows of its cell where it has several."""
        return self.cell or after(self.place)

    @property
    def on(self) -> Reach:
        """Return the same, going on into the next row where it may."""
        return self.cell or with_next_row(self.place, self.form.hits)


Reader = Callable[[Look], Found | None]


_ROW_OF_A_BILL = 3  # so many numbers after a label without a colon are a row of a bill
_NEAR = 14  # signs between a label and its value at most
_LOST_SIGN_GAP = 0.80  # a wider space inside an address or name, in heights of its row, is a lost sign
_NEXT_CELL = 2.5  # heights of the row between a name and what is no part of it
_LEAST_AREA, _MOST_AREA = 5.0, 3_000_000.0
_ROOM = (-10.0, 45.0)
_LONGEST_PERSON = 4
_ORGANISATION = re.compile(r"(?:公司|集团|[店厂部处所社院校局站行会馆队园]|中心|大学|中学|小学|超市|单位|律师)$")
_LOST_NUMBER = re.compile(r"[楼栋幢座](?:单元|号|室)|单元室|H(?:单元|\d)|\dH")
"""11号楼单元603室: a number was lost. 9号楼H单元, 1H08室: handwritten, 4 is read as H; buildings are called A, B, C, and seldom so far."""

_LETTER_FOR_DIGIT = re.compile(r"[0-9][HIOSBZ]{1,2}(?:[0-9]|$)|-H+[0-9]")
"""2019-822H0: a letter like a digit among digits is mostly that digit, written by hand."""

_WIDE_BRACKETS = str.maketrans("()", "（）")
_LEAST_READINGS = 2
_WIDEST_SPREAD = 15.0  # rooms of one flat differ by less; 41.0 among 15s was 17.0
_CUT = re.compile(r"[,，。;；!！?？]")
_NO_NAMES = frozenset((
    "信息", "资料", "情况", "基本信息", "基本情况", "须知", "意见", "声明", "反映", "签字", "签名", "签章", "签收", "盖章", "公章", "确认",
    "姓名", "名称", "性质", "类型", "编号", "地址", "电话",
))  # fmt: skip
"""What headings have after the word for a person, and is nobody: 查阅人信息 heads the lines about 查阅人."""

_CUT_ADDRESS = re.compile(r"(?:楼|栋|幢)\d{1,2}$|单元$")
"""Where a row ends in such a way, 单元 or the room stood in another."""

_TRAILING = "，,。.、;；:：|丨_-~“”\"'‘’`·\\/<>^*+=()（）[]【】 \t"


def read_date(look: Look) -> Found | None:
    """Return the first date after the label; one that is seen again elsewhere is surer."""
    below = () if re.search(r"\w", look.after.text) else column(look.place, _never)[:1]
    for reach in (look.after, Reach(below), look.on):
        found = next((f for f in dates_in(reach.text) if f.start <= _NEAR), None)
        if found is None:
            continue
        sureness = 0.95 if found.is_clean else 0.80
        text = reach.text[found.start : found.end]
        if re.search(r"[.\-]\d$", text) and re.search(r"[.\-]\d\d[.\-]", text):
            sureness -= 0.15  # 2022.10.2 may be 2022.10.27 cut short
        if look.form.times_seen(found.value) > 1:
            sureness = min(0.99, sureness + 0.15)
        return Found(found.value, reach.back(found.start, found.end), sureness)
    return None


def read_amount(look: Look) -> Found | None:
    """Return the first whole amount after the label, or the one below it in a table."""
    reach = look.on
    same_row = len(look.after.text)
    if not look.place.hit.has_colon and len(list(amounts_in(look.after.text))) >= _ROW_OF_A_BILL:
        return None  # quantity, price, amount: which is which, only `sums` can tell
    for number in amounts_in(reach.text):
        if number.start > _NEAR:
            break
        if number.is_marked and not (number.start >= same_row and re.search(r"\w", reach.text[:same_row])):
            return Found(number.value, reach.back(number.start, number.end), 0.93)
        break
    for cell in column(look.place, _never)[:1]:
        for number in amounts_in(cell.text):
            if number.is_marked:
                return Found(number.value, Reach((cell,)).back(number.start, number.end), 0.80)
    return None


def read_area(look: Look) -> Found | None:
    """Return the first number after the label that shows itself whole, or the one below it in a table."""
    reach = look.after
    for number in measures_in(reach.text):
        if number.start > 6:
            break
        if number.is_marked and _LEAST_AREA <= number.value <= _MOST_AREA:
            return Found(number.value, reach.back(number.start, number.end), 0.93)
        break
    for cell in column(look.place, lambda row: bool(look.form.hits(row) and look.form.hits(row)[0].start == 0))[:1]:
        for number in measures_in(cell.text):
            if re.search(r"\.\d\d$", cell.text[number.start : number.end]) and number.value >= _LEAST_AREA:
                return Found(number.value, Reach((cell,)).back(number.start, number.end), 0.85)
    return None


def read_temperature(look: Look) -> Found | None:
    """Return the first temperature of a room after the label."""
    reach = look.after
    for number in temperatures_in(reach.text):
        if number.start > 6:
            break
        value = -number.value if number.start == 0 and _has_minus(look.place) else number.value
        if _ROOM[0] <= value <= _ROOM[1]:
            return Found(value, reach.back(number.start, number.end), 0.92 if number.is_marked else 0.75)
    return None


def _has_minus(place: Labelled) -> bool:
    """Return whether a minus stands right before the value: what parts a label from its value is skipped, and may be one."""
    between = place.row.text[place.hit.end : place.hit.value_start]
    return place.hit.has_colon and between.endswith("-")


def read_temperatures(look: Look) -> Found | None:
    """Return the column of temperatures under the label, one a row, until a row without one; two rows at least."""
    cells = column(look.place, lambda row: _ends_table(look.form, row))
    values: list[float] = []
    reach: list[Found] = []
    for cell in cells:
        found = next((n for n in temperatures_in(cell.text) if n.is_marked), None)
        if found is None or not _ROOM[0] <= found.value <= _ROOM[1]:
            return None
        values.append(found.value)
        reach.append(Found(found.value, Reach((cell,)).back(found.start, found.end), 0.9))
    if len(values) < _LEAST_READINGS or max(values) - min(values) > _WIDEST_SPREAD:
        return None
    return Found(tuple(values), tuple(span for found in reach for span in found.spans), 0.75)


def _ends_table(form: Form, row: Row) -> bool:
    return not re.search(r"\d", row.text) or any(hit.start <= 2 for hit in form.hits(row))


def _never(_: Row) -> bool:
    return False


def read_code(look: Look) -> Found | None:
    """Return what fits the field's pattern right after the label, blanks inside taken out."""
    for reach in (look.after, look.on):
        signs = [(index, sign) for index, sign in enumerate(reach.text) if not sign.isspace() and sign not in EDGES]
        plain = "".join(sign for _, sign in signs)
        for match in re.finditer(whole_code(look.spec.pattern), simplified(plain)):
            if match.start() > 3 or not match.group():
                break
            start, end = signs[match.start()][0], signs[match.end() - 1][0] + 1
            pieces = len(re.findall(rf"[\s{EDGES}]+", reach.text[start:end]))
            sureness = 0.93 if match.start() == 0 else 0.80
            if _LETTER_FOR_DIGIT.search(match.group()) or re.search(r"[A-Za-z]", plain[: match.start()]):
                sureness -= 0.35
            return Found(
                as_printed(plain[match.start() : match.end()]), reach.back(start, end), sureness - 0.2 * pieces
            )
    return None if re.search(r"\w", look.after.text) else _code_below(look)


def whole_code(pattern: str) -> str:
    """Return the pattern for a code that does not go on at either end: of [0-9]{8}|[0-9]{20} the one that is all of the number."""
    return rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9-])"


def _code_below(look: Look) -> Found | None:
    """Return the cell right below the label in a table's column where the whole of it fits the pattern."""
    for cell in column(look.place, _never)[:1]:
        reach = Reach((cell,))
        if look.spec.pattern and re.fullmatch(look.spec.pattern, simplified(cell.text)):
            return Found(as_printed(cell.text), reach.back(0, len(cell.text)), 0.85)
    return None


def as_printed(text: str) -> str:
    """Return the text with the wide brackets that Chinese print has and folding took: 云（2018）…不动产权第…号."""
    return text.translate(_WIDE_BRACKETS) if any(map(is_han, text)) else text


def read_name(look: Look) -> Found | None:
    """Return the person's or company's name after the label, up to a cell's edge; it must fit the field's pattern."""
    found = name_after(look.after, look.place.hit.has_colon)
    found = continued(found, look.place) if found is not None else None
    if found is None or (look.spec.pattern and not re.fullmatch(look.spec.pattern, simplified(str(found.value)))):
        return None
    hit, value = look.place.hit, str(found.value)
    if (
        look.cell is None
        and hit.value_start == hit.end
        and len(value) > _LONGEST_PERSON
        and not _ORGANISATION.search(simplified(value))
    ):
        return None  # 借阅人应妥善保管档案 is a sentence, 用户名称变更备案表 a title
    return found


def name_after(reach: Reach, has_colon: bool) -> Found | None:
    """Return the name at the beginning of this text; None where it does not look like one."""
    match = re.match(rf"[^\w(（]*(?P<name>[^{EDGES}:：,，。;；]+)", reach.text)
    if match is None:
        return None
    start, end = match.span("name")
    text = match["name"].rstrip(_TRAILING.replace(")", "").replace("）", ""))
    digits = dates_in(text)
    if digits:
        text = text[: digits[0].start].rstrip(_TRAILING)
    end = start + len(text)
    value = without_han_blanks(text.strip())
    if not _is_name(value):
        return None
    spans = reach.back(start, end)
    sureness = 0.93 if has_colon or len(value) <= 4 else 0.88
    rest = reach.text[end:].strip(_TRAILING) if _is_close(reach, end) else ""
    if widest_gap(spans) > _LOST_SIGN_GAP and is_han(value[-1]):
        sureness -= 0.25
    if any(is_han(sign) for sign in rest[:6]) and is_han(value[-1]):
        sureness -= 0.25  # what stands behind an edge may be the rest of the name
    return Found(value, spans, sureness)


def _is_close(reach: Reach, end: int) -> bool:
    """Return whether what stands behind a name is near enough to be the rest of it, and not the next cell of a table."""
    following = re.search(r"\w", reach.text[end:])
    spans = reach.back(end - 1, end), reach.back(end + following.start(), end + following.end()) if following else ()
    if not all(spans):
        return False
    (one, *_), (other, *_) = spans
    return (
        one.row is not other.row
        or other.row.lefts[other.start] - one.row.rights[one.start] <= _NEXT_CELL * one.row.height
    )


def _is_name(value: str) -> bool:
    if simplified(value) in _NO_NAMES:
        return False
    if re.fullmatch(r"[A-Za-z][A-Za-z .,'&-]{2,60}", value):
        return len(value.split()) >= 2
    han = sum(is_han(sign) for sign in value)
    if han < 2 or len(value) > 40:
        return False
    return han >= 0.8 * len(value) and not re.search(r"[□☑√℃¥%*]|\d{3}", value)


def read_address(look: Look) -> Found | None:
    """Return the address after the label, going on below where the row is full; a sign lost inside makes it doubtful."""
    reach = look.on if _is_cut_address(look.after.text) else look.after
    text = reach.text
    start = len(text) - len(text.lstrip(_TRAILING))
    text = _first_cell(text[start:].rstrip(_TRAILING))
    value = plain_address(text)
    if len(value) < 4 or not any(is_han(sign) for sign in value):
        return None
    spans = reach.back(start, start + len(text))
    sureness = 0.92 if re.search(r"\d", value) else 0.5
    if has_gap(text):
        sureness -= 0.35
    if widest_gap(spans) > _LOST_SIGN_GAP:
        sureness -= 0.25
    plain = simplified(value)
    if not re.search(r"(?:室|号|户|层|门市|\d|楼|座|铺|单元)$", plain) or _CUT_ADDRESS.search(plain):
        sureness -= 0.35
    has_strange_signs = re.search(r"[^\w#\-()（）、.·号]|[A-Za-z]{2}|[?_]", value) is not None
    if has_strange_signs or _is_unbalanced(value) or _LOST_NUMBER.search(plain):
        sureness -= 0.35
    return Found(value, spans, sureness)


def _first_cell(text: str) -> str:
    """Return the text up to its first edge where it is a whole address before it: what follows is a label that nobody knows."""
    match = re.match(rf"[^{EDGES}]*\d(?:室|户|号?门市|号?商铺|号?底商)[\s_]*(?=[{EDGES}])", simplified(text))
    return text[: match.end()].rstrip(_TRAILING) if match else text


def plain_address(text: str) -> str:
    """Return an address without blanks and specks, its numbers' look-alikes put right: 1号楼]单元 is 1号楼1单元."""
    value = re.sub(rf"[\s{EDGES}“”\"]", "", text)
    value = re.sub(rf"(?<=[{HAN}])[.,'](?=[{HAN}])", "", value)
    return re.sub(r"(?<=[楼元栋幢座樓棟#\-\d])[\]\[lI!](?=单元|單元|[号號]|[0-9]|$)", "1", value)


def _is_unbalanced(value: str) -> bool:
    """Return whether a bracket stands alone: 7)2室 is a digit misread."""
    return sum(map(value.count, "(（")) != sum(map(value.count, ")）"))


def _is_cut_address(text: str) -> bool:
    return not re.search(r"(?:室|户|层|门市|\d)[\s_]*$", simplified(text))


def read_text(look: Look) -> Found | None:
    """Return the text after the label, beside it in a tall cell, or at the head of the next row, up to the first comma or full stop."""
    hits = look.form.hits
    for reach in (sentence_above(look.place, hits) or look.cell or sentence_after(look.place, hits), look.on):
        text = reach.text
        start = len(text) - len(text.lstrip(_TRAILING))
        for lead in ("用户反映", "反映"):
            if simplified(text).startswith(lead, start):
                start += len(lead)
        piece = _CUT.split(text[start:], maxsplit=1)[0].rstrip(_TRAILING)
        if look.spec.pattern:
            match = re.match(look.spec.pattern, simplified(piece))
            piece = piece[: match.end()] if match else ""
        value = without_han_blanks(piece.replace("\t", " ").strip())
        if len(value) < 2 or not re.search(r"[^\W\d_]{2}", value):
            continue
        spans = reach.back(start, start + len(piece))
        sureness = 0.90
        if has_gap(piece) or (is_han(value[-1]) and widest_gap(spans) > _LOST_SIGN_GAP):
            sureness -= 0.35
        return Found(value, spans, sureness)
    return None


def read_choice(look: Look) -> Found | None:
    """Return the ticked choice after the label, or the one that is written there."""
    first = look.after
    longer = look.on
    missing = len(options_in(first.text, look.spec.choices)) < len(look.spec.choices)
    goes_on = missing and look.place.is_last and len(longer.spans) > len(first.spans)
    reach = first if re.search(r"\w", first.text) else longer
    if (
        goes_on
        and options_in(longer.text[len(first.text) :][:8], look.spec.choices)
        and options_in(first.text, look.spec.choices)
    ):
        reach = longer
    choice = ticked(reach.text, look.spec.choices)
    if choice is None:
        return None
    spans = reach.back(choice.option.start, choice.option.end)
    value: str | bool = choice.option.value
    if look.spec.type is FieldType.BOOL:
        value = value == "true"
    return Found(value, spans, choice.confidence, choice.is_box)


READERS: Mapping[FieldType, Reader] = {
    FieldType.DATE: read_date,
    FieldType.AMOUNT: read_amount,
    FieldType.AREA: read_area,
    FieldType.TEMPERATURE: read_temperature,
    FieldType.TEMPERATURES: read_temperatures,
    FieldType.CODE: read_code,
    FieldType.NAME: read_name,
    FieldType.ADDRESS: read_address,
    FieldType.TEXT: read_text,
    FieldType.CHOICE: read_choice,
    FieldType.BOOL: read_choice,
}
"""AMOUNT_WORDS and CLASS have no single place and are read in `whole_page`."""
