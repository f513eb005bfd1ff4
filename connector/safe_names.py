"""Turns any text into a name that Linux, Windows and a network share take, and that a person still recognises.

Not for finding files again: two texts may give one name, so the caller keeps what stands where. Forbidden signs become their
full-width twins (`/` → `／`), because clerks read these names and a row of underscores tells them nothing.
"""

from __future__ import annotations

import unicodedata

_TWINS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in '<>:"/\\|?*'})
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10)))
)
"""Names that Windows keeps for devices, with or without an extension (naming-a-file, Microsoft Learn)."""
_HIDING = " .~\u3000"


def safe_name(text: str, max_bytes: int = 120) -> str:
    """Return the text as one path component of at most `max_bytes` bytes in UTF-8, at least 8; never empty, "." or hidden.

    Applying it twice changes nothing more.
    """
    signs = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    signs = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in signs)
    signs = " ".join(signs.translate(_TWINS).split()).lstrip(_HIDING)
    name = shortened(signs, max_bytes)
    if name.split(".")[0].strip().casefold() in _RESERVED:
        name = shortened(f"_{name}", max_bytes)
    return name or "_"


def shortened(text: str, max_bytes: int) -> str:
    """Return as much of the beginning as fits into so many bytes of UTF-8, without trailing blanks or dots."""
    cut = text.encode("utf-8")[:max_bytes].decode("utf-8", "ignore")
    return cut.rstrip(_HIDING)
