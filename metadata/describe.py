"""Says what a record is: its category, title, date, summary and retention, from what was found and given. Pure.

Not for finding anything (`classifiers`), nor for tags that follow from other values: the archive's own words make those where a
record is filed (`connector.store_words`), so that they are made in one place. It exists so that everything derived is
derived here, in one go, whenever something changes: describing a description again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from zope.interface import implementer

from classifiers.scheme import Kind, Names, Scheme
from classifiers.values import Fact
from metadata import retention as periods
from metadata.interfaces import IDescriber
from metadata.summary import one_line, shortened, summary_of
from metadata.values import Description

MAX_TITLE_SIGNS = 127
"""paperless refuses 128 on a change and cuts them silently on upload."""

MAX_KIND_SIGNS = 48
"""Leaves room for two numbers and a date, so that only a name is ever cut."""

LEAST_NAME_SIGNS = 6
"""A name cut shorter than that says nothing: it is left out."""

APART = " · "
OLD_TO_NEW = " → "
UNCLASSIFIED = Names("未分类", "Unclassified")

EARLIEST_PAPER = date(1950, 1, 1)
"""Before there was district heating in the country: such a date is misread."""

DATED_AHEAD = timedelta(days=1)
"""A server may keep another time zone than the office; a paper dated later than this was not written when it was scanned."""


@implementer(IDescriber)
class Describer:
    """`IDescriber` by the scheme; `language` ("zh", "en") is the archive's."""

    def __init__(self, scheme: Scheme, language: str) -> None:
        self._scheme = scheme
        self._language = language

    def describe(self, description: Description, kept: frozenset[str] = frozenset()) -> Description:
        """Return the description with every derived value not in `kept` computed anew; a second time changes nothing.

        A record of a kind that the scheme does not know any more keeps the category, summary and retention it had.
        """
        kind = self._scheme.kind(description.kind)
        found = description
        if kind is not None:
            found = _but(
                found,
                kept,
                category=kind.category,
                retention=kind.retention.value,
                record_date=_date_of_paper(description, kind),
                summary=summary_of(description.facts, kind, self._scheme, self._language),
            )
        elif description.kind is None:
            found = _but(found, kept, category=None, retention=None, record_date=None, summary="")
        formed = found.record_date or received_on(found)
        return _but(
            replace(found, tags=tuple(dict.fromkeys(tag.strip() for tag in found.tags if tag.strip()))),
            kept,
            title=self._title(found, kind),
            appraisal_date=self._ends(found.retention, formed),
        )

    def appraisal_date(self, retention: str, formed: date) -> date | None:
        """Return when the retention period ends, None for ever. Raises KeyError for no period."""
        return periods.appraisal_date(retention, formed)

    def _ends(self, retention: str | None, formed: date) -> date | None:
        """Return the same for a period that may be none of ours, because a person gave it: that never ends by itself."""
        return self.appraisal_date(retention, formed) if retention is not None and retention in periods.YEARS else None

    def _title(self, said: Description, kind: Kind | None) -> str:
        """Return kind · customer's name · number · date, so that the plain search box of the DMS finds a record by each.

        A record without a customer bears the name of its file instead: the clerk knows that one. A long name is cut, never a number.
        """
        kind_name = kind.names.in_language(self._language) if kind else said.kind
        kind_name = shortened(one_line(kind_name or UNCLASSIFIED.in_language(self._language)), MAX_KIND_SIGNS)
        numbers = one_line(OLD_TO_NEW.join(said.identification.numbers))
        customer = said.identification.customer
        name = one_line(customer.name) if customer else ""
        if not numbers and not name:
            name = one_line(said.original_name)
        dated = said.record_date.isoformat() if said.record_date else ""
        room = MAX_TITLE_SIGNS - len(_joined(kind_name, numbers, dated)) - len(APART)
        name = shortened(name, room) if room >= min(len(name), LEAST_NAME_SIGNS) and name else ""
        return shortened(_joined(kind_name, name, numbers, dated), MAX_TITLE_SIGNS)


def _but(description: Description, kept: frozenset[str], **derived: Any) -> Description:
    """Return the description with these values, but those that a person gave."""
    return replace(description, **{name: value for name, value in derived.items() if name not in kept})


def received_on(description: Description) -> date:
    """Return the day on which the scan arrived, on this machine's calendar."""
    return description.received_at.astimezone().date()


def _joined(*parts: str) -> str:
    return APART.join(part for part in parts if part)


def _date_of_paper(description: Description, kind: Kind) -> date | None:
    """Return the first sensible date that the record bears; a date that a person gave is sensible whatever it is."""
    latest = received_on(description) + DATED_AHEAD
    for fact in _dates_of_paper(description, kind):
        if isinstance(fact.value, date) and (fact.evidence is None or EARLIEST_PAPER <= fact.value <= latest):
            return fact.value
    return None


def _dates_of_paper(description: Description, kind: Kind) -> Iterator[Fact]:
    for spec in kind.fields:
        if spec.date_of_paper:
            yield from (fact for fact in description.facts if fact.name == spec.name)
