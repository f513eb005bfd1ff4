"""The rows of the archive policy's table that begin with a number: sure, doubtful, wrong, or several of them.

Every function takes what was read and returns filed or held; the register answers look-ups only. The order of candidates and
of look-ups changes nothing. Numbers absent: `metadata.identify_absent`; two customers: `metadata.identify_transfer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from classifiers.interfaces import INumberScheme
from classifiers.values import CustomerSigns, FoundBy, NumberCandidate
from ingest.values import UNREAD
from metadata.agreement import Agreement, is_like_address
from metadata.decided import filed, held
from metadata.interfaces import IRegister
from metadata.number_fits import fitting, may_be
from metadata.values import Customer, CustomerNumber, Identification, Reason, ReasonCode
from metadata.weighing import Weighed, text_of, weigh

MISREAD_SIGNS = 2
"""So many signs apart, a number that is wrong or doubtful may be a misreading of the right one that stands there too."""

_NOT_DENIED = frozenset({Agreement.AGREES, Agreement.ABSENT})
"""How the name stands where nothing on the page says that it is somebody else's who has the same place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate and the customers that it can be; () = it is nobody's."""

    candidate: NumberCandidate
    customers: tuple[Customer, ...]

    @property
    def is_sure(self) -> bool:
        """Return whether it was surely read and is one customer's."""
        return self.candidate.surely_read and len(self.customers) == 1


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The table, with the register and the forms that it asks."""

    register: IRegister
    scheme: INumberScheme

    def claims(self, numbers: Sequence[NumberCandidate]) -> tuple[Claim, ...]:
        """Return the candidates that count: announced by a label and whole, or known to the register under any label."""
        claims = (Claim(candidate, fitting(candidate, self.register, self.scheme)) for candidate in numbers)
        return tuple(c for c in claims if c.customers or (c.candidate.labelled and c.candidate.form is not None))

    def decide(self, numbers: Sequence[NumberCandidate], signs: CustomerSigns) -> Identification | None:
        """Return what the numbers of one customer's record come to; None where none counts."""
        claims: Sequence[Claim] = self.claims(numbers)
        if not claims:
            return None
        rests = tuple(candidate for candidate in numbers if candidate.labelled and candidate.form is None)
        ordered = sorted(claims, key=_strength)
        sure = {claim.customers[0].number: claim for claim in reversed(ordered) if claim.is_sure}
        if len(sure) > 1:
            kept = self._announced(sure, signs)
            if kept is None:
                return held(ReasonCode.NUMBERS_RIVAL, customers=sorted(sure))
            ignored = sure.keys() - {kept}
            claims = [c for c in claims if not c.is_sure or c.customers[0].number not in ignored]
            sure = {kept: sure[kept]}
        if sure:
            (claim,) = sure.values()
            rival = self._rival(claim, claims)
            return rival if rival is not None else self._sure(claim, claims, rests, signs)
        wrong = [claim for claim in ordered if claim.candidate.surely_read]
        if wrong:
            return self._wrong(wrong[0].candidate, signs)
        possible = {customer.number: customer for claim in claims for customer in claim.customers}
        if len(possible) > 1:
            return held(ReasonCode.NUMBERS_RIVAL, customers=sorted(possible))
        doubtful = [claim for claim in ordered if claim.customers]
        if not doubtful:
            return self._doubtful_nobody(ordered[0].candidate, signs)
        rival = self._rival(doubtful[0], claims)
        return rival if rival is not None else self._doubtful(doubtful[0], rests, signs)

    def _announced(self, sure: Mapping[CustomerNumber, Claim], signs: CustomerSigns) -> CustomerNumber | None:
        """Return the one number that a label announces and whose address, contract or meter agrees, where the others stand under no
        label and nothing on the page is theirs: short numbers are registered by chance (of 6 digits 3 in 1,000). None otherwise.
        """
        announced = [number for number, claim in sure.items() if claim.candidate.labelled]
        if len(announced) != 1:
            return None
        weighed = {number: weigh(claim.customers[0], signs, self.register) for number, claim in sure.items()}
        others = [weighed[number] for number in sure if number != announced[0]]
        own = weighed[announced[0]]
        is_clear = own.place_agrees and not any(agreements(other) for other in others)
        return announced[0] if is_clear else None

    def _rival(self, claim: Claim, claims: Sequence[Claim]) -> Identification | None:
        """Return held where the page also announces a number that cannot be a misreading of this one."""
        own = claim.customers[0]
        for other in claims:
            is_own = own.number in {customer.number for customer in other.customers}
            is_unsure = not other.customers or not other.candidate.surely_read
            is_misread = claim.candidate.labelled and is_unsure and _maybe_misread(other.candidate, own.number)
            if is_own or is_misread:
                continue
            rivals = (own, *(other.customers or (other.candidate.number,)))
            return held(ReasonCode.NUMBERS_RIVAL, customers=rivals)
        return None

    def _sure(
        self, claim: Claim, claims: Sequence[Claim], rests: Sequence[NumberCandidate], signs: CustomerSigns
    ) -> Identification:
        """Rows 1-6: a number surely read, valid and registered. `rests` are signs of numbers that labels announce."""
        candidate, customer = claim.candidate, claim.customers[0]
        weighed = weigh(customer, signs, self.register)
        contradiction = _contradiction(weighed, self.register)
        if contradiction is not None:
            return contradiction
        undisputed = (
            candidate.labelled
            and all(own_number(other, customer) for other in claims)
            and all(may_be(rest, customer.number) for rest in rests)
        )
        if weighed.place_agrees:
            if not weighed.place_is_own and not (candidate.labelled and weighed.name in _NOT_DENIED):
                return held(ReasonCode.NUMBERS_RIVAL, customers=(customer, *weighed.sharing))
            notes = (Reason(ReasonCode.NAME_DIFFERS_NOTED),) if weighed.name is Agreement.DIFFERS else ()
            return filed(customer, candidate.found_by, _sureness(claim, weighed), candidate.evidence, notes)
        if weighed.name is Agreement.DIFFERS:
            return held(ReasonCode.NAME_DIFFERS, _name_facts(customer, signs), (customer,))
        if weighed.place_unreadable or weighed.name is Agreement.UNREADABLE:
            return held(ReasonCode.SIGNS_UNREADABLE, {"number": customer.number}, (customer,))
        if weighed.place_differs:
            return held(ReasonCode.SIGNS_DIFFER, {"number": customer.number}, (customer,))
        if weighed.name is Agreement.ABSENT and not (undisputed and self._is_sure_alone(candidate)):
            return held(ReasonCode.SIGNS_UNREADABLE, {"number": customer.number}, (customer,))
        is_namesakes = not (self._is_sure_alone(candidate) or self._by_name_alone(weighed, signs))
        if not candidate.labelled or is_namesakes:
            return held(ReasonCode.SIGNS_UNREADABLE, {"number": customer.number}, (customer,))
        return filed(customer, candidate.found_by, _sureness(claim, weighed), candidate.evidence)

    def _is_sure_alone(self, candidate: NumberCandidate) -> bool:
        """Return whether a number needs nothing beside it: a misread sign would show in its check, or nothing was read as print."""
        return candidate.found_by is FoundBy.BARCODE or self.scheme.is_checked(candidate.number)

    def _doubtful(self, claim: Claim, rests: Sequence[NumberCandidate], signs: CustomerSigns) -> Identification:
        """A doubtful number that is exactly one customer's by the readings: filed if something else agrees.

        A place counts that is this customer's alone, or with the name; a name alone that nobody else bears, where no place denies it.
        Beside a differing name a place must be surely read.
        """
        candidate, customer = claim.candidate, claim.customers[0]
        weighed = weigh(customer, signs, self.register)
        contradiction = _contradiction(weighed, self.register)
        if contradiction is not None:
            return contradiction
        is_named = weighed.name is Agreement.AGREES
        is_undenied = all(may_be(rest, customer.number) for rest in rests)
        by_place = (weighed.place_is_own and is_undenied) or (weighed.place_agrees and is_named and candidate.labelled)
        by_name = is_named and candidate.labelled and self._by_name_alone(weighed, signs)
        is_anothers = weighed.name is Agreement.DIFFERS and not weighed.place_is_sure
        if is_anothers or not (by_place or by_name):
            return held(ReasonCode.NUMBER_DOUBTFUL, number_facts(candidate), (customer,))
        repaired = customer.number != first_read(candidate)
        notes = [Reason(ReasonCode.NAME_DIFFERS_NOTED)] if weighed.name is Agreement.DIFFERS else []
        if repaired:
            facts = {"number": first_read(candidate)}
            notes.append(Reason(ReasonCode.REPAIRED, facts, (customer.number,)))
        found_by = FoundBy.REPAIRED if repaired else candidate.found_by
        return filed(customer, found_by, _sureness(claim, weighed), candidate.evidence, notes)

    def _by_name_alone(self, weighed: Weighed, signs: CustomerSigns) -> bool:
        """Return whether the name says enough: no place on the page is unlike the customer's, and it is no namesake's as well."""
        address = text_of(signs.address)
        if weighed.place_differs or (weighed.place_unreadable and not is_like_address(address, weighed.customer)):
            return False
        namesakes = self.register.by_name(text_of(signs.name) or "")
        others = [other for other in namesakes if other.number != weighed.customer.number]
        return not any(address is None or is_like_address(address, other) for other in others)

    def _wrong(self, candidate: NumberCandidate, signs: CustomerSigns) -> Identification:
        """A number surely read that is wrong or unknown: the paper itself is wrong, a person decides."""
        code = ReasonCode.NUMBER_UNREGISTERED if candidate.is_valid else ReasonCode.NUMBER_CHECK_FAILS
        return held(code, number_facts(candidate), self._nearest(candidate, signs))

    def _doubtful_nobody(self, candidate: NumberCandidate, signs: CustomerSigns) -> Identification:
        return held(ReasonCode.NUMBER_DOUBTFUL, number_facts(candidate), self._nearest(candidate, signs))

    def _nearest(self, candidate: NumberCandidate, signs: CustomerSigns) -> tuple[Customer, ...]:
        """Return suggestions: the nearest registered customers, those with whom the page agrees first."""
        near = self.register.near(candidate.number)
        return tuple(sorted(near, key=lambda customer: -agreements(weigh(customer, signs, self.register))))


