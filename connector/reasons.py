"""The sentence for every reason why a record is held, or noted though it was filed.

Not for deciding anything (`metadata.identify` and the pipeline decide), nor for the names of tags (`connector.store_words`). A reason's facts are what
its maker knew, so each code has its sentences from the richest to one that needs no fact at all, and the first whose facts
are all there is said.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import replace

from classifiers.scheme import Scheme
from connector.i18n import Language, current_language, say, translated
from ingest.message import N_, Message
from ingest.values import Side
from metadata.values import RIVAL, RIVAL_NAME, Reason, ReasonCode

SENTENCES: Mapping[ReasonCode, tuple[str, ...]] = {
    ReasonCode.KIND_UNSURE: (
        N_("The kind is not sure; it may be {kinds}."),
        N_("The kind is not sure; it may be {kind}."),
        N_("The kind of document could not be told for sure."),
    ),
    ReasonCode.NO_ARCHIVE_DOCUMENT: (N_("This seems to be no archive document."),),
    ReasonCode.NO_CUSTOMER: (N_("No customer number could be read, and name and address fit no single customer."),),
    ReasonCode.NUMBER_CHECK_FAILS: (
        N_("The customer number {number} on the paper is wrong: its check digit does not fit. Nearest: {numbers}."),
        N_("The customer number {number} on the paper is wrong: its check digit does not fit."),
        N_("The customer number on the paper is wrong: its check digit does not fit."),
    ),
    ReasonCode.NUMBER_UNREGISTERED: (
        N_("The register does not know the customer number {number}. Nearest: {numbers}."),
        N_("The register does not know the customer number {number}."),
        N_("The register does not know the customer number on the paper."),
    ),
    ReasonCode.NUMBER_DOUBTFUL: (
        N_("The customer number could not be read for sure ({number}). It may be: {numbers}."),
        N_("The customer number could not be read for sure ({number})."),
        N_("The customer number could not be read for sure."),
    ),
    ReasonCode.NUMBERS_RIVAL: (
        N_("Several customers fit equally: {numbers}."),
        N_("Several customers fit equally."),
    ),
    ReasonCode.SIGNS_UNREADABLE: (
        N_(
            "The number {number} was read, but name, address, contract or meter could not be read for sure to confirm it."
        ),
        N_("Name, address, contract or meter could not be read for sure to confirm the number {numbers}."),
        N_("Name, address, contract or meter could not be read for sure to confirm the customer number."),
    ),
    ReasonCode.SIGNS_DIFFER: (
        N_("The number {number} was read, but address, contract or meter on the paper are not the registered ones."),
        N_("Address, contract or meter on the paper are not the registered ones of the customer number."),
    ),
    ReasonCode.NAME_DIFFERS: (
        N_("The name {name} on the paper is not the registered one, {registered}, and nothing else agrees."),
        N_("The name on the paper differs from the registered one, and nothing else agrees."),
    ),
    ReasonCode.OTHER_CUSTOMER_SIGNS: (
        N_("Name, address, contract or meter belong to another customer than the number does: {numbers}."),
        N_("Name, address, contract or meter belong to another customer than the number does."),
    ),
    ReasonCode.NAME_SHARED: (
        N_("No customer number; several customers bear this name: {numbers}."),
        N_("No customer number; several customers bear this name."),
    ),
    ReasonCode.NAME_ALONE: (
        N_("No customer number; the name alone is not enough. It may be: {numbers}."),
        N_("No customer number; the name alone is not enough."),
    ),
    ReasonCode.ADDRESS_ALONE: (
        N_("No customer number; the address alone is not enough. It may be: {numbers}."),
        N_("No customer number; the address alone is not enough."),
    ),
    ReasonCode.TRANSFER_INCOMPLETE: (
        N_("A transfer needs the old and the new customer; both could not be found. Found: {numbers}."),
        N_("A transfer needs the old and the new customer; both could not be found."),
    ),
    ReasonCode.CUSTOMER_TRANSFERRED: (
        N_("This customer number was closed by a transfer. Possible: {numbers}."),
        N_("This customer number was closed by a transfer."),
    ),
    ReasonCode.DELETED_BEFORE: (N_("The same scan was filed before, and its record was deleted from the archive."),),
    ReasonCode.STORE_REFUSED: (
        N_("The archive would not take it as it was: {reason}"),
        N_("The archive would not take it as it was."),
    ),
    ReasonCode.BATCH_UNSURE: (
        N_("The inbox or a separator sheet names the kind {kind}, which the scheme does not know."),
        N_("Where this batch is to be cut into records is not sure. Perhaps: pages {pages}."),
        N_("Where this batch is to be cut into records is not sure."),
    ),
    ReasonCode.REVIEW_ASKED: (N_("A person asked for it to be looked at again."),),
    ReasonCode.CONFIRMED_TOO_EARLY: (
        N_("It cannot be confirmed yet: records of the kind {kind} need a customer number, and it has none. Enter it."),
        N_("It cannot be confirmed yet: its kind is not known. Give it a document type."),
    ),
    ReasonCode.SCAN_COARSE: (
        N_("Page {pages} was scanned at {dpi} dpi; at least {least} are asked for. Scan it again, best at 300 dpi."),
        N_("Page {pages}: the writing is too small in the picture. Scan or photograph it again, larger."),
        N_("The scan is too coarse. Scan it again, best at 300 dpi."),
    ),
    ReasonCode.SCAN_TILTED: (
        N_("Page {pages} lies askew by {degrees} degrees. Scan it again, straight."),
        N_("A page lies askew. Scan it again, straight."),
    ),
    ReasonCode.SCAN_DARK: (
        N_("Page {pages} is too dark. Scan it again, brighter."),
        N_("A page is too dark. Scan it again, brighter."),
    ),
    ReasonCode.SCAN_FAINT: (
        N_("Page {pages} is too faint. Scan it again with more contrast."),
        N_("A page is too faint. Scan it again with more contrast."),
    ),
    ReasonCode.SCAN_CUT_OFF: (
        N_("Page {pages} is cut off: the writing runs over the edge ({sides}). Scan it again, all of it."),
        N_("A page is cut off. Scan it again, all of it."),
    ),
    ReasonCode.PAGES_MISSING: (
        N_("By its own count the paper has {count} pages; missing: {pages}. Scan all of it again."),
        N_("Pages of the paper are missing. Scan all of it again."),
    ),
    ReasonCode.PAGES_DOUBLED: (
        N_(
            "Page {pages} of the scan is one that stands there already (page {first}). Scan the paper again, each page once."
        ),
        N_("A page stands in the scan twice. Scan the paper again, each page once."),
    ),
    ReasonCode.SCAN_GREW: (
        N_(
            "The scanner was still writing when this was read; all of the scan was filed as {record}. Compare both: if this "
            "one is not needed, reject it."
        ),
        N_(
            "The scanner was still writing when this was read; all of the scan is taken in again. If this one is not needed "
            "then, reject it."
        ),
    ),
    ReasonCode.NAME_DIFFERS_NOTED: (
        N_("The name on the paper differs from the registered one; address, contract or meter agree."),
    ),
    ReasonCode.REPAIRED: (
        N_("The number was read as {number} and repaired to {numbers}: a second reading and the page's details agree."),
        N_("The customer number was read doubtfully and repaired: a second reading and the page's details agree."),
    ),
    ReasonCode.FOUND_IN_REGISTER: (N_("No number on the paper; name and address fit exactly one customer."),),
    ReasonCode.SECOND_SCAN: (
        N_("The same paper was scanned before: {record}."),
        N_("The same paper was scanned before."),
    ),
    ReasonCode.GIVEN_NUMBER_UNCHECKED: (
        N_("The customer number {number} was given by a person; the register or its check digit does not confirm it."),
        N_("The customer number was given by a person; the register or its check digit does not confirm it."),
    ),
}


SIDES: Mapping[str, str] = {
    Side.LEFT.value: N_("left"),
    Side.TOP.value: N_("top"),
    Side.RIGHT.value: N_("right"),
    Side.BOTTOM.value: N_("bottom"),
}


def sentence_for(reason: Reason) -> Message:
    """Return the richest sentence whose facts are all known."""
    facts = {name: value for name, value in reason.facts.items() if value}
    if reason.customer_numbers:
        facts.setdefault("numbers", ", ".join(reason.customer_numbers))
    templates = SENTENCES[reason.code]
    chosen = next((t for t in templates if _placeholders(t) <= facts.keys()), templates[-1])
    return Message(chosen, facts)


def say_reason(reason: Reason, language: Language | None = None, scheme: Scheme | None = None) -> str:
    """Return the reason's sentence in the given or the current language; with the scheme, kinds are said by name."""
    spoken = language or current_language()
    sentence = sentence_for(reason)
    return say(replace(sentence, facts=_with_kind_names(_with_sides(sentence.facts, spoken), spoken, scheme)), spoken)


