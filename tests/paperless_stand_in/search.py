"""The search boxes of the web pages, as 3.0.5 and 2.20.15 answer them: over the list of documents, and at the top of each page.

3.x finds any part of a title or a content, Chinese too. 2.x finds whole words only, and a run of Chinese signs is one word; its
filter "title & content" finds parts. The box at the top takes three signs at least, in both. One word a question: how several are
combined is nobody's business here.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pypdfium2

from tests.paperless_stand_in import shapes
from tests.paperless_stand_in.asked import Asked, Given
from tests.paperless_stand_in.state import State, StoredDocument

AT_THE_TOP = 3
"""So many signs must be typed, and so many documents are shown."""


def found_by(state: State, asked: Asked, entries: list[StoredDocument]) -> list[StoredDocument]:
    """Return those that the search asked for leaves; a question that this line does not know is ignored."""
    parts = [*asked.params.get("title_content", []), *(asked.params.get("text", []) if state.is_v3 else [])]
    for part in parts:
        entries = [entry for entry in entries if _has_part(entry, part)]
    for word in asked.params.get("query", []):
        entries = [entry for entry in entries if _has_word(state, entry, word)]
    return entries


def box_at_the_top(state: State, asked: Asked) -> Given:
    """Return what the box at the top of every page finds."""
    typed = (asked.params.get("query") or [""])[-1]
    if len(typed) < AT_THE_TOP:
        return Given(400, f"Query must be at least {AT_THE_TOP} characters", is_html=True)
    if state.is_v3:
        found = [entry for entry in state.live if _has_part(entry, typed)]
    else:
        found = [entry for entry in state.live if typed.casefold() in entry.title.casefold()]
        found += [entry for entry in state.live if entry not in found and _has_word(state, entry, typed)]
    documents = [shapes.document(state, entry) for entry in found[:AT_THE_TOP]]
    return Given(200, {"total": len(documents), "documents": documents})


def _has_part(entry: StoredDocument, part: str) -> bool:
    return part.casefold() in f"{entry.title}\n{_content(entry.content)}".casefold()


def _has_word(state: State, entry: StoredDocument, word: str) -> bool:
    said = f"{entry.title}\n{_content(entry.content)}"
    if state.is_v3:  # of Chinese any two signs beside each other are a word
        return word.casefold() in (re.findall(r"\w+", said.casefold())) or (
            bool(re.fullmatch(r"[\u4e00-\u9fff]{2,}", word)) and word in said
        )
    values = "\n".join(str(value) for value in entry.fields.values())
    return word.casefold() in re.findall(r"\w+", f"{said}\n{values}".casefold())


@lru_cache(maxsize=1000)
def _content(file: bytes) -> str:
    """Return the text of a PDF, "" of what is none."""
    try:
        with pypdfium2.PdfDocument(file) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    except pypdfium2.PdfiumError:
        return ""