def _contradiction(weighed: Weighed, register: IRegister) -> Identification | None:
    """Return held where the page surely is another's, or the account was closed and the page does not bear its name."""
    successor = weighed.customer.transferred_to
    if any(other.number != successor for other in weighed.others):
        return held(ReasonCode.OTHER_CUSTOMER_SIGNS, customers=(weighed.customer, *weighed.others))
    if weighed.is_closed and weighed.name is not Agreement.AGREES:
        known = register.by_number(successor)
        return held(ReasonCode.CUSTOMER_TRANSFERRED, customers=(weighed.customer, *((known,) if known else ())))
    if weighed.others:
        return held(ReasonCode.OTHER_CUSTOMER_SIGNS, customers=(weighed.customer, *weighed.others))
    return None


def agreements(weighed: Weighed) -> int:
    """Return how many of name, address, contract and meter agree."""
    return sum(sign is Agreement.AGREES for sign in (weighed.name, *weighed.places))


def own_number(claim: Claim, customer: Customer) -> bool:
    """Return whether a claim is this customer's."""
    return customer.number in {other.number for other in claim.customers}


def number_facts(candidate: NumberCandidate) -> dict[str, str]:
    """Return the number for a reason's sentence; nothing where not one sign was read."""
    return {} if candidate.number == UNREAD else {"number": candidate.number}