RIVAL_SIGNS = (N_("name"), N_("address"), N_("contract"), N_("meter"))
"""In the order in which a reason's facts say how they stand."""

AGREEMENTS: Mapping[str, str] = {"agrees": N_("agree"), "differs": N_("differ"), "unreadable": N_("cannot be read")}
"""What is absent is not said."""

RIVAL_SENTENCE = N_("{customer}: {signs}.")
NOTHING_TO_COMPARE = N_("nothing on the paper to compare")


def say_rivals(reason: Reason, language: Language | None = None) -> tuple[str, ...]:
    """Return one line for each registered customer that the reason names: what of the paper agrees with it and what does not."""
    spoken = language or current_language()
    return tuple(
        _say_rival(number, reason, spoken) for number in reason.customer_numbers if f"{RIVAL}{number}" in reason.facts
    )


def _say_rival(number: str, reason: Reason, language: Language) -> str:
    stand = reason.facts[f"{RIVAL}{number}"].split()
    comma, joint = ("、", "；") if language is Language.ZH else (", ", "; ")
    parts = []
    for code, word in AGREEMENTS.items():
        names = [translated(sign, language) for sign, how in zip(RIVAL_SIGNS, stand, strict=False) if how == code]
        if names:
            apart = "" if language is Language.ZH else " "
            parts.append(f"{comma.join(names)}{apart}{translated(word, language)}")
    customer = f"{number} {reason.facts.get(f'{RIVAL_NAME}{number}', '')}".strip()
    signs = joint.join(parts) or translated(NOTHING_TO_COMPARE, language)
    return translated(RIVAL_SENTENCE, language).format(customer=customer, signs=signs)


def _with_sides(facts: Mapping[str, str], language: Language) -> Mapping[str, str]:
    if "sides" not in facts:
        return facts
    comma = "、" if language is Language.ZH else ", "
    sides = (SIDES.get(side) for side in facts["sides"].split(", "))
    return {**facts, "sides": comma.join(translated(side, language) for side in sides if side)}


def _with_kind_names(facts: Mapping[str, str], language: Language, scheme: Scheme | None) -> Mapping[str, str]:
    if scheme is None:
        return facts
    names = {kind.code: kind.names.in_language(language) for kind in scheme.kinds}
    return {
        key: ", ".join(names.get(code, code) for code in value.split(", ")) if key in ("kind", "kinds") else value
        for key, value in facts.items()
    }


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
