"""Finds what may be the customer's name under a label that no list has, or grown together with it: 受热人付杰海.

Not for saying that it is one: names look like any other word. `metadata.identify_absent` takes one that is, sign by sign, the name
of the customer whose address the page gives, and forgets the others. What stands under a known label is never offered: the
technician's name is the technician's. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.found import Form, Found
from classifiers.layout import Sheet, Span
from classifiers.reach import after
from classifiers.readers import name_after
from classifiers.strange_labels import strange_places
from ingest.normalise import HAN

SURENESS = 0.85
"""Just what counts as surely read, where its words were: that it is a name, only the register can say."""

_MOST = 24
_HAN_ONLY = re.compile(rf"[{HAN}]{{2,12}}")
_BARE = " :：\t"


def loose_names(form: Form) -> tuple[Found, ...]:
    """Return what may be names, from the top of the first page: values of strange labels, then cells of Han signs alone."""
    found: dict[str, Found] = {}
    for sheet in form.sheets:
        for one in (*_under_strange_labels(form, sheet), *_cells_of_han(form, sheet)):
            found.setdefault(str(one.value), one)
    return tuple(found.values())[:_MOST]


def _under_strange_labels(form: Form, sheet: Sheet) -> Iterator[Found]:
    for place in strange_places(form, sheet):
        name = name_after(after(place), place.hit.has_colon)
        if name is not None:
            yield Found(name.value, name.spans, min(SURENESS, name.sureness))


def _cells_of_han(form: Form, sheet: Sheet) -> Iterator[Found]:
    """Yield cells that are a name and nothing else, or label and name grown together; not what a known label stands before."""
    for row in sheet.rows:
        known = form.hits(row)
        before = 0
        for start, end in row.cells():
            text = row.text[start:end].strip(_BARE)
            if _HAN_ONLY.fullmatch(text) and not any(hit.start < end and before < hit.end for hit in known):
                yield Found(text, (Span(row, start, end),), SURENESS)
            before = start
