"""Where a record stands in the archive's order: 居民 → area → building → customer → category; 非居民 → trade → scale → customer.

Pure: no disk. Not for finding records: `folder_store` keeps pointers for that. The order is the policy's own (section 5), so that
the folders can be read without this software.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from classifiers.scheme import Scheme
from connector import store_words as words
from connector.safe_names import safe_name
from metadata.values import Customer, CustomerType, Description, Submission

MAX_STEM_BYTES = 180
"""Leaves room for " (999).json" within the 255 bytes of a name on ext4 and most others."""


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


def _folders(description: Description, scheme: Scheme, language: str) -> tuple[str, ...]:
    if words.is_rejected(description):
        return (words.REJECTED_ROOT.in_language(language),)
    if description.is_held:
        return (words.HELD_ROOT.in_language(language),)
    category = scheme.category(description.category)
    last = category_folder(category.folder, category.names.in_language(language), language) if category else ""
    last = last or words.UNCLASSIFIED_FOLDER.in_language(language)
    found = description.identification
    if found.customer is not None:
        return (*_customer_folders(found.customer, language), last)
    if found.numbers:
        return (words.UNREGISTERED_ROOT.in_language(language), found.numbers[-1], last)
    kind = scheme.kind(description.kind)
    if kind is None or kind.needs_customer:
        return (words.HELD_ROOT.in_language(language),)
    return (words.NO_CUSTOMER_ROOT.in_language(language), last)


def category_folder(configured: str, name: str, language: str) -> str:
    """Return the configured folder; in English its number with the English name ("3-基本信息" → "3-basic")."""
    if language.startswith("zh") or not configured:
        return configured
    number, dash, _ = configured.partition("-")
    return f"{number}{dash}{name}" if dash and number.isdecimal() else configured


def _customer_folders(customer: Customer, language: str) -> tuple[str, ...]:
    if customer.customer_type is CustomerType.RESIDENTIAL:
        root, upper, lower = words.RESIDENTIAL_ROOT, customer.area, customer.building
    else:
        root, upper, lower = words.NON_RESIDENTIAL_ROOT, customer.trade, customer.scale
    missing = words.NOT_STATED.in_language(language)
    return (root.in_language(language), upper or missing, lower or missing, f"{customer.number} {customer.name}")