def first_read(candidate: NumberCandidate) -> str:
    """Return what the page's own reading was, before any second look; the best reading where there was only that."""
    page = [reading.text for reading in candidate.readings if reading.said_by == "page"]
    return page[0] if page else candidate.number


def _maybe_misread(candidate: NumberCandidate, number: str) -> bool:
    if candidate.surely_read and candidate.is_valid:
        return False
    return any(OSA.distance(reading.text, number) <= MISREAD_SIGNS for reading in candidate.readings)


def _name_facts(customer: Customer, signs: CustomerSigns) -> dict[str, str]:
    return {"name": text_of(signs.name) or "", "registered": customer.name}


def _strength(claim: Claim) -> tuple[bool, bool, float, str]:
    candidate = claim.candidate
    return (not candidate.labelled, not candidate.surely_read, -candidate.readings[0].confidence, candidate.number)


def _sureness(claim: Claim, weighed: Weighed) -> float:
    """Return an honest confidence: how surely the number was read, and how much of the rest is left in doubt by agreement."""
    doubt = 1.0 - claim.candidate.readings[0].confidence
    share = 1.0
    if weighed.place_agrees:
        share *= 0.1
    if weighed.name is Agreement.AGREES:
        share *= 0.4
    if not claim.candidate.surely_read:
        doubt = max(doubt, 0.25)
    return 1.0 - max(0.005, doubt * share)
