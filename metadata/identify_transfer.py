"""Forms with two customers: the old one's and the new one's number, each by the same table, filed in the order [old, new].

A transfer is filed only when both are sure and nothing says that the account went to somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifiers.values import CustomerSigns, FoundBy, NumberCandidate, NumberRole
from metadata.agreement import Agreement, compare_name
from metadata.decided import filed, held
from metadata.identify_absent import by_name_and_address
from metadata.identify_number import Claim, NumberTable
from metadata.values import Customer, CustomerState, Identification, Reason, ReasonCode
from metadata.weighing import text_of, weigh


@dataclass(frozen=True, slots=True)
class TransferTable:
    """The row of the transfer forms, on top of the rows of one number."""

    table: NumberTable

    def decide(self, numbers: Sequence[NumberCandidate], signs: CustomerSigns) -> Identification:
        """Return [old, new], or held with what is wrong or missing."""
        old_numbers, new_numbers = self._roles(numbers, signs)
        new = self._new(new_numbers, _signs_of_new(signs))
        old = self._old(old_numbers, _signs_of_old(signs), new.customer)
        for side in (old, new):
            if side.reasons and side.reasons[0].code not in _MISSING:
                return side
        if old.customer is None or new.customer is None:
            known = [side.customer for side in (old, new) if side.customer is not None]
            return held(ReasonCode.TRANSFER_INCOMPLETE, customers=known)
        return self._both(old, old.customer, new, new.customer, signs)

    def _both(
        self,
        old: Identification,
        old_one: Customer,
        new: Identification,
        new_one: Customer,
        signs: CustomerSigns,
    ) -> Identification:
        if old_one.number == new_one.number:
            return held(ReasonCode.TRANSFER_INCOMPLETE, customers=(old_one,))
        went_elsewhere = old_one.transferred_to not in ("", new_one.number)
        if went_elsewhere or new_one.state is CustomerState.TRANSFERRED:
            rivals: list[Customer | str] = [old_one, new_one, *([old_one.transferred_to] if went_elsewhere else [])]
            return held(ReasonCode.CUSTOMER_TRANSFERRED, customers=rivals)
        if old_one.transferred_to != new_one.number and not self._is_named(old_one, new_one, signs):
            return held(ReasonCode.TRANSFER_INCOMPLETE, customers=(old_one, new_one))
        worse = min((old, new), key=lambda side: side.confidence)
        return replace(
            new,
            numbers=(old_one.number, new_one.number),
            found_by=worse.found_by,
            confidence=worse.confidence,
            notes=_joined(old.notes, new.notes),
        )

    def _is_named(self, old: Customer, new: Customer, signs: CustomerSigns) -> bool:
        """Return whether one name at least says who is the old one: a clerk swaps numbers, and the register does not know yet."""
        names = ((signs.old_name, old), (signs.new_name or signs.name, new))
        return any(compare_name(text_of(name), True, customer.name) is Agreement.AGREES for name, customer in names)

    def _new(self, numbers: Sequence[NumberCandidate], signs: CustomerSigns) -> Identification:
        decided = self.table.decide(numbers, signs)
        return decided if decided is not None else by_name_and_address(signs, numbers, self.table.register)

    def _old(self, numbers: Sequence[NumberCandidate], signs: CustomerSigns, new: Customer | None) -> Identification:
        """Return the old customer: by its number; else the one predecessor of the new customer who bears the old name.

        An old account is as a rule closed already, so its number stands even where the name cannot be read.
        """
        decided = self.table.decide(numbers, signs)
        if decided is not None:
            closed = bool(decided.reasons) and decided.reasons[0].code is ReasonCode.CUSTOMER_TRANSFERRED
            return self._closed(self.table.claims(numbers), signs, new, decided) if closed else decided
        if new is None or text_of(signs.name) is None:
            return by_name_and_address(signs, numbers, self.table.register)
        before = [
            customer
            for customer in self.table.register.predecessors(new.number)
            if compare_name(text_of(signs.name), True, customer.name) is Agreement.AGREES
        ]
        if len(before) != 1:
            return by_name_and_address(signs, numbers, self.table.register)
        note = Reason(ReasonCode.FOUND_IN_REGISTER, {}, (before[0].number,))
        evidence = signs.name.evidence if signs.name is not None else None
        confidence = min(0.95, signs.name.confidence if signs.name is not None else 0.0)
        return filed(before[0], FoundBy.REGISTER, confidence, evidence, (note,))

    def _closed(
        self, claims: Sequence[Claim], signs: CustomerSigns, new: Customer | None, decided: Identification
    ) -> Identification:
        """Return a closed old account all the same, where it was transferred to the new customer and its name is not denied."""
        claim = next(claim for claim in claims if claim.customers)
        customer = claim.customers[0]
        weighed = weigh(customer, signs, self.table.register)
        if new is None or customer.transferred_to != new.number or weighed.name is Agreement.DIFFERS:
            return decided
        if not (claim.candidate.surely_read or weighed.place_agrees):
            return decided
        candidate = claim.candidate
        return filed(customer, candidate.found_by, candidate.readings[0].confidence, candidate.evidence)

    def _roles(
        self, numbers: Sequence[NumberCandidate], signs: CustomerSigns
    ) -> tuple[tuple[NumberCandidate, ...], tuple[NumberCandidate, ...]]:
        """Return the old and the new customer's candidates.

        Numbers to which the form gives no role: the register may know that one account went to the other, or the names may say.
        """
        old = [candidate for candidate in numbers if candidate.role is NumberRole.OLD]
        new = [candidate for candidate in numbers if candidate.role is NumberRole.NEW]
        for claim in self.table.claims([c for c in numbers if c.role is NumberRole.CUSTOMER]):
            is_old = any(self._is_old(customer, signs) for customer in claim.customers)
            (old if is_old else new).append(claim.candidate)
        return tuple(old), tuple(new)

    def _is_old(self, customer: Customer, signs: CustomerSigns) -> bool:
        name = text_of(signs.old_name)
        if name is not None and compare_name(name, True, customer.name) is Agreement.AGREES:
            new_name = text_of(signs.new_name)
            return new_name is None or compare_name(new_name, True, customer.name) is not Agreement.AGREES
        return customer.state is CustomerState.TRANSFERRED


_MISSING = frozenset({ReasonCode.NO_CUSTOMER, ReasonCode.NAME_ALONE, ReasonCode.NAME_SHARED, ReasonCode.ADDRESS_ALONE})
"""Why a side was not found; for a transfer that is one reason, that it is incomplete."""


def _signs_of_new(signs: CustomerSigns) -> CustomerSigns:
    return replace(signs, name=signs.new_name or signs.name, old_name=None, new_name=None)


def _signs_of_old(signs: CustomerSigns) -> CustomerSigns:
    """Return what the page says of the old customer: contract and meter on it are the new one's."""
    return CustomerSigns(name=signs.old_name, address=signs.address)


def _joined(one: Sequence[Reason], two: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the notes of both sides, of equal codes one with the numbers of both."""
    by_code: dict[ReasonCode, Reason] = {}
    for note in (*one, *two):
        first = by_code.get(note.code)
        if first is None:
            by_code[note.code] = note
        else:
            numbers = tuple(dict.fromkeys((*first.customer_numbers, *note.customer_numbers)))
            by_code[note.code] = replace(first, customer_numbers=numbers)
    return tuple(by_code.values())
