"""Who may see and who may change which records: the duties of the house (档案管理员, 财务 …) as data, and the rule that applies them.

Pure. Not for accounts: the administrator puts people into the groups on the server; no person uses guidang's own account.
The threat: a record that everybody can open shows identity papers and arrears to people whose work does not need them. The
rule: a duty sees the categories that it names and nothing else; held and rejected records have no category that anybody
vouches for, so only those see them whose duty says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from classifiers.scheme import Names, Scheme
from connector import store_words as words
from metadata.values import Description

EVERY = "*"
"""Stands for all categories, those of a later scheme too."""


class Access(StrEnum):
    """What a duty may do with records that wait for a person (待核验) or were rejected by one (退回)."""

    NONE = "none"
    SEE = "see"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Duty:
    """A group of people. `see` and `change` are category codes or EVERY; who may change may see."""

    code: str
    names: Names
    see: tuple[str, ...]
    change: tuple[str, ...] = ()
    held: Access = Access.NONE

    @property
    def may_change_something(self) -> bool:
        """Return whether people of this duty correct records at all."""
        return bool(self.change) or self.held is Access.CHANGE


DEFAULT_DUTIES: tuple[Duty, ...] = (
    Duty("archivists", Names("档案管理员", "archivists"), (EVERY,), (EVERY,), Access.CHANGE),
    Duty("clerks", Names("业务文员", "clerks"), ("service", "use")),
    Duty("customer_service", Names("客户服务", "customer service"), ("basic", "payment", "service", "other", "use")),
    Duty("engineering", Names("工程技术", "engineering"), ("facility", "service")),
    Duty("finance", Names("财务", "finance"), ("payment", "other")),
    Duty("management", Names("管理层", "management"), (EVERY,), (), Access.SEE),
)
"""The policy's departments (section 4) and what their work needs (section 7); only archivists change anything."""


@dataclass(frozen=True, slots=True)
class AccessOfRecord:
    """The names of the groups that may see, and of those that may change, one record."""

    see: frozenset[str]
    change: frozenset[str]


def known_duties(duties: Iterable[Duty], scheme: Scheme) -> tuple[Duty, ...]:
    """Return the default duties as far as this scheme has their categories; one that could see nothing is left out."""
    known = {EVERY, *(category.code for category in scheme.categories)}
    kept = (
        Duty(
            duty.code,
            duty.names,
            tuple(code for code in duty.see if code in known),
            tuple(code for code in duty.change if code in known),
            duty.held,
        )
        for duty in duties
    )
    return tuple(duty for duty in kept if duty.see or duty.change or duty.held is not Access.NONE)


def access_of(description: Description, duties: Sequence[Duty], language: str) -> AccessOfRecord:
    """Return who may see and change the record, by the names of the groups in this language."""
    see: set[str] = set()
    change: set[str] = set()
    for duty in duties:
        name = duty.names.in_language(language)
        access = _access(description, duty)
        if access is not Access.NONE:
            see.add(name)
        if access is Access.CHANGE:
            change.add(name)
    return AccessOfRecord(frozenset(see), frozenset(change))


def _access(description: Description, duty: Duty) -> Access:
    if description.is_held or words.is_rejected(description) or description.category is None:
        return duty.held
    if EVERY in duty.change or description.category in duty.change:
        return Access.CHANGE
    return Access.SEE if EVERY in duty.see or description.category in duty.see else Access.NONE
