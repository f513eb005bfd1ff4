"""Looks through a whole archive folder; only for when a person moved something or our pointers were lost.

Not for everyday look-ups (pointers do those): it lists every folder once, about half a second for 100,000 files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from connector.durable_files import digests_of
from connector.folder_pointers import OWN_FOLDER, Pointer, Pointers
from connector.sidecar import SidecarDamaged, read_sidecar


def moved_pdf(archive: Path, pointer: Pointer) -> Path | None:
    """Return where a person moved the PDF of this record to: the same bytes, and no sidecar that says it is another's."""
    for path in _files(archive, ".pdf"):
        if path.stat().st_size != pointer.size_bytes or owner_of(path) not in (None, pointer.record):
            continue
        if digests_of(path).sha256 == pointer.sha256:
            return path
    return None


def rebuild(archive: Path, pointers: Pointers) -> int:
    """Write the pointers anew from PDFs and their sidecars; return how many."""
    count = 0
    for pdf_path in _files(archive, ".pdf"):
        record = owner_of(pdf_path)
        if record is None or not Pointers.takes(record):
            continue
        digests = digests_of(pdf_path)
        place = pdf_path.relative_to(archive).as_posix()
        pointers.put(Pointer(record, digests.sha256, digests.md5, pdf_path.stat().st_size, place))
        count += 1
    return count


def owners(archive: Path) -> Iterator[str]:
    """Yield the record of each PDF that has one, in the order of the places."""
    for pdf_path in _files(archive, ".pdf"):
        record = owner_of(pdf_path)
        if record is not None:
            yield record


def owner_of(pdf_path: Path) -> str | None:
    """Return the record that the sidecar of this PDF names, None where none does."""
    try:
        sidecar = read_sidecar(pdf_path.with_suffix(".json"))
    except SidecarDamaged:
        return None
    record = sidecar.get("record") if sidecar else None
    return record if isinstance(record, str) else None


def _files(archive: Path, suffix: str) -> Iterator[Path]:
    for folder, folders, names in os.walk(archive):
        folders[:] = sorted(name for name in folders if name != OWN_FOLDER)
        for name in sorted(names):
            path = Path(folder, name)
            if name.casefold().endswith(suffix) and path.is_file() and not path.is_symlink():
                yield path
