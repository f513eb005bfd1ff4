"""The costly results of a scan under way, kept beside its original in `.guidang/<scan id>/` until the scan is closed.

Pages are appended to `pages.jsonl`, one line each; a line that a crash cut short is left out and the page is read again.
Not the journal: what stands here may be lost and is then only done again.
"""

from __future__ import annotations

import os
from pathlib import Path

from zope.interface import implementer

from ingest.durable import fsync_folder, make_folder
from ingest.interfaces import IWorkFolder
from ingest.page_json import PageNotKept, page_from_json, page_to_json
from ingest.values import PageText, Scan

_PAGES = "pages.jsonl"


def work_path(scan: Scan) -> Path:
    """Return the work folder of a claimed scan: two above its original."""
    return scan.path.parent.parent


@implementer(IWorkFolder)
class WorkFolder:
    """One scan's kept pages and the PDFs of its records."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pages(self) -> dict[int, PageText]:
        """Return the pages kept so far, by page number; a half-written last one is left out.

        A page kept twice counts as the later.
        """
        try:
            lines = (self._path / _PAGES).read_bytes().split(b"\n")
        except FileNotFoundError:
            return {}
        kept: dict[int, PageText] = {}
        for line in lines:
            try:
                page = page_from_json(line.decode("utf-8", "surrogatepass"))
            except (PageNotKept, UnicodeDecodeError):
                continue
            kept[page.page_number] = page
        return kept

    def keep(self, page: PageText) -> None:
        """Append a page; durable when this returns."""
        make_folder(self._path)
        path = self._path / _PAGES
        is_new = not path.exists()
        with path.open("ab+") as stream:
            if stream.tell() and not _ends_whole(stream.fileno(), stream.tell()):
                stream.write(b"\n")
            stream.write(page_to_json(page).encode("utf-8", "surrogatepass") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        if is_new:
            fsync_folder(self._path)

    def record_pdf_path(self, record_id: str) -> Path:
        """Return where the PDF of this record stands or will stand."""
        folder = self._path / "records"
        make_folder(folder)
        return folder / f"{record_id}.pdf"


def _ends_whole(descriptor: int, size_bytes: int) -> bool:
    """Return whether the last append was completed: the next one must not continue a line that a crash cut short."""
    return os.pread(descriptor, 1, size_bytes - 1) == b"\n"
