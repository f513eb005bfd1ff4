"""The confusion matrix as a picture: an SVG that every browser shows, letters and Han signs with the reader's own fonts.

Not for counting (`connector.evaluation`). Rows are what a person said, columns what was answered; what is right lies in blue on the
diagonal, what is wrong in red, darker the larger its share of the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml

_CELL_PX = 36
_LABEL_PX = 190
_TITLE_PX = 34
_FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
_RIGHT, _WRONG = (24, 84, 164), (196, 40, 32)


def picture_of(
    counts: Mapping[tuple[str, str], int],
    told: Sequence[str],
    said: Sequence[str],
    names: Mapping[str, str],
    title: str,
) -> str:
    """Return the SVG; `names` are what people call the words that `told` and `said` hold."""
    width = _LABEL_PX + _CELL_PX * len(said) + 20
    height = _TITLE_PX + _LABEL_PX + _CELL_PX * len(told) + 20
    root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(width), "height": str(height)})
    root.set("viewBox", f"0 0 {width} {height}")
    root.set("font-family", _FONT)
    Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "white"})
    _text(root, title, 10, 22, size=15, bold=True)
    top = _TITLE_PX + _LABEL_PX
    for column, word in enumerate(said):
        x, y = _LABEL_PX + _CELL_PX * column + _CELL_PX // 2 + 4, top - 8
        _text(root, names.get(word, word), x, y, turn=f"rotate(-60 {x} {y})")
    for row, truth in enumerate(told):
        y = top + _CELL_PX * row
        _text(root, names.get(truth, truth), _LABEL_PX - 8, y + _CELL_PX // 2 + 4, anchor="end")
        whole = sum(counts.get((truth, word), 0) for word in said)
        for column, word in enumerate(said):
            _cell(root, counts.get((truth, word), 0), whole, (_LABEL_PX + _CELL_PX * column, y), is_right=word == truth)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _cell(root: Xml.Element, count: int, whole: int, place: tuple[int, int], *, is_right: bool) -> None:
    share = count / whole if whole else 0.0
    fill = "white"
    if count:
        red, green, blue = (
            round(255 - (255 - part) * (0.15 + 0.85 * share)) for part in (_RIGHT if is_right else _WRONG)
        )
        fill = f"rgb({red},{green},{blue})"
    x, y = place
    side = str(_CELL_PX)
    Xml.SubElement(
        root, "rect", {"x": str(x), "y": str(y), "width": side, "height": side, "fill": fill, "stroke": "#d8d8d8"}
    )
    if count:
        colour = "white" if share > 0.5 else "black"
        _text(root, str(count), x + _CELL_PX // 2, y + _CELL_PX // 2 + 4, anchor="middle", colour=colour)


def _text(
    root: Xml.Element,
    text: str,
    x: int,
    y: int,
    size: int = 12,
    *,
    bold: bool = False,
    anchor: str = "start",
    colour: str = "black",
    turn: str = "",
) -> None:
    written = Xml.SubElement(root, "text", {"x": str(x), "y": str(y), "font-size": str(size), "text-anchor": anchor})
    written.set("fill", colour)
    if bold:
        written.set("font-weight", "bold")
    if turn:
        written.set("transform", turn)
    written.text = text
