"""Builds reference codes (档号) from the configured pattern, such as `{category}-{year}-{kind}-{number:05}`. Pure.

Not for taking numbers (`metadata.reference_series`). DA/T 13: levels are joined by `-`, parts of a level by `·`. The
running number is the whole last level or part, so that no two (prefix, number) ever give the same code: the last `-` or
`·` of a code is always the one before the number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter

from zope.interface import implementer

from ingest.message import N_, Message
from metadata.interfaces import IReferenceScheme, ReferencePatternWrong
from metadata.values import Description

ABSENT = "0"
"""Stands in a code for what a record does not have."""

LONGEST = 24
"""Signs of one value; a code must fit on a box label and into the store's fields."""

FIELDS: Mapping[str, Callable[[Description], str | None]] = {
    "category": lambda description: description.category,
    "kind": lambda description: description.kind,
    "year": lambda description: f"{(description.record_date or description.received_at.astimezone().date()).year:04}",
    "retention": lambda description: description.retention,
    "department": lambda description: description.department,
    "customer": lambda description: next(iter(description.identification.numbers), None),
}
"""What a pattern may name besides the number. The year is the paper's, or that of its arrival if it bears no date."""

_NUMBER = re.compile(r"\{number(?::0(?P<digits>[1-9]))?\}")
_FIXED = re.compile(r"[\w·-]*")
_UNFIT = re.compile(r"[^\w]+")


@implementer(IReferenceScheme)
class ReferenceScheme:
    """One pattern, checked. The running number is given as many digits as the pattern says, more when it outgrows them."""

    def __init__(self, pattern: str) -> None:
        """Check the pattern; raises ReferencePatternWrong."""
        self.pattern = pattern
        number = _NUMBER.search(pattern)
        if number is None or number.end() != len(pattern):
            raise _wrong(pattern, N_("It must end with the running number, such as {{number:05}}."))
        self._before = pattern[: number.start()]
        self._digits = int(number["digits"] or 1)
        if not self._before.endswith(("-", "·")):
            raise _wrong(pattern, N_("Put “-” or “·” before the running number."))
        self._fields = _fields(pattern, self._before)

    def prefix(self, description: Description) -> str:
        """Return the part of the code before the running number; one series of numbers a prefix."""
        values = {name: _fit(FIELDS[name](description)) for name in self._fields}
        return self._before.format_map(values)

    def code(self, prefix: str, number: int) -> str:
        """Return the whole code."""
        return f"{prefix}{number:0{self._digits}}"


def _fields(pattern: str, before: str) -> tuple[str, ...]:
    try:
        parsed = list(Formatter().parse(before))
    except ValueError as error:
        raise _wrong(pattern, N_("Its braces do not match.")) from error
    names = []
    for fixed, name, spec, conversion in parsed:
        if not _FIXED.fullmatch(fixed):
            raise _wrong(pattern, N_("Between the names only letters, digits, “_”, “-” and “·” may stand."))
        if name is None:
            continue
        if name not in FIELDS or spec or conversion:
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise _wrong(pattern, N_("It may name {known}, each without anything after the name."), known=known)
        names.append(name)
    return tuple(names)


def _fit(value: str | None) -> str:
    """Return the value without what would make levels or parts of its own, or cannot stand in a file name."""
    return _UNFIT.sub("_", value or "")[:LONGEST].strip("_") or ABSENT


def _wrong(pattern: str, remedy: str, **facts: str) -> ReferencePatternWrong:
    return ReferencePatternWrong(
        Message(N_("The pattern of reference codes “{pattern}” cannot be used."), {"pattern": pattern}),
        Message(remedy, facts),
    )
