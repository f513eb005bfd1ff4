"""How a present object is compared with what is wanted: only by what we want of it, and by a digest of that.

A server answers with more keys than it was sent, and newer ones with more still; so the present entry is cut down to the shape
of the wish before it is compared or digested. Texts of lists of rights have no order.
"""

from __future__ import annotations

import hashlib
import json

from connector.paperless.json_values import Json, JsonObject

_UNORDERED = frozenset({"permissions"})


def shaped_like(wish: Json, present: Json, key: str = "") -> Json:
    """Return what stands there of the wish: a key that is missing there is None, a longer list stays longer.

    What a longer list has more is cut down like the last part that is wanted, so that its digest is that of the time when a
    longer list was wanted.
    """
    if isinstance(wish, dict) and isinstance(present, dict):
        return {name: shaped_like(part, present.get(name), name) for name, part in wish.items()}
    if isinstance(wish, list) and isinstance(present, list):
        if key in _UNORDERED:
            return sorted(present, key=str)
        return (
            [shaped_like(wish[min(number, len(wish) - 1)], one) for number, one in enumerate(present)]
            if wish
            else present
        )
    return present


def is_as_wanted(wish: JsonObject, entry: JsonObject) -> bool:
    """Return whether all that is wanted stands there."""
    return shaped_like(wish, entry) == shaped_like(wish, wish)


def digest(wish: JsonObject, entry: JsonObject) -> str:
    """Return a short digest of what stands there of the wish."""
    text = json.dumps(shaped_like(wish, entry), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
