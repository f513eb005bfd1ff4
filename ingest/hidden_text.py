"""Takes the hidden text out of a page that was read here: what some other program's OCR laid there, seldom right, would be found beside ours.

Hidden is 1. what is shown in rendering mode 3 (neither filled nor stroked), and 2. what was drawn before one plain picture that
covers the page ("text under the image"). Pictures, painting, visible text and the graphics state stay exactly as they were; where a hidden
sign decides where a visible one stands (rare), it is left. Mode 7 is left too: it clips what is drawn after it.
Not for pages that keep their own text. That nothing visible changed is proven afterwards (`pdf_proof`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from ingest.box_font import compressed_stream
from ingest.page_frame import PageFrame
from ingest.pdf_content import content_of

Instruction = Any
"""A content stream instruction or inline image of pikepdf."""

_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_PLACING = frozenset({"Td", "TD", "Tm", "T*"})
_TEXT_STATE = frozenset({"Tf", "Tr", "Tc", "Tw", "Tz", "TL", "Ts"})
_TEXT_ONLY = _PLACING | _TEXT_STATE | {"BT", "ET"}
_INVISIBLE = 3
_CLIPPING = 4  # modes from here on clip
_MAX_DEPTH = 8
_NOT_UNDERSTOOD = (pikepdf.PdfError, TypeError, ValueError, LookupError, AttributeError)
_COVERS_SLACK_PT = 1.0
_STREAM_KEYS = frozenset({"/Length", "/Filter", "/DecodeParms", "/F", "/FFilter", "/FDecodeParms"})


def strip_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page, frame: PageFrame) -> bool:
    """Take hidden text out of the page's content; return whether there was any. Content that cannot be understood is left."""
    level = _Level(pdf, page.obj.get("/Resources"), _covering_picture(page, frame))
    try:
        content = level.rewritten(page.obj)
    except _NOT_UNDERSTOOD:
        return False
    if content is None:
        return False
    page.obj["/Contents"] = compressed_stream(pdf, content)
    if level.forms:
        page.obj["/Resources"] = level.resources_with_forms()
    page.remove_unreferenced_resources()
    return True


def _covering_picture(page: pikepdf.Page, frame: PageFrame) -> tuple[int, int] | None:
    """Return the object of the last picture that lies plainly over the whole visible page; None where there is none."""
    content = content_of(page)
    found = None
    for image in content.images:
        left, bottom, right, top = image.bounds
        slack = _COVERS_SLACK_PT
        covers = (
            left <= frame.left + slack
            and bottom <= frame.bottom + slack
            and right >= frame.left + frame.width_pt - slack
            and top >= frame.bottom + frame.height_pt - slack
        )
        if covers and image.is_plain and image.stream is not None:
            found = image.stream.objgen
    return found


@dataclass(slots=True)
class _Level:
    """The content of a page or of a form, and what comes out of it."""

    pdf: pikepdf.Pdf
    resources: pikepdf.Object | None
    picture: tuple[int, int] | None
    depth: int = 0
    mode: int = 0
    is_type3: bool = False
    forms: dict[str, pikepdf.Stream] = field(default_factory=dict)
    _instructions: list[Instruction] = field(default_factory=list)
    _dropped: set[int] = field(default_factory=set)
    _unplaced: list[int] = field(default_factory=list)  # dropped, and nothing has placed the next sign since

    def rewritten(self, source: pikepdf.Object) -> bytes | None:
        """Return the content without hidden text; None where there is none. `forms` then holds forms that changed, by name."""
        self._instructions = list(pikepdf.parse_content_stream(source))
        covered_until = self._covered_until()
        draws_forms = False
        stack: list[tuple[int, bool]] = []
        for index, instruction in enumerate(self._instructions):
            operator = str(instruction.operator)
            if operator == "q":
                stack.append((self.mode, self.is_type3))
            elif operator == "Q" and stack:
                self.mode, self.is_type3 = stack.pop()
            elif operator == "Tr":
                self.mode = _mode(instruction.operands[0], self.mode)
            elif operator == "Tf":
                self.is_type3 = self._is_type3(str(instruction.operands[0]))
            elif operator == "Do":
                draws_forms |= self._enter(str(instruction.operands[0]))
            elif operator in _SHOWING:
                self._show(index, operator, is_covered=index < covered_until)
            if operator in _PLACING or operator in ("BT", "ET"):
                self._unplaced.clear()
        if not self._dropped and not self.forms:
            return None
        return pikepdf.unparse_content_stream(list(self._left_over(draws_forms)))

    def resources_with_forms(self) -> pikepdf.Dictionary:
        """Return a copy of the resources in which the changed forms stand for the old ones."""
        resources = pikepdf.Dictionary(dict((self.resources or pikepdf.Dictionary()).items()))
        resources["/XObject"] = pikepdf.Dictionary(dict(resources["/XObject"].items()) | self.forms)
        return resources

    def _show(self, index: int, operator: str, *, is_covered: bool) -> None:
        if operator in ("'", '"'):
            self._unplaced.clear()  # they begin a new line
        is_hidden = (self.mode == _INVISIBLE and not self.is_type3) or (is_covered and self.mode < _CLIPPING)
        if is_hidden:
            self._dropped.add(index)
            self._unplaced.append(index)
        else:
            self._dropped.difference_update(self._unplaced)
            self._unplaced.clear()

    def _left_over(self, draws_forms: bool) -> Iterator[Instruction]:
        """Yield what stays; where no text is shown any more, nothing that only text needs."""
        shows = any(
            str(instruction.operator) in _SHOWING and index not in self._dropped
            for index, instruction in enumerate(self._instructions)
        )
        needs_text_state = shows or draws_forms
        for index, instruction in enumerate(self._instructions):
            operator = str(instruction.operator)
            if index in self._dropped:
                if needs_text_state:
                    yield from _moves_of(operator, list(instruction.operands))
            elif needs_text_state or operator not in _TEXT_ONLY:
                yield instruction

    def _covered_until(self) -> int:
        """Return the index of the instruction that draws the covering picture, 0 where none does on this level."""
        if self.picture is None:
            return 0
        drawn = (
            index
            for index, instruction in enumerate(self._instructions)
            if str(instruction.operator) == "Do" and self._is_picture(str(instruction.operands[0]))
        )
        return max(drawn, default=0)

    def _is_picture(self, name: str) -> bool:
        drawn = self._named("/XObject", name)
        return drawn is not None and drawn.objgen == self.picture

    def _is_type3(self, name: str) -> bool:
        """Return whether the font is drawn whatever the mode says (ISO 32000-1, 9.3.6)."""
        font = self._named("/Font", name)
        return font is not None and font.get("/Subtype") == "/Type3"

    def _enter(self, name: str) -> bool:
        """Note the form of that name if it changes; return whether it is a form."""
        drawn = self._named("/XObject", name)
        if not isinstance(drawn, pikepdf.Stream) or drawn.get("/Subtype") != "/Form":
            return False
        if self.depth >= _MAX_DEPTH:
            return True
        inside = _Level(
            self.pdf, drawn.get("/Resources", self.resources), None, self.depth + 1, self.mode, self.is_type3
        )
        content = inside.rewritten(drawn)
        if content is not None:
            form = compressed_stream(self.pdf, content)
            for key in drawn.keys():  # noqa: SIM118 - a stream is no mapping
                if key not in _STREAM_KEYS:
                    form[key] = drawn[key]
            if inside.forms:
                form["/Resources"] = inside.resources_with_forms()
            self.forms[name] = form
        return True

    def _named(self, category: str, name: str) -> pikepdf.Object | None:
        if self.resources is None or category not in self.resources:
            return None
        return self.resources[category].get(name)


def _mode(operand: Any, before: int) -> int:
    """Return the rendering mode; the one before where the operand is no number, since viewers skip the instruction then."""
    try:
        return int(operand)
    except (TypeError, ValueError):
        return before


def _moves_of(operator: str, operands: list[Any]) -> Iterator[Instruction]:
    """Yield what a text-showing instruction does besides showing (ISO 32000-1, table 109)."""
    if operator == '"':
        yield pikepdf.ContentStreamInstruction([operands[0]], pikepdf.Operator("Tw"))
        yield pikepdf.ContentStreamInstruction([operands[1]], pikepdf.Operator("Tc"))
    if operator in ("'", '"'):
        yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("T*"))
