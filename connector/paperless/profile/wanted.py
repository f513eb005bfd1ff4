"""What is wanted on the server, as data made from the configuration: pure, and the only place that decides names and types.

Filing asks the same catalogue when it needs a tag, type, field, storage path or group; so what filing makes on a server that
was never prepared is what `guidang profile apply` would have made. Not for what a single record bears (`connector.paperless.wanted`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from classifiers.scheme import Names, Scheme
from connector import store_words as words
from connector.duties import Duty
from connector.i18n import Language
from connector.paperless.fields import CURRENCY, DataType, FieldDefinition, field_table
from connector.paperless.json_values import JsonObject
from connector.paperless.profile.groups import groups
from connector.paperless.profile.storage_paths import storage_paths
from connector.paperless.profile.values import ObjectKind, Ref, WantedObject, Wish, resolved
from connector.paperless.profile.views import views
from metadata.values import CustomerType

COLOURS: Mapping[str, str] = {words.HELD: "#ff7f00", words.REJECTED: "#999999", words.NOTED: "#fdbf6f"}
"""So that what waits for a person is seen at a glance; people may choose others."""


@dataclass(frozen=True)
class ProfileSource:
    """What of the configuration the profile is made from. `more` are objects that other parts of guidang want there."""

    scheme: Scheme
    language: Language
    duties: tuple[Duty, ...] = ()
    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    more: tuple[WantedObject, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The wanted objects, and the custom fields by our codes; a tag above another stands before it."""

    objects: tuple[WantedObject, ...]
    fields: Mapping[str, FieldDefinition]
    _by_name: Mapping[tuple[ObjectKind, str], WantedObject] = field(default_factory=dict, repr=False)

    def named(self, kind: ObjectKind, name: str) -> WantedObject | None:
        """Return what is wanted under this name, None where it is a word of a person's own."""
        return self._by_name.get((kind, name))

    def parent_of(self, tag: str) -> str | None:
        """Return the name of the tag above this one."""
        found = self.named(ObjectKind.TAG, tag)
        parent = found.body.get("parent") if found else None
        return parent.name if isinstance(parent, Ref) else None


def catalogue_of(source: ProfileSource) -> Catalogue:
    """Return everything that is wanted, each name of a sort once; the first to want a name decides about it."""
    table = field_table(source.scheme, source.language)
    by_name: dict[tuple[ObjectKind, str], WantedObject] = {}
    for wanted in _all(source, table):
        by_name.setdefault((wanted.kind, wanted.name), wanted)
    by_name = {key: _told_apart(wanted, by_name.values()) for key, wanted in by_name.items()}
    order = list(ObjectKind)
    objects = sorted(by_name.values(), key=lambda one: order.index(one.kind))
    return Catalogue(tuple(objects), table, by_name)


def _told_apart(wanted: WantedObject, everything: Iterable[WantedObject]) -> WantedObject:
    """Return it with only those other names that mean nothing else that is wanted."""
    rivals = [one for one in everything if one.kind is wanted.kind and one.code != wanted.code]
    taken = {name for one in rivals for name in (one.name, *one.other_names)}
    return replace(wanted, other_names=wanted.other_names - taken)


def _all(source: ProfileSource, table: Mapping[str, FieldDefinition]) -> Iterator[WantedObject]:
    scheme, language = source.scheme, source.language
    for kind in scheme.kinds:
        yield _object(ObjectKind.DOCUMENT_TYPE, f"document_type/{kind.code}", kind.names, language)
    yield from _tags(source)
    for definition in table.values():
        yield wanted_field(definition)
    yield from storage_paths(scheme, language, table)
    yield from groups(source.duties, language)
    yield from views(language, table)
    yield from source.more


def _tags(source: ProfileSource) -> Iterator[WantedObject]:
    """Yield the tags; those of reasons stand below 待核验 and those of notes below 备注, so that one click takes all away."""
    language = source.language
    for code in (words.HELD, words.REJECTED, words.NOTED, *CustomerType):
        first: dict[str, Wish] = {"color": COLOURS[code]} if code in COLOURS else {}
        yield _object(ObjectKind.TAG, f"tag/{code}", words.TAGS[code], language, first=first)
    for reason, names in words.REASON_TAGS.items():
        upper = words.NOTED if reason in words.NOTES else words.HELD
        body: dict[str, Wish] = {"parent": Ref(ObjectKind.TAG, words.tag_name(upper, language))}
        yield _object(ObjectKind.TAG, f"tag/reason/{reason.value}", names, language, body)
    for category in source.scheme.categories:
        names = Names(words.category_tag(category, "zh"), words.category_tag(category, "en"))
        yield _object(ObjectKind.TAG, f"tag/category/{category.code}", names, language)
    own_words = (*source.departments, *source.tags, *(tag for kind in source.scheme.kinds for tag in kind.tags))
    for word in own_words:
        name = words.tag_name(word, language).strip()
        if name:
            yield WantedObject(ObjectKind.TAG, f"tag/word/{name}", name)


def wanted_field(definition: FieldDefinition) -> WantedObject:
    """Return a custom field as it is wanted on the server."""
    body: dict[str, Wish] = {"data_type": definition.data_type.value}
    first: dict[str, Wish] = {}
    if definition.data_type is DataType.SELECT:
        first["extra_data"] = {"select_options": [{"label": label} for label in definition.options]}
    elif definition.data_type is DataType.MONETARY:
        first["extra_data"] = {"default_currency": CURRENCY}
    return WantedObject(
        kind=ObjectKind.FIELD,
        code=f"field/{definition.code}",
        name=definition.name,
        other_names=definition.other_names,
        body=body,
        first=first,
        options=tuple(zip(definition.options, definition.other_options, strict=True)),
    )


def creation_body(wanted: WantedObject, id_of: Callable[[Ref], int | None]) -> JsonObject:
    """Return what is sent to make it: shared with everybody, matched by nothing; raises RefUnknown."""
    body: JsonObject = {"name": wanted.name}
    if wanted.kind.is_owned:
        body["owner"] = None
    if wanted.kind.is_matched:
        body |= {"match": "", "matching_algorithm": 0}
    if wanted.kind is ObjectKind.TAG:
        body["is_inbox_tag"] = False
    return body | with_ids(wanted.first, id_of) | with_ids(wanted.body, id_of)


def with_ids(body: Mapping[str, Wish], id_of: Callable[[Ref], int | None]) -> JsonObject:
    """Return the body with ids in the place of references; raises RefUnknown."""
    return {key: resolved(wish, id_of) for key, wish in body.items()}


def _object(
    kind: ObjectKind,
    code: str,
    names: Names,
    language: str,
    body: Mapping[str, Wish] | None = None,
    *,
    first: Mapping[str, Wish] | None = None,
) -> WantedObject:
    name = names.in_language(language)
    return WantedObject(kind, code, name, words.every_name(names) - {name}, body or {}, first or {})
