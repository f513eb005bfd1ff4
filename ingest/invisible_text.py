"""The invisible text of a read page: one text object for each printed line, laid where the line is displayed.

Every line lies horizontally in the *displayed* frame: poppler shatters lines that follow a skew (20 of 20 whole at 1.5 degrees, none
from 4, measured), and shows lines laid level whole up to 10. Inside a line, signs keep to the boxes of their words (`line_runs`).
Not for what is drawn (`text_layer`), nor for reading order, which is that of the lines given. Pure.
"""

from __future__ import annotations

from ingest.box_font import DESCENT, SignCodes
from ingest.line_runs import Run, runs_of
from ingest.page_frame import PageFrame
from ingest.values import Line, PageText

FONT_NAME = "/GuidangText"


def invisible_text(page: PageText, frame: PageFrame, codes: SignCodes) -> bytes:
    """Return the content that lays the page's lines on the page displayed by `frame`; empty where there are none.

    `frame` is the page's with all turns, so that its displayed size is that of the frame of the boxes, whatever their dpi.
    Leaves the graphics state as it found it.
    """
    width_pt, height_pt = frame.displayed_pt
    scale_x, scale_y = width_pt / page.width_px, height_pt / page.height_px
    lines = [_line(line, scale_x, scale_y, height_pt, codes) for line in page.lines if line.text.strip()]
    if not lines:
        return b""
    matrix = " ".join(_number(value) for value in frame.from_display).encode("ascii")
    return b"q %s cm 3 Tr\n%sQ\n" % (matrix, b"".join(lines))


def _line(line: Line, scale_x: float, scale_y: float, height_pt: float, codes: SignCodes) -> bytes:
    """Return one text object: for each run its size where that changes, where it begins, its stretch and its strings."""
    parts = [b"BT"]
    at_x, at_y, size = 0.0, 0.0, ""
    for run in runs_of(line):
        size_pt = run.band.height * scale_y
        if (new_size := _number(size_pt)) != size:
            size = new_size
            parts.append(f"{FONT_NAME} {size} Tf ".encode("ascii"))
        baseline_pt = height_pt - run.band.bottom * scale_y + DESCENT * size_pt
        step_x, step_y = round(run.left * scale_x - at_x, 2), round(baseline_pt - at_y, 2)
        parts.append(f"{_number(step_x)} {_number(step_y)} Td ".encode("ascii"))
        at_x, at_y = at_x + step_x, at_y + step_y
        parts.append(f"{_number(run.stretch * scale_x / scale_y * 100, 1)} Tz".encode("ascii"))
        parts.append(_shown(run, codes))
    return b"".join([*parts, b"ET\n"])


def _shown(run: Run, codes: SignCodes) -> bytes:
    """Return the operator that shows the run: steps are thousandths of an em, counted backwards (ISO 32000-1, 9.4.3)."""
    strings: list[bytes] = []
    is_stepping = False
    for piece in run.pieces:
        encoded = codes.encoded(piece.text, piece.last_advance)
        step = round(piece.step * 100) * -10
        if strings and not is_stepping:
            strings[-1] = strings[-1][:-1] + encoded[1:]
        else:
            strings.append(encoded)
        is_stepping = step != 0
        if is_stepping:
            strings.append(b"%d" % step)
    if len(strings) == 1:
        return strings[0] + b"Tj "
    return b"[%s]TJ " % b"".join(strings)


def _number(value: float, digits: int = 2) -> str:
    """Return the shortest notation with at most so many digits behind the point: a hundredth of a point is 0.004 mm."""
    shown = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown
