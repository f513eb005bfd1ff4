"""Where a record stands in the archive's order: 居民 → area → building → customer → category; 非居民 → trade → scale → customer.

Pure: no disk. Not for finding records: `folder_store` keeps pointers for that. The order is the policy's own (section 5), so that
the folders can be read without this software.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from classifiers.scheme import Category, Names, Scheme
from connector import store_words as words
from connector.safe_names import safe_name
from metadata.values import Customer, CustomerType, Description, Submission

MAX_STEM_BYTES = 180
"""Leaves room for " (999).json" within the 255 bytes of a name on ext4 and most others."""


class Branch(StrEnum):
    """The main branches of the archive; which one a record stands in follows from what is said about it."""

    RESIDENTIAL = "residential"
    NON_RESIDENTIAL = "non_residential"
    UNREGISTERED = "unregistered"
    GENERAL = "general"
    HELD = "held"
    REJECTED = "rejected"


ROOTS: Mapping[Branch, Names] = {
    Branch.RESIDENTIAL: words.RESIDENTIAL_ROOT,
    Branch.NON_RESIDENTIAL: words.NON_RESIDENTIAL_ROOT,
    Branch.UNREGISTERED: words.UNREGISTERED_ROOT,
    Branch.GENERAL: words.NO_CUSTOMER_ROOT,
    Branch.HELD: words.HELD_ROOT,
    Branch.REJECTED: words.REJECTED_ROOT,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder below the archive's root, and the name of the PDF in it without its extension."""

    folder: PurePosixPath
    stem: str


def place_of(submission: Submission, scheme: Scheme, language: str) -> Place:
    """Return where the record belongs, every part a safe name."""
    description = submission.description
    parts = [safe_name(part) for part in _folders(description, scheme, language)]
    title = description.title or description.original_name
    stem = f"{submission.reference_code} {title}" if submission.reference_code else title
    return Place(PurePosixPath(*parts), safe_name(stem, MAX_STEM_BYTES))


def branch_of(description: Description, scheme: Scheme) -> Branch:
    """Return the branch that the record stands in."""
    if words.is_rejected(description):
        return Branch.REJECTED
    if description.is_held:
        return Branch.HELD
    found = description.identification
    if found.customer is not None:
        is_residential = found.customer.customer_type is CustomerType.RESIDENTIAL
        return Branch.RESIDENTIAL if is_residential else Branch.NON_RESIDENTIAL
    if found.numbers:
        return Branch.UNREGISTERED
    kind = scheme.kind(description.kind)
    return Branch.HELD if kind is None or kind.needs_customer else Branch.GENERAL


def _folders(description: Description, scheme: Scheme, language: str) -> tuple[str, ...]:
    branch = branch_of(description, scheme)
    root = ROOTS[branch].in_language(language)
    last = folder_of(scheme.category(description.category), language)
    found = description.identification
    match branch:
        case Branch.HELD | Branch.REJECTED:
            return (root,)
        case Branch.GENERAL:
            return (root, last)
        case Branch.UNREGISTERED:
            return (root, found.numbers[-1], last)
    return (root, *_customer_folders(found.customer, language), last) if found.customer else (root, last)


def folder_of(category: Category | None, language: str) -> str:
    """Return the folder of a category inside a customer's file, that of the unclassified where there is none."""
    name = category_folder(category.folder, category.names.in_language(language), language) if category else ""
    return name or words.UNCLASSIFIED_FOLDER.in_language(language)


def category_folder(configured: str, name: str, language: str) -> str:
    """Return the configured folder; in English its number with the English name ("3-基本信息" → "3-basic")."""
    if language.startswith("zh") or not configured:
        return configured
    number, dash, _ = configured.partition("-")
    return f"{number}{dash}{name}" if dash and number.isdecimal() else configured


def _customer_folders(customer: Customer, language: str) -> tuple[str, ...]:
    if customer.customer_type is CustomerType.RESIDENTIAL:
        upper, lower = customer.area, customer.building
    else:
        upper, lower = customer.trade, customer.scale
    missing = words.NOT_STATED.in_language(language)
    return (upper or missing, lower or missing, f"{customer.number} {customer.name}")
