"""What a PDF page draws, as far as reading it must know: pictures and where they lie, visible and invisible text, painting.

Decides between *one scanned picture* (taken out as it is), *born digital* (keeps its own text) and *anything else* (rendered
and read). Not a renderer: whatever it does not understand makes the page "not simple", and PDFium renders it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page's own (unrotated) frame."""

_MAX_DEPTH = 8
_MAX_INSTRUCTIONS = 150_000
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_PAINTING = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"})
_CONSTRUCTING = frozenset({"m", "l", "c", "v", "y", "h"})
_MALFORMED = (TypeError, ValueError, LookupError, AttributeError)
_INVISIBLE_MODES = frozenset({3, 7})
_CLIP_TOLERANCE_PT = 1.5


@dataclass(frozen=True, slots=True)
class DrawnImage:
    """A picture and the matrix that lays its unit square on the page. `is_plain` = nothing masks, blends or clips it."""

    stream: pikepdf.Stream | None  # None for an inline picture
    matrix: Matrix
    is_plain: bool

    @property
    def bounds(self) -> Bounds:
        """Return where it lies."""
        return bounds_of_unit_square(self.matrix)


@dataclass(slots=True)
class PageContent:
    """What was found; `is_complete` is False where the page was too long, too deep or too broken to be walked to the end."""

    images: list[DrawnImage] = field(default_factory=list)
    has_visible_text: bool = False
    has_invisible_text: bool = False
    has_painting: bool = False
    is_complete: bool = True
    instructions: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state as far as it matters. `clip` None = none; `is_plain` False = masked, blended or oddly clipped."""

    matrix: Matrix = IDENTITY
    clip: Bounds | None = None
    is_plain: bool = True
    text_mode: int = 0


def content_of(page: pikepdf.Page) -> PageContent:
    """Return what the page draws; not complete where its content cannot be parsed."""
    content = PageContent()
    try:
        _walk(page.obj, page.resources, _State(), content, 0)
    except pikepdf.PdfError:
        content.is_complete = False
    return content


def multiplied(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner` first, then `outer` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def bounds_of_unit_square(matrix: Matrix) -> Bounds:
    """Return the bounds of the unit square laid down by the matrix."""
    a, b, c, d, e, f = matrix
    xs = (e, e + a, e + c, e + a + c)
    ys = (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)


class _Path:
    """The path under construction: only a single rectangle is understood as a clip."""

    def __init__(self) -> None:
        self.rectangles: list[Bounds] = []
        self.is_odd = False
        self.clips = False

    def clipped(self, state: _State) -> _State:
        """Return the state after the path has been ended."""
        if not self.clips:
            return state
        if self.is_odd or len(self.rectangles) != 1:
            return replace(state, is_plain=False)
        new = self.rectangles[0]
        if state.clip is not None:
            old = state.clip
            new = (max(new[0], old[0]), max(new[1], old[1]), min(new[2], old[2]), min(new[3], old[3]))
        return replace(state, clip=new)


def _walk(
    source: pikepdf.Object, resources: pikepdf.Object | None, state: _State, content: PageContent, depth: int
) -> None:
    if depth > _MAX_DEPTH:
        content.is_complete = False
        return
    stack: list[_State] = []
    path = _Path()
    for operator, operands in _instructions(source, content):
        try:
            match operator:
                case "q":
                    stack.append(state)
                case "Q":
                    state = stack.pop() if stack else state
                case "cm":
                    state = replace(state, matrix=multiplied(_matrix(operands), state.matrix))
                case "gs":
                    state = _with_graphics_state(state, _named(resources, "/ExtGState", operands))
                case "Tr":
                    state = replace(state, text_mode=int(operands[0]))
                case "re":
                    path.rectangles.append(_rectangle(operands, state.matrix))
                case "W" | "W*":
                    path.clips = True
                case "Do":
                    _draw(_named(resources, "/XObject", operands), resources, state, content, depth)
                case "INLINE IMAGE":
                    content.images.append(DrawnImage(None, state.matrix, is_plain=False))
                case _ if operator in _SHOWING:
                    _show(operands, state, content)
                case _ if operator in _CONSTRUCTING:
                    path.is_odd = True
        except _MALFORMED:
            content.is_complete = False  # viewers skip an instruction whose operands are wrong
        if operator == "n" or operator in _PAINTING:
            content.has_painting |= operator != "n"
            state, path = path.clipped(state), _Path()


def _instructions(source: pikepdf.Object, content: PageContent) -> Iterator[tuple[str, list[pikepdf.Object]]]:
    for instruction in pikepdf.parse_content_stream(source):
        content.instructions += 1
        if content.instructions > _MAX_INSTRUCTIONS:
            content.is_complete = False
            return
        operands: Any = instruction.operands
        yield str(instruction.operator), list(operands)


def _draw(
    drawn: pikepdf.Object | None,
    resources: pikepdf.Object | None,
    state: _State,
    content: PageContent,
    depth: int,
) -> None:
    """Note a picture, or walk into a form."""
    if drawn is None or not isinstance(drawn, pikepdf.Stream):
        return
    subtype = drawn.get("/Subtype")
    if subtype == "/Image":
        content.images.append(DrawnImage(drawn, state.matrix, _is_plain_image(drawn, state)))
    elif subtype == "/Form":
        given: Any = drawn.get("/Matrix", IDENTITY)
        matrix = _matrix(list(given))
        inside = replace(state, matrix=multiplied(matrix, state.matrix), is_plain=state.is_plain and "/OC" not in drawn)
        _walk(drawn, drawn.get("/Resources", resources), inside, content, depth + 1)


def _is_plain_image(image: pikepdf.Object, state: _State) -> bool:
    if any(key in image for key in ("/SMask", "/Mask", "/OC", "/SMaskInData")) or bool(image.get("/ImageMask", False)):
        return False
    if state.clip is None:
        return state.is_plain
    left, bottom, right, top = bounds_of_unit_square(state.matrix)
    clip, slack = state.clip, _CLIP_TOLERANCE_PT
    inside = (
        clip[0] - slack <= left and clip[1] - slack <= bottom and right <= clip[2] + slack and top <= clip[3] + slack
    )
    return state.is_plain and inside


def _show(operands: list[pikepdf.Object], state: _State, content: PageContent) -> None:
    if not _has_signs(operands):
        return
    if state.text_mode in _INVISIBLE_MODES:
        content.has_invisible_text = True
    else:
        content.has_visible_text = True


def _has_signs(operands: list[pikepdf.Object]) -> bool:
    for operand in operands:
        if isinstance(operand, pikepdf.String) and bytes(operand).strip(b" \x00"):
            return True
        if isinstance(operand, pikepdf.Array) and _has_signs(list(operand)):
            return True
    return False


def _with_graphics_state(state: _State, settings: pikepdf.Object | None) -> _State:
    """Return the state, not plain any more where pictures are blended or masked from here on."""
    if settings is None:
        return state
    masks = "/SMask" in settings and settings["/SMask"] != "/None"
    blends = settings.get("/BM", pikepdf.Name.Normal) not in ("/Normal", "/Compatible")
    fades = float(settings.get("/ca", 1)) < 1
    return replace(state, is_plain=state.is_plain and not (masks or blends or fades))


def _named(resources: pikepdf.Object | None, category: str, operands: list[pikepdf.Object]) -> pikepdf.Object | None:
    if resources is None or not operands or category not in resources:
        return None
    return resources[category].get(str(operands[0]))


def _matrix(operands: list[pikepdf.Object]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return (a, b, c, d, e, f)


def _rectangle(operands: list[pikepdf.Object], matrix: Matrix) -> Bounds:
    x, y, width, height = (float(value) for value in operands)
    return bounds_of_unit_square(multiplied((width, 0.0, 0.0, height, x, y), matrix))
