"""Names of scans on disk: what is left alone, what looks like a scan, and a clean name to keep and show. Pure.

Scanners, mail gateways and Windows shares send names with newlines, control signs and bytes that are no UTF-8. From the claim on a
scan bears its clean name, on disk, too: so that the journal can hold it, a person can open it and a note can stand beside it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath

from ingest.normalise import is_han

OWN_FOLDERS = frozenset({"done", "failed", "rejected", ".guidang"})
"""Stand at the top of an inbox and are never looked into; deeper down they are folders like any other."""

NOTE_SUFFIXES = (".说明.txt", ".note.txt")
_SCAN_SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
_MAX_NAME_BYTES = 200  # of 255: a number, a note's suffix and the name of a part beside it must still fit
_BEGINNINGS = (".", "~$", "~wrl")
_ENDINGS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~", *NOTE_SUFFIXES)
_SYSTEM_NAMES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "lost+found", "@eadir", "#recycle"})


def is_left_alone(name: str) -> bool:
    """Return whether this is no scan but something hidden, temporary, of the system, or a note of ours."""
    lower = name.lower()
    return lower.startswith(_BEGINNINGS) or lower.endswith(_ENDINGS) or lower in _SYSTEM_NAMES


def is_skipped_folder(name: str) -> bool:
    """Return whether a folder below the inbox is the system's or hidden."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def is_system_name(name: str) -> bool:
    """Return whether the system put this file there by itself: a folder with nothing else in it counts as empty."""
    return name.lower() in _SYSTEM_NAMES or name == ".DS_Store"


def looks_like_scan(name: str) -> bool:
    """Return whether the name ends as a scan's does."""
    return name.lower().endswith(_SCAN_SUFFIXES)


def clean_name(raw: str) -> str:
    """Return a name that can be shown, stored and written: one line, valid Unicode, no path, not too long, never empty.

    Bytes that are no UTF-8 are read as GB18030 where that gives Chinese (old Windows programs), else replaced by U+FFFD.
    """
    text = _decoded(raw)
    text = "".join("_" if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or sign == "/" else sign for sign in text)
    text = unicodedata.normalize("NFC", text).strip()
    if text.strip(". ") == "":
        text = "_"
    stem, suffix = split_suffix(text)
    if len(suffix.encode()) > 20:
        stem, suffix = text, ""
    return _cut(stem, _MAX_NAME_BYTES - len(suffix.encode())) + suffix


def numbered(name: str, number: int) -> str:
    """Return the name for the `number`-th of its kind: `a.pdf`, `a (2).pdf`, `a (3).pdf` …."""
    if number <= 1:
        return name
    stem, suffix = split_suffix(name)
    return f"{stem} ({number}){suffix}"


def is_numbered_form(name: str, of: str) -> bool:
    """Return whether `name` is `of` or one of its numbered forms."""
    if name == of:
        return True
    stem, suffix = split_suffix(of)
    return re.fullmatch(re.escape(stem) + r" \(\d+\)" + re.escape(suffix), name) is not None


def split_suffix(name: str) -> tuple[str, str]:
    """Return the name without its suffix, and the suffix with its dot ("" where there is none)."""
    suffix = PurePosixPath(name).suffix
    return name[: len(name) - len(suffix)], suffix


def _decoded(raw: str) -> str:
    content = os.fsencode(raw)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")
    is_chinese = all(sign.isascii() or is_han(sign) or sign in "（）【】《》、，。—·" for sign in text)
    return text if is_chinese else content.decode("utf-8", "replace")


def _cut(text: str, size_bytes: int) -> str:
    return text.encode("utf-8")[:size_bytes].decode("utf-8", "ignore")
