"""Names of organisations that go on in the next row: 东州市宏运餐饮有限公司 / 第二分公司, …支行(四) / 部.

Only what ends such names is taken for the rest of one; a person's name is never continued. A name cut off would be another
customer's, for branches of one company are customers of their own.
"""

from __future__ import annotations

import re

from classifiers.found import Found
from classifiers.labels import Labelled
from classifiers.layout import Row, Span
from ingest.normalise import simplified

_LEAST_ORGANISATION = 6  # signs; persons' names are shorter
_NEXT_ROWS = 2.6  # of the row's height
_ENDS = re.compile(
    r"[(（〔][\w一-鿿]{1,6}[)）〕]\w{0,4}|第?\w{0,4}(?:分公司|支公司|分店|门店|支行|分行|分校|分院|营业部|经营部)"
    r"|(?:有?限?责?任?公)?司|部|店|厂|处|所|站|社|中心|行"
)


def continued(found: Found, place: Labelled) -> Found:
    """Return the name with its rest from one of the next two rows; as it is where none stands there."""
    value = str(found.value)
    if len(value) < _LEAST_ORGANISATION or not found.spans:
        return found
    last = found.spans[-1]
    first = found.spans[0]
    lefts = first.row.lefts[first.start], place.row.lefts[place.hit.start]
    index = next((i for i, row in enumerate(place.sheet.rows) if row is last.row), None)
    rows = place.sheet.rows[index + 1 : index + 3] if index is not None else ()
    for row in rows:
        if row.top - last.row.top > _NEXT_ROWS * last.row.height:
            break
        rest = _rest(row, lefts)
        if rest is not None:
            return Found(value + rest.text.strip(), (*found.spans, rest), found.sureness, found.is_box)
    return found


def _rest(row: Row, lefts: tuple[float, ...]) -> Span | None:
    """Return the cell that can only be the end of a name: right below the name or its label, or alone in its row."""
    cells = row.cells()
    for start, end in cells:
        near = any(abs(row.lefts[start] - left) <= row.height for left in lefts)
        if (near or len(cells) == 1) and _ENDS.fullmatch(simplified(row.text[start:end].strip())):
            return Span(row, start, end)
    return None
