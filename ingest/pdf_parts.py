"""The pages of a scan that is a PDF, cut down to those of one record and made harmless; what is drawn stays as it is.

1. Only the record's pages, and nothing that other pages alone need: their fields, bookmarks, links to them, structure.
2. Nothing that acts or hides: scripts, actions on opening, launching and sending, embedded files, XFA forms, usage rights. An archive
   keeps what is to be seen, and whoever opens a record years later must not run what somebody put into a scan. Links to addresses and
   pages stay.
3. The XMP packet goes, since it may claim a standard (PDF/A) that the record need not meet; the information dictionary stays.
Not for the pages' content (`hidden_text`, `text_layer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

_HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named"})
_ROOT_ACTING = ("/OpenAction", "/AA", "/AF", "/Collection", "/Perms", "/DSS", "/Metadata", "/Threads", "/Requirements")
_ROOT_OF_WHOLE = ("/Outlines", "/Names", "/Dests", "/PageLabels", "/StructTreeRoot", "/MarkInfo", "/PageMode")
_PAGE_ACTING = ("/AA", "/AF", "/B", "/Metadata", "/PieceInfo")
_ANNOTATION_ACTING = ("/AA", "/FS", "/RichMediaContent", "/RichMediaSettings", "/Movie", "/Sound", "/3DD", "/AF")
_MAX_FIELDS = 100_000
_MAX_OUTLINES = 50_000


def keep_pages(pdf: pikepdf.Pdf, page_numbers: Sequence[int]) -> None:
    """Reduce the PDF to these pages (from 1, ascending) and make it harmless."""
    wanted = set(page_numbers)
    is_whole = len(wanted) == len(pdf.pages)
    if not is_whole:
        _drop_pages(pdf, wanted)
    _make_harmless(pdf)
    for page in pdf.pages:
        _make_page_harmless(page, is_whole=is_whole)
    _keep_fields(pdf)


def _drop_pages(pdf: pikepdf.Pdf, wanted: set[int]) -> None:
    """Take the other pages out, and empty them so that nothing that still names them keeps what they hold."""
    for number in range(len(pdf.pages), 0, -1):
        if number in wanted:
            continue
        page = pdf.pages[number - 1].obj
        del pdf.pages[number - 1]
        for key in list(page.keys()):
            del page[key]
    for key in _ROOT_OF_WHOLE:
        if key in pdf.Root:
            del pdf.Root[key]
    for page_left in pdf.pages:
        page_left.remove_unreferenced_resources()  # scanners share one list of all pictures among all pages


def _make_harmless(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    for key in _ROOT_ACTING:
        if key in root:
            del root[key]
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in [key for key in names.keys() if key != "/Dests"]:  # noqa: SIM118 - no mapping
            del names[key]
        if not names.keys():
            del root["/Names"]
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        for key in ("/XFA", "/CO"):
            if key in form:
                del form[key]
    _make_outlines_harmless(root)


def _make_outlines_harmless(root: pikepdf.Object) -> None:
    outlines = root.get("/Outlines")
    waiting: list[Any] = [outlines] if isinstance(outlines, pikepdf.Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MAX_OUTLINES:
        item = waiting.pop()
        if item.objgen in seen:
            continue
        seen.add(item.objgen)
        _drop_harmful_action(item)
        waiting += [item[key] for key in ("/First", "/Next") if isinstance(item.get(key), pikepdf.Dictionary)]


def _make_page_harmless(page: pikepdf.Page, *, is_whole: bool) -> None:
    for key in _PAGE_ACTING:
        if key in page.obj:
            del page.obj[key]
    if not is_whole and "/StructParents" in page.obj:
        del page.obj["/StructParents"]
    for annotation in _annotations(page):
        for key in _ANNOTATION_ACTING:
            if key in annotation:
                del annotation[key]
        _drop_harmful_action(annotation)
        if not is_whole and "/StructParent" in annotation:
            del annotation["/StructParent"]


def _annotations(page: pikepdf.Page) -> list[Any]:
    annotations = page.obj.get("/Annots")
    listed = list(annotations) if isinstance(annotations, pikepdf.Array) else []
    return [annotation for annotation in listed if isinstance(annotation, pikepdf.Dictionary)]


def _drop_harmful_action(item: Any) -> None:
    action = item.get("/A")
    if action is None:
        return
    if not isinstance(action, pikepdf.Dictionary) or str(action.get("/S", "")) not in _HARMLESS_ACTIONS:
        del item["/A"]
    elif "/Next" in action:
        del action["/Next"]


def _keep_fields(pdf: pikepdf.Pdf) -> None:
    """Keep of the form only the fields that are shown on a page that stays."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    shown: set[tuple[int, int]] = set()
    for page in pdf.pages:
        shown.update(annotation.objgen for annotation in _annotations(page) if annotation.is_indirect)
    seen: set[tuple[int, int]] = set()
    fields = form.get("/Fields")
    kept = [one for one in list(fields) if _is_kept(one, shown, seen)] if isinstance(fields, pikepdf.Array) else []
    if kept:
        form["/Fields"] = pikepdf.Array(kept)
    else:
        del pdf.Root["/AcroForm"]


def _is_kept(node: Any, shown: set[tuple[int, int]], seen: set[tuple[int, int]]) -> bool:
    """Return whether this field or one below it is shown; those below that are not are taken out."""
    if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen or len(seen) > _MAX_FIELDS:
        return False
    if node.is_indirect:
        seen.add(node.objgen)
    if "/AA" in node:
        del node["/AA"]
    children = node.get("/Kids")
    if not isinstance(children, pikepdf.Array):
        return node.objgen in shown
    kept = [child for child in list(children) if _is_kept(child, shown, seen)]
    node["/Kids"] = pikepdf.Array(kept)
    return bool(kept)
