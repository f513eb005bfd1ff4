"""The values of the setup profile: what is wanted on the server, what stands there, and the steps between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from connector.interfaces import SetupAction
from connector.paperless.json_values import Json, JsonObject
from ingest.message import N_, Message


class ObjectKind(StrEnum):
    """The sorts of things that the profile makes, in the order in which they can be made: later ones name earlier ones.

    Correspondents are never made; they are only looked at, because their rules would touch our records, too.
    """

    CORRESPONDENT = "correspondents"
    DOCUMENT_TYPE = "document_types"
    TAG = "tags"
    FIELD = "custom_fields"
    STORAGE_PATH = "storage_paths"
    GROUP = "groups"
    VIEW = "saved_views"
    WORKFLOW = "workflows"

    @property
    def path(self) -> str:
        """Return where the API lists them."""
        return f"/api/{self.value}/"

    @property
    def is_owned(self) -> bool:
        """Return whether they have an owner: only with none are they everybody's."""
        return self.is_matched or self is ObjectKind.VIEW

    @property
    def is_matched(self) -> bool:
        """Return whether the server may put them onto records by a rule of its own."""
        return self in _MATCHED

    def right(self, action: str) -> str:
        """Return the server's name of the right to "view", "add" or "change" them."""
        return f"{action}_{_MODELS[self]}"


_MATCHED = frozenset({ObjectKind.CORRESPONDENT, ObjectKind.DOCUMENT_TYPE, ObjectKind.TAG, ObjectKind.STORAGE_PATH})

_MODELS: Mapping[ObjectKind, str] = {
    ObjectKind.CORRESPONDENT: "correspondent",
    ObjectKind.DOCUMENT_TYPE: "documenttype",
    ObjectKind.TAG: "tag",
    ObjectKind.FIELD: "customfield",
    ObjectKind.STORAGE_PATH: "storagepath",
    ObjectKind.GROUP: "group",
    ObjectKind.VIEW: "savedview",
    ObjectKind.WORKFLOW: "workflow",
}

KIND_WORDS: Mapping[ObjectKind, str] = {
    ObjectKind.CORRESPONDENT: N_("correspondent"),
    ObjectKind.DOCUMENT_TYPE: N_("document type"),
    ObjectKind.TAG: N_("tag"),
    ObjectKind.FIELD: N_("custom field"),
    ObjectKind.STORAGE_PATH: N_("storage path"),
    ObjectKind.GROUP: N_("group"),
    ObjectKind.VIEW: N_("saved view"),
    ObjectKind.WORKFLOW: N_("workflow"),
}


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a body for the id of another wanted object; with a template, for a text that holds the id as `{id}`."""

    kind: ObjectKind
    name: str
    template: str = ""


class Secret(str):
    """A text in a body that is sent and never shown: not in a plan, and not where a value is printed to a log."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


Wish: TypeAlias = "bool | int | float | str | Ref | list[Wish] | dict[str, Wish] | None"
"""A JSON value that may hold references; replaced by ids before it is sent."""


@dataclass(frozen=True, slots=True)
class WantedObject:
    """One thing that is to stand on the server.

    `code` is ours and stays when names change. `other_names` are those of the other language: an object that bears one is
    this one. `body` is kept up to date; `first` is sent only when it is made, and a person may change it afterwards.
    `options` are the labels of a select, each with its label in the other language.
    """

    kind: ObjectKind
    code: str
    name: str
    other_names: frozenset[str] = frozenset()
    body: Mapping[str, Wish] = field(default_factory=dict)
    first: Mapping[str, Wish] = field(default_factory=dict)
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PresentObject:
    """One thing as it stands on the server. `owner` None: everybody's, or a sort without owners."""

    kind: ObjectKind
    object_id: int
    name: str
    owner: int | None
    entry: JsonObject


@dataclass(frozen=True, slots=True)
class Marker:
    """What the profile left on the server about itself: its version, and a digest of each body as it was last applied.

    By the digests an object that a person changed since is told from one that only is out of date. Version 0: no marker.
    """

    version: int = 0
    applied: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """The account whose token we use. `rights` None: all."""

    user_id: int
    rights: frozenset[str] | None

    def has(self, right: str) -> bool:
        """Return whether the account has this right."""
        return self.rights is None or right in self.rights


@dataclass(frozen=True, slots=True)
class Present:
    """The server's state as far as the profile cares. `unreadable`: sorts that the account may not list."""

    version: tuple[int, ...]
    account: Account
    objects: tuple[PresentObject, ...]
    unreadable: frozenset[ObjectKind] = frozenset()
    marker: Marker = Marker()

    def of(self, kind: ObjectKind) -> tuple[PresentObject, ...]:
        """Return what stands there of one sort."""
        return tuple(found for found in self.objects if found.kind is kind)

    def id_of(self, ref: Ref) -> int | None:
        """Return the id of what a reference names; the shared one where several accounts have one of this name."""
        found = [one for one in self.of(ref.kind) if one.name == ref.name]
        return min(found, key=lambda one: (one.owner is not None, one.object_id)).object_id if found else None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan. Only MAKE, CHANGE and RENAME do anything; the other actions say something to a person."""

    action: SetupAction
    kind: ObjectKind
    name: str
    why: Message
    remedy: Message | None = None
    wanted: WantedObject | None = None
    object_id: int | None = None
    body: Mapping[str, Wish] = field(default_factory=dict)


class RefUnknown(Exception):
    """A body names an object that does not stand on the server."""


def resolved(wish: Wish, id_of: Callable[[Ref], int | None]) -> Json:
    """Return the JSON with ids in the place of references; raises RefUnknown where one has none."""
    if isinstance(wish, Ref):
        object_id = id_of(wish)
        if object_id is None:
            raise RefUnknown(f"{wish.kind} {wish.name}")
        return wish.template.format(id=object_id) if wish.template else object_id
    if isinstance(wish, list):
        return [resolved(one, id_of) for one in wish]
    if isinstance(wish, dict):
        return {key: resolved(one, id_of) for key, one in wish.items()}
    return wish


def named(objects: Iterable[PresentObject], names: Iterable[str]) -> tuple[PresentObject, ...]:
    """Return the objects that bear exactly one of these names, shared ones first."""
    wanted = frozenset(names)
    found = [one for one in objects if one.name in wanted]
    return tuple(sorted(found, key=lambda one: (one.owner is not None, one.object_id)))
