"""The promises of the second floor: the scheme is data, and everything said about a record carries its evidence."""

from __future__ import annotations

from zope.interface import Attribute, Interface

from classifiers.values import (
    Beginning,
    Classification,
    CustomerSigns,
    Example,
    Fact,
    NumberCandidate,
    Reading,
    RecordText,
    RereadRequest,
    TaughtLabel,
    TaughtLabels,
)
from ingest.message import GuidangError
from ingest.values import PageText


class SchemeWrong(GuidangError):
    """The scheme or the number forms of the configuration are wrong; says which key and what to write instead."""


class IClassifier(Interface):
    """Says which kind of the scheme a record is."""

    name: str = Attribute("as in the configuration")

    def classify(record: RecordText) -> Classification:
        """Return the kind with an honest confidence and its evidence; never raises for any text."""


class IJoinedClassifier(IClassifier):
    """A classifier that joins several voices, and can let each be heard."""

    def voices(record: RecordText) -> tuple[Classification, ...]:
        """Return what each voice would have answered alone."""


class ISplitter(Interface):
    """Says where in a stack without separator sheets a new record begins."""

    name: str = Attribute("as in the configuration")

    def beginnings(pages: tuple[PageText, ...]) -> tuple[Beginning, ...]:
        """Return how sure it is that a record begins there, for each page after the first that is not blank, in page order."""


class IExamples(Interface):
    """What persons have said of kinds, for whoever learns from it. Everything ever said stays; of one record the last word counts."""

    def since(cursor: int) -> tuple[int, tuple[Example, ...]]:
        """Return examples given after this cursor (0 = from the first), oldest first, and the cursor to ask with next.

        At most a few hundred at once: there are no more when the cursor comes back unchanged.
        """


class ITaughtLabels(Interface):
    """The labels of facts that persons taught by confirming and correcting records."""

    def current() -> TaughtLabels:
        """Return those that count now, decisions of the last second included."""

    def lessons() -> tuple[TaughtLabel, ...]:
        """Return every label that a kind's own records say something of, those that do not count included."""


class IModelShelf(Interface):
    """The versions of what was learned, of which one at most is in use."""

    def stamp() -> str | None:
        """Return something that changes whenever another version is in use; None while none is."""

    def content() -> bytes | None:
        """Return the file of the version in use; None where there is none to be read."""


class INumberScheme(Interface):
    """The forms of customer number that this company uses, and their checks. Pure."""

    def normal(text: str) -> str | None:
        """Return the number that this text is as a whole (blanks, hyphens, prefix removed), check ignored; None if no form fits."""

    def is_valid(number: str) -> bool:
        """Return whether a normalised number fits a form and passes that form's check."""

    def is_checked(number: str) -> bool:
        """Return whether a normalised number is of a form that has a check, so that a misread sign shows."""

    def form_of(number: str) -> str | None:
        """Return the name of the form that a normalised number fits, check ignored; None if none does."""

    def candidates(
        record: RecordText, rereads: tuple[tuple[RereadRequest, Reading], ...] = ()
    ) -> tuple[NumberCandidate, ...]:
        """Return everything on the record that may be a customer number, most likely first.

        Numbers that stand under another utility's, a telephone's, identity, contract, meter, invoice or bank label are left out.
        """

    def rereads(record: RecordText) -> tuple[RereadRequest, ...]:
        """Return the places where a second, number-only look would decide something; () where all is surely read."""


class IExtractor(Interface):
    """Finds the facts of a kind and what the page says of its customer."""

    name: str = Attribute("as in the configuration")

    def facts(record: RecordText, kind: str) -> tuple[Fact, ...]:
        """Return the facts of the kind's fields, at most one a field; left out rather than guessed."""

    def signs(record: RecordText, kind: str | None) -> CustomerSigns:
        """Return what the page says of the customer besides the number."""
