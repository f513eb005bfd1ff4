"""The saved views that archivists and staff open first. Shared with everybody, which servers can from 3.0 on.

Not for who sees which record: a view shows each person only what that person may see.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.scheme import Names
from connector import store_words as words
from connector.paperless.fields import FieldDefinition, Own
from connector.paperless.profile.values import ObjectKind, Ref, WantedObject, Wish
from metadata.values import ReasonCode

SHARED_SINCE = (3, 0)
"""Servers before this show a saved view to the account that made it and to nobody else."""

_HAS_TAG, _HAS_NOT_TAG = 6, 17  # the server's numbers of its filter rules

HELD_VIEW = Names("待核验", "held records")
NEWEST_VIEW = Names("最新归档", "newest records")
CATEGORY_VIEW = Names("按档案类别", "by category")
CUSTOMER_VIEW = Names("按客户编号", "by customer")
SECOND_SCANS_VIEW = Names("重复扫描", "second scans")


def views(language: str, table: Mapping[str, FieldDefinition]) -> tuple[WantedObject, ...]:
    """Return the wanted views in the order in which people meet them."""
    held = Ref(ObjectKind.TAG, words.tag_name(words.HELD, language), "{id}")
    second = Ref(ObjectKind.TAG, words.reason_tag(ReasonCode.SECOND_SCAN, language), "{id}")
    number, name, code = (_column(table, own) for own in (Own.CUSTOMER_NUMBER, Own.CUSTOMER_NAME, Own.REFERENCE_CODE))
    category, note = _column(table, Own.CATEGORY), _column(table, Own.REVIEW_NOTE)
    filed: list[Wish] = [{"rule_type": _HAS_NOT_TAG, "value": held}]
    return (
        _view(
            "held",
            HELD_VIEW,
            language,
            {
                "sort_field": "added",
                "sort_reverse": True,
                "filter_rules": [{"rule_type": _HAS_TAG, "value": held}],
                "display_fields": ["title", "added", "documenttype", number, note, "tag"],
            },
        ),
        _view(
            "newest",
            NEWEST_VIEW,
            language,
            {
                "sort_field": "added",
                "sort_reverse": True,
                "filter_rules": filed,
                "display_fields": ["title", "added", "documenttype", number, name, code],
            },
        ),
        _view(
            "by_category",
            CATEGORY_VIEW,
            language,
            {
                "sort_field": category,
                "sort_reverse": False,
                "filter_rules": filed,
                "display_fields": [category, "documenttype", "title", "created", number, code],
            },
        ),
        _view(
            "by_customer",
            CUSTOMER_VIEW,
            language,
            {
                "sort_field": number,
                "sort_reverse": False,
                "filter_rules": filed,
                "display_fields": [number, name, category, "documenttype", "title", "created", code],
            },
        ),
        _view(
            "second_scans",
            SECOND_SCANS_VIEW,
            language,
            {
                "sort_field": "added",
                "sort_reverse": True,
                "filter_rules": [{"rule_type": _HAS_TAG, "value": second}],
                "display_fields": ["title", "added", "documenttype", number, note, code],
            },
        ),
    )


def _column(table: Mapping[str, FieldDefinition], own: Own) -> Ref:
    return Ref(ObjectKind.FIELD, table[own.value].name, "custom_field_{id}")


def _view(code: str, names: Names, language: str, body: Mapping[str, Wish]) -> WantedObject:
    name = names.in_language(language)
    first: dict[str, Wish] = {"show_on_dashboard": code == "held", "show_in_sidebar": True}
    return WantedObject(
        kind=ObjectKind.VIEW,
        code=f"view/{code}",
        name=name,
        other_names=words.every_name(names) - {name},
        body={**body, "page_size": 50, "display_mode": "table"},
        first=first,
    )
