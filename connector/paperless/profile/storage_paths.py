"""The storage paths: the archive's order as templates that the server fills from each document's own fields.

One path for each branch of the archive, never one a customer: paperless slows down and its lists become useless with
thousands of them. A template cuts what it takes, because a name on disk has at most 255 bytes and a Han sign takes three.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.scheme import Scheme
from connector import store_words as words
from connector.archive_order import ROOTS, Branch, folder_of
from connector.paperless.fields import FieldDefinition, Own
from connector.paperless.profile.values import ObjectKind, WantedObject

FOLDER_SIGNS = 40
STEM_SIGNS = 60
"""Of three bytes each, plus what the server adds, these stay below 255 bytes."""


def storage_paths(scheme: Scheme, language: str, table: Mapping[str, FieldDefinition]) -> tuple[WantedObject, ...]:
    """Return the wanted storage paths, one a branch."""
    return tuple(_path(branch, scheme, language, table) for branch in Branch)


def _path(branch: Branch, scheme: Scheme, language: str, table: Mapping[str, FieldDefinition]) -> WantedObject:
    names = ROOTS[branch]
    name = names.in_language(language)
    parts = (name, *_folders(branch, scheme, language, table), _stem(table))
    return WantedObject(
        kind=ObjectKind.STORAGE_PATH,
        code=f"storage_path/{branch.value}",
        name=name,
        other_names=words.every_name(names) - {name},
        body={"path": "/".join(parts)},
    )


def _folders(branch: Branch, scheme: Scheme, language: str, table: Mapping[str, FieldDefinition]) -> tuple[str, ...]:
    missing = words.NOT_STATED.in_language(language)
    number = _value(table, Own.CUSTOMER_NUMBER)
    customer = f"{{{{ ({number} ~ ' ' ~ {_value(table, Own.CUSTOMER_NAME)})[:{FOLDER_SIGNS}]|trim }}}}"
    category = _category(scheme, language, table)
    match branch:
        case Branch.RESIDENTIAL:
            return (_folder(table, Own.DISTRICT, missing), _folder(table, Own.BUILDING, missing), customer, category)
        case Branch.NON_RESIDENTIAL:
            return (_folder(table, Own.TRADE, missing), _folder(table, Own.SCALE, missing), customer, category)
        case Branch.UNREGISTERED:
            return (_folder(table, Own.CUSTOMER_NUMBER, missing), category)
        case Branch.GENERAL:
            return (category,)
    return ()


def _value(table: Mapping[str, FieldDefinition], own: Own) -> str:
    return f"(custom_fields|get_cf_value({_quoted(table[own.value].name)}, ''))"


def _folder(table: Mapping[str, FieldDefinition], own: Own, missing: str) -> str:
    return f"{{{{ ({_value(table, own)} or {_quoted(missing)})[:{FOLDER_SIGNS}]|trim }}}}"


def _category(scheme: Scheme, language: str, table: Mapping[str, FieldDefinition]) -> str:
    """Return the look-up of a category's folder ("3-供热缴费信息") by its label in the category field."""
    pairs = ", ".join(
        f"{_quoted(category.names.in_language(language))}: {_quoted(folder_of(category, language))}"
        for category in scheme.categories
    )
    unclassified = _quoted(words.UNCLASSIFIED_FOLDER.in_language(language))
    return f"{{{{ {{{pairs}}}.get({_value(table, Own.CATEGORY)}, {unclassified}) }}}}"


def _stem(table: Mapping[str, FieldDefinition]) -> str:
    return f"{{{{ ({_value(table, Own.REFERENCE_CODE)} ~ ' ' ~ title)[:{STEM_SIGNS}]|trim }}}}"


def _quoted(text: str) -> str:
    """Return the text as a string of the template's language; slashes would cut it into two folders."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("/", "-")
    return f"'{escaped}'"
