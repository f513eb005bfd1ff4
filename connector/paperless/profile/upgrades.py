"""The versions of the setup profile, and what a server that an older guidang prepared must go through.

An upgrade step renames what stands there, so that its records keep it; everything else that a new version wants follows from
the plan by itself. Not for removing: what a version no longer wants stays, because records may bear it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.paperless.profile.values import ObjectKind, Present
from ingest.message import N_, Message

PROFILE_VERSION = 2
"""1: what filing made by itself, before there was a profile: flat tags, types and fields. 2: all of this package."""

BEFORE_MARKERS = 1
_NEVER = 0


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What changes with one version: `renames` old name → new name, by sort."""

    version: int
    what: Message
    renames: Mapping[ObjectKind, Mapping[str, str]] = field(default_factory=dict)


UPGRADES: Sequence[Upgrade] = (
    Upgrade(
        2,
        Message(
            N_(
                "Tags of reasons stand below the tag of held records, and storage paths, groups and saved views are made; "
                "documents filed before get their path and groups with their next change, or by `guidang reconcile --repair`."
            )
        ),
    ),
)


def version_of(present: Present, own_names: frozenset[str]) -> int:
    """Return the version that a server stands at: 0 where nothing of ours stands there."""
    if present.marker.version:
        return present.marker.version
    has_ours = any(found.kind is ObjectKind.FIELD and found.name in own_names for found in present.objects)
    return BEFORE_MARKERS if has_ours else _NEVER


def pending(version: int, upgrades: Sequence[Upgrade] = UPGRADES) -> Iterator[Upgrade]:
    """Yield the steps from this version on, oldest first; none for a server that was never prepared."""
    if version != _NEVER:
        yield from sorted((one for one in upgrades if one.version > version), key=lambda one: one.version)


def former_names(upgrades: Sequence[Upgrade], kind: ObjectKind, name: str) -> tuple[str, ...]:
    """Return the names that something bore before these steps, newest first."""
    found: list[str] = []
    current = name
    for upgrade in reversed(upgrades):
        old = next((old for old, new in upgrade.renames.get(kind, {}).items() if new == current), None)
        if old is not None:
            found.append(old)
            current = old
    return tuple(found)
