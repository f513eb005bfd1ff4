"""A document as flat values under `connector.store_keys`, and back into changes: what agreements are made of.

Pure, given the words of the server. A key is left out where nothing stands there; fields and tags of other people's making that
we have no meaning for are compared, too (tags) or left out (custom fields that are not ours).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from connector.paperless.changes import Changes, WantedIds
from connector.paperless.documents import Document, Permissions
from connector.paperless.fields import Own, ServerValue
from connector.paperless.json_values import Json, JsonObject
from connector.paperless.profile.values import ObjectKind
from connector.paperless.vocabulary import Vocabulary
from connector.paperless.wanted import Wanted
from connector.store_keys import CHANGE, CREATED, FIELD, PATH, SEE, TAG, TITLE, TYPE
from metadata.copies import StoreValue, Values


@dataclass(frozen=True, slots=True)
class ServerWords:
    """What the names on a server mean, by their ids; `parents` of tags by meaning.

    `codes` and `options` (meaning by option's id) are of our custom fields; `unreadable` are keys of fields that have another type
    than ours now, whose values mean nothing.
    """

    vocabulary: Vocabulary
    meanings: Mapping[ObjectKind, Mapping[int, str]]
    codes: Mapping[int, str]
    options: Mapping[int, Mapping[str, str]]
    parents: Mapping[str, str]
    unreadable: frozenset[str] = frozenset()

    def meaning(self, kind: ObjectKind, object_id: int | None) -> str | None:
        """Return what a type or path means; "#id" for one that we may not see, None for none."""
        return None if object_id is None else self.meanings[kind].get(object_id, f"#{object_id}")

    def tag_of(self, tag_id: int) -> str | None:
        """Return the key of a tag, None for one that we may not see."""
        meaning = self.meanings[ObjectKind.TAG].get(tag_id)
        return None if meaning is None else TAG + meaning

    def group_of(self, group_id: int) -> str | None:
        """Return what a group means, None for one that we may not see."""
        return self.meanings.get(ObjectKind.GROUP, {}).get(group_id)


def standing_values(document: Document, words: ServerWords) -> Values:
    """Return what stands on the document."""
    values: dict[str, StoreValue] = {TITLE: document.title, CREATED: document.created}
    for key, kind, object_id in (
        (TYPE, ObjectKind.DOCUMENT_TYPE, document.type_id),
        (PATH, ObjectKind.STORAGE_PATH, document.path_id),
    ):
        meaning = words.meaning(kind, object_id)
        if meaning is not None:
            values[key] = meaning
    if document.permissions is not None:
        values |= {SEE + one: True for one in _groups(document.permissions.view_groups, words)}
        values |= {CHANGE + one: True for one in _groups(document.permissions.change_groups, words)}
    for tag_id in document.tag_ids:
        tag = words.tag_of(tag_id)
        if tag is not None:
            values[tag] = True
    for field_id, value in document.fields.items():
        code = words.codes.get(field_id)
        standing = None if code is None else _standing(value, field_id, words)
        if standing is not None:
            values[f"{FIELD}{code}"] = standing
    return values


def wanted_values(wanted: Wanted, words: ServerWords) -> Values:
    """Return what we want; with the tags above ours, which the server puts on by itself."""
    values: dict[str, StoreValue] = {TITLE: wanted.title, CREATED: wanted.created.isoformat()}
    vocabulary = words.vocabulary
    if wanted.type_name:
        values[TYPE] = vocabulary.meaning(ObjectKind.DOCUMENT_TYPE, wanted.type_name)
    if wanted.path_name:
        values[PATH] = vocabulary.meaning(ObjectKind.STORAGE_PATH, wanted.path_name)
    for prefix, groups in ((SEE, wanted.access.see), (CHANGE, wanted.access.change)):
        values |= {prefix + vocabulary.meaning(ObjectKind.GROUP, name): True for name in groups}
    for name in wanted.tags:
        for meaning in _with_parents(vocabulary.meaning(ObjectKind.TAG, name), words.parents):
            values[TAG + meaning] = True
    for code, value in wanted.fields.items():
        values[f"{FIELD}{code}"] = _meant(code, value, vocabulary)
    return values


def changes_from(
    writes: Mapping[str, StoreValue | None], document: Document, ids: WantedIds, words: ServerWords
) -> Changes:
    """Return the changes that carry out the writes; `ids` are of the wanted document that the writes came from."""
    properties: JsonObject = {}
    if TITLE in writes:
        properties["title"] = ids.title
    if CREATED in writes:
        properties["created"] = ids.created.isoformat()
    if TYPE in writes:
        properties["document_type"] = ids.type_id
    if PATH in writes:
        properties["storage_path"] = ids.path_id
    permissions = _aimed_permissions(writes, document, ids, words)
    if permissions != document.permissions and permissions is not None:
        properties["set_permissions"] = permissions.as_json()
    return Changes(
        properties=properties,
        add_fields=_added_fields(writes, ids, words),
        remove_fields=frozenset(
            field_id for field_id in document.fields if _is_removed(writes, f"{FIELD}{words.codes.get(field_id)}")
        ),
        add_tags=frozenset(_tags(_to_put_on(ids.tag_ids, document, words), writes, words, is_added=True))
        - document.tag_ids,
        remove_tags=frozenset(_tags(document.tag_ids, writes, words, is_added=False)),
    )


def _added_fields(
    writes: Mapping[str, StoreValue | None], ids: WantedIds, words: ServerWords
) -> Mapping[int, ServerValue]:
    added: dict[int, ServerValue] = {}
    for field_id, code in words.codes.items():
        value = writes.get(f"{FIELD}{code}")
        if value is not None:  # a note that both sides write on is not what we want alone
            added[field_id] = value if code == Own.REVIEW_NOTE else ids.fields.get(field_id, value)
    return added


def _aimed_permissions(
    writes: Mapping[str, StoreValue | None], document: Document, ids: WantedIds, words: ServerWords
) -> Permissions | None:
    """Return the permissions with our groups as written; what people gave to others, and to users, stays."""
    present = document.permissions
    if present is None:
        return None

    def aimed(prefix: str, standing: frozenset[int], wanted: frozenset[int]) -> frozenset[int]:
        keys = {group_id: f"{prefix}{words.group_of(group_id)}" for group_id in standing | wanted}
        gone = {group_id for group_id, key in keys.items() if _is_removed(writes, key)}
        return (standing - gone) | {group_id for group_id in wanted if writes.get(keys[group_id]) is not None}

    return replace(
        present,
        view_groups=aimed(SEE, present.view_groups, ids.see_groups),
        change_groups=aimed(CHANGE, present.change_groups, ids.change_groups),
    )


def _groups(group_ids: Iterable[int], words: ServerWords) -> list[str]:
    return [meaning for meaning in map(words.group_of, group_ids) if meaning is not None]


def _tags(
    tag_ids: Iterable[int], writes: Mapping[str, StoreValue | None], words: ServerWords, *, is_added: bool
) -> list[int]:
    keys = ((tag_id, words.tag_of(tag_id) or "") for tag_id in tag_ids)
    return [tag_id for tag_id, key in keys if key in writes and (writes[key] is not None) == is_added]


def _to_put_on(tag_ids: frozenset[int], document: Document, words: ServerWords) -> frozenset[int]:
    """Return the wanted tags, with those above a tag that stands already: the server puts them on with a new tag only.

    A tag that came onto the document before it was nested stands there without them.
    """
    meanings = words.meanings[ObjectKind.TAG]
    standing = (meanings[tag_id] for tag_id in tag_ids & document.tag_ids if tag_id in meanings)
    above = {upper for meaning in standing for upper in _with_parents(meaning, words.parents)[1:]}
    return tag_ids | {tag_id for tag_id, meaning in meanings.items() if meaning in above}


def _is_removed(writes: Mapping[str, StoreValue | None], key: str) -> bool:
    return key in writes and writes[key] is None


def _standing(value: Json, field_id: int, words: ServerWords) -> StoreValue | None:
    options = words.options.get(field_id)
    if options is not None and isinstance(value, str):
        return options.get(value, f"#{value}")
    if value in (None, "") or not isinstance(value, str | int | float | bool):
        return None
    return value


def _meant(code: str, value: ServerValue, vocabulary: Vocabulary) -> StoreValue:
    return vocabulary.category(str(value)) if code == Own.CATEGORY else value


def _with_parents(meaning: str, parents: Mapping[str, str]) -> list[str]:
    found = [meaning]
    while found[-1] in parents and parents[found[-1]] not in found:
        found.append(parents[found[-1]])
    return found
