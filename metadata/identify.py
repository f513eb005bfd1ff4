"""Who the customer of a record is: the table of the archive policy, one pure decision over candidates, signs and register.

1. What a person or a sheet gave is kept, whatever the check says, and flagged where nothing confirms it.
2. A form with two customers wants both: `identify_transfer`.
3. Numbers on the page decide, with address, contract, meter and name: `identify_number`.
4. Without a number, name and address together: `identify_absent`.
5. A record of several pages is held where one of them is another's: `identify_pages`.
6. Everything else is held. A record filed under the wrong customer is the worst thing this software can do; asking a person is
   cheap beside it.

The worst case left open on purpose: a paper on which the label and the number can both not be seen is taken for one without
a number.
"""

from __future__ import annotations

from zope.interface import implementer

from classifiers.interfaces import INumberScheme
from classifiers.scheme import Scheme
from classifiers.values import CustomerSigns, Fact, NumberCandidate
from metadata.believed import believed, confirmed
from metadata.decided import kept_as_given, nobody
from metadata.identify_absent import by_name_and_address
from metadata.identify_number import NumberTable
from metadata.identify_pages import on_every_page
from metadata.identify_transfer import TransferTable
from metadata.interfaces import IIdentifier, IRegister
from metadata.rivals import with_rivals
from metadata.values import Identification, Reason, ReasonCode

_ONLY_WANTED = frozenset(
    {ReasonCode.NO_CUSTOMER, ReasonCode.NAME_ALONE, ReasonCode.NAME_SHARED, ReasonCode.ADDRESS_ALONE}
)
"""Reasons that say no more than that no customer was found; they hold nothing where none is needed."""


@implementer(IIdentifier)
class Identifier:
    """Asks the register, and nothing else."""

    def __init__(self, register: IRegister, numbers: INumberScheme, scheme: Scheme) -> None:
        self._register = register
        self._numbers = numbers
        self._scheme = scheme
        self._table = NumberTable(register, numbers)

    def identify(
        self, kind: str | None, numbers: tuple[NumberCandidate, ...], signs: CustomerSigns, given: tuple[str, ...]
    ) -> Identification:
        """Return the customer, or the reasons why a person must decide; a wrong customer is never guessed.

        `customer` is the new one where there are two. For a kind that needs none, () without a reason where none was found.
        """
        if given:
            return self._given(given)
        wanted = self._scheme.kind(kind)
        if wanted is not None and wanted.two_customers:
            found = TransferTable(self._table).decide(numbers, signs)
        else:
            decided = self._table.decide(numbers, signs)
            found = decided if decided is not None else by_name_and_address(signs, numbers, self._register)
        needs_none = wanted is not None and not wanted.needs_customer
        if needs_none and any(reason.code in _ONLY_WANTED for reason in found.reasons):
            return nobody()
        return with_rivals(found, signs, self._register)

    def on_every_page(
        self, found: Identification, numbers: tuple[NumberCandidate, ...], pages: tuple[CustomerSigns, ...]
    ) -> Identification:
        """Return what was found, or held where one of the record's pages, by what it says itself, is another customer's."""
        return on_every_page(found, numbers, pages, self._register)

    def believed(
        self, kind: str | None, facts: tuple[Fact, ...], signs: CustomerSigns, found: Identification
    ) -> tuple[Fact, ...]:
        """Return the facts without those that the register shows to be misread, with signs that it confirms; as they are without a customer."""
        wanted = self._scheme.kind(kind)
        types = {spec.name: spec.type for spec in wanted.fields} if wanted else {}
        customer = found.customer

        def elsewhere(address: str) -> bool:
            at_it = self._register.by_address(address)
            return bool(at_it) and all(customer is None or other.number != customer.number for other in at_it)

        return confirmed(believed(facts, customer, types, elsewhere), signs, customer, types, elsewhere)

    def _given(self, given: tuple[str, ...]) -> Identification:
        numbers = tuple(dict.fromkeys(self._numbers.normal(text) or text.strip() for text in given))
        unchecked = [
            number
            for number in numbers
            if not self._numbers.is_valid(number) or self._register.by_number(number) is None
        ]
        notes = [Reason(ReasonCode.GIVEN_NUMBER_UNCHECKED, {"number": number}) for number in unchecked]
        return kept_as_given(numbers, self._register.by_number(numbers[-1]), notes)
