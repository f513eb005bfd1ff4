"""The words people know for states and ways of finding, in one place, so that every table and note says the same.

Not for the words of the scheme (categories, kinds, fields): those stand in the configuration in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.values import FoundBy
from connector.i18n import Language, current_language, translated
from ingest.message import N_
from metadata.values import CustomerType, DecidedBy, Standing

STATES: Mapping[str, str] = {
    "RECEIVED": N_("received"),
    "READ": N_("read"),
    "CLOSED": N_("closed"),
    "QUARANTINED": N_("quarantined"),
    "DUPLICATE": N_("duplicate"),
    "DESCRIBED": N_("described"),
    "SUBMITTED": N_("sent"),
    "INDEXED": N_("filed"),
    "HELD": N_("held"),
    "REJECTED": N_("rejected"),
}

FOUND_BY: Mapping[FoundBy, str] = {
    FoundBy.PRINTED: N_("printed number"),
    FoundBy.BARCODE: N_("barcode"),
    FoundBy.HANDWRITTEN: N_("handwritten number"),
    FoundBy.REGISTER: N_("name and address in the register"),
    FoundBy.REPAIRED: N_("number repaired"),
    FoundBy.GIVEN: N_("given by a person"),
}

DECIDED_BY: Mapping[DecidedBy, str] = {DecidedBy.ITSELF: N_("by itself"), DecidedBy.PERSON: N_("by a person")}

CUSTOMER_TYPES: Mapping[CustomerType, str] = {
    CustomerType.RESIDENTIAL: N_("residential"),
    CustomerType.NON_RESIDENTIAL: N_("non-residential"),
}


STANDINGS: Mapping[Standing, str] = {
    Standing.LIVE: N_("stands there"),
    Standing.TRASHED: N_("lies in the trash"),
    Standing.GONE: N_("is gone"),
    Standing.REWOUND: N_("is older than it was: a backup was restored"),
}


def state_word(state: str, language: Language | None = None) -> str:
    """Return the word for the state of a scan or record."""
    return translated(STATES[state], language or current_language())


def found_word(found_by: FoundBy | None, language: Language | None = None) -> str:
    """Return how the customer was found, "" where none was."""
    return translated(FOUND_BY[found_by], language or current_language()) if found_by else ""


def standing_word(standing: Standing, language: Language | None = None) -> str:
    """Return the words for how a record's copy stands in the archive."""
    return translated(STANDINGS[standing], language or current_language())
