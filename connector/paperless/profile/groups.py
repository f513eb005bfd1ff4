"""The groups of the duties, with the rights that their people need in the web pages.

A right here says what a person may do at all; which records a group sees is set on each record (`connector.duties`). Nobody
gets a right to delete, to upload past guidang, or to change types, tags and fields: they are the archive's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from connector.duties import Duty
from connector.paperless.profile.values import ObjectKind, WantedObject
from connector.store_words import every_name

SEEING = (
    "view_document",
    "view_documenttype",
    "view_tag",
    "view_correspondent",
    "view_storagepath",
    "view_customfield",
    "view_savedview",
    "view_note",
    "view_uisettings",
    "change_uisettings",
)
"""Without view_uisettings the web pages do not open at all."""

CHANGING = ("change_document", "add_note", "change_note", "add_savedview", "change_savedview")


def groups(duties: Sequence[Duty], language: str) -> tuple[WantedObject, ...]:
    """Return the wanted groups, one a duty."""
    return tuple(_group(duty, language) for duty in duties)


def _group(duty: Duty, language: str) -> WantedObject:
    name = duty.names.in_language(language)
    rights = sorted((*SEEING, *(CHANGING if duty.may_change_something else ())))
    return WantedObject(
        kind=ObjectKind.GROUP,
        code=f"group/{duty.code}",
        name=name,
        other_names=every_name(duty.names) - {name},
        body={"permissions": [*rights]},
    )
