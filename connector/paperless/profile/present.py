"""Reads the state of a server as far as the setup profile cares. Changes nothing.

A sort that the account may not list is said to be unreadable, and the rest is read all the same.
"""

from __future__ import annotations

from functools import partial

from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.json_values import Json, JsonObject, number, optional_number, text
from connector.paperless.profile.plan import MARKER_KEY
from connector.paperless.profile.values import Account, Marker, ObjectKind, Present, PresentObject
from ingest.message import GuidangError

UI_SETTINGS = "/api/ui_settings/"
PAGE_SIZE = 1000
_NOBODY = -1


def read_present(
    client: PaperlessClient, marker_names: frozenset[str], trouble: dict[ObjectKind, GuidangError] | None = None
) -> Present:
    """Return the server's state; the marker is read from the field of one of these names.

    Raises StoreUnreachable, StoreForbidden; where `trouble` is given, what a single sort raised is put there instead.
    """
    account = read_account(client)
    found: list[PresentObject] = []
    unreadable: set[ObjectKind] = set()
    for kind in ObjectKind:
        try:
            found += _listed(client, kind)
        except errors.RightMissing:
            unreadable.add(kind)
        except GuidangError as error:
            if trouble is None:
                raise
            trouble[kind] = error
            unreadable.add(kind)
    holder = next((one for one in found if one.kind is ObjectKind.FIELD and one.name in marker_names), None)
    return Present(
        version=client.server_version or (),
        account=account,
        objects=tuple(found),
        unreadable=frozenset(unreadable),
        marker=marker_in(holder.entry.get("extra_data")) if holder else Marker(),
    )


def read_account(client: PaperlessClient) -> Account:
    """Return whose token we use; where the account may not ask that, one of unknown rights."""
    try:
        settings = client.read_object(UI_SETTINGS)
    except errors.RightMissing:
        return Account(_NOBODY, None)
    user, rights = settings.get("user"), settings.get("permissions")
    if not isinstance(user, dict):
        return Account(_NOBODY, None)
    user_id = client.shaped(UI_SETTINGS, lambda: number(user, "id"))
    if user.get("is_superuser") is True or not isinstance(rights, list):
        return Account(user_id, None)
    return Account(user_id, frozenset(right for right in rights if isinstance(right, str)))


def marker_in(extra: Json) -> Marker:
    """Return the marker that stands in a field's extra data; one that is not there or not whole counts as none."""
    kept = extra.get(MARKER_KEY) if isinstance(extra, dict) else None
    if not isinstance(kept, dict):
        return Marker()
    version, applied = kept.get("version"), kept.get("applied")
    if not isinstance(version, int) or not isinstance(applied, dict):
        return Marker()
    return Marker(version, {code: digest for code, digest in applied.items() if isinstance(digest, str)})


def present_object(kind: ObjectKind, entry: JsonObject) -> PresentObject:
    """Return an entry of a list as a value; raises ShapeWrong."""
    owner = optional_number(entry, "owner") if kind.is_owned else None
    return PresentObject(kind, number(entry, "id"), text(entry, "name"), owner, entry)


def _listed(client: PaperlessClient, kind: ObjectKind) -> list[PresentObject]:
    entries = client.pages(kind.path, page_size=PAGE_SIZE)
    return [client.shaped(kind.path, partial(present_object, kind, entry)) for entry in entries]
