"""What of others on the server would touch our records by itself: matching rules, inbox tags, workflows. Pure; only warns.

Rules strike when a document is taken in and only then: matching tags and inbox tags are always added, a type or a storage
path where the upload left it empty. Workflows may change anything at any time.
"""

from __future__ import annotations

from collections.abc import Iterator

from connector.interfaces import SetupAction
from connector.paperless.json_values import JsonObject, text
from connector.paperless.profile import sentences as say
from connector.paperless.profile.values import ObjectKind, Present, Step
from ingest.message import Message

_CONSUMPTION, _ADDED, _UPDATED = 1, 2, 3  # triggers
_ASSIGNS, _REMOVES, _PASSWORD, _TRASHES = 1, 2, 5, 6  # actions; 3 sends a mail and 4 calls a webhook
_BY_MODEL = 6


def foreign_rules(present: Present, wanted: frozenset[tuple[ObjectKind, str]]) -> Iterator[Step]:
    """Yield a warning for each rule; what bears one of our names is judged elsewhere."""
    for one in present.objects:
        if one.kind.is_matched and (one.kind, one.name) not in wanted:
            if matches_by_itself(one.entry):
                yield _warning(one.kind, one.name, say.rule_of_its_own(one.name), say.switch_rule_off(one.name))
            if one.entry.get("is_inbox_tag") is True:
                yield _warning(one.kind, one.name, say.inbox_tag(one.name), say.take_inbox_mark(one.name))
    for one in present.of(ObjectKind.WORKFLOW):
        if (one.kind, one.name) not in wanted and one.entry.get("enabled") is True and _acts_on_records(one.entry):
            yield _warning(one.kind, one.name, say.workflow_acts(one.name), say.look_at_workflow(one.name))


def matches_by_itself(entry: JsonObject) -> bool:
    """Return whether the server sets it on documents by itself: an empty pattern never matches, the model needs none."""
    algorithm = entry.get("matching_algorithm")
    return algorithm == _BY_MODEL or (algorithm not in (0, None) and bool(text(entry, "match").strip()))


def _acts_on_records(entry: JsonObject) -> bool:
    strikes = _types(entry, "triggers") & {_CONSUMPTION, _ADDED, _UPDATED}
    return bool(strikes and _types(entry, "actions") & {_ASSIGNS, _REMOVES, _PASSWORD, _TRASHES})


def _types(entry: JsonObject, key: str) -> set[int]:
    parts = entry.get(key)
    listed = parts if isinstance(parts, list) else []
    types = {part.get("type") for part in listed if isinstance(part, dict)}
    return {kind for kind in types if isinstance(kind, int)}


def _warning(kind: ObjectKind, name: str, why: Message, remedy: Message) -> Step:
    return Step(SetupAction.WARNING, kind, name, why, remedy)
