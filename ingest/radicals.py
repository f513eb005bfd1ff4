"""CJK radicals that PDF writers put where the plain character is meant, and NFKC leaves alone.

A font has one glyph for 门 and for the radical ⻔; writers that look the code up from the glyph (Skia, so Chrome's "save as PDF") may name the
radical. Kangxi radicals (U+2F00-2FD5) are folded by NFKC; of the supplement (U+2E80-2EF3) these stand for whole characters,
by Unicode's EquivalentUnifiedIdeograph.txt.
"""

from __future__ import annotations

_PAIRS = (
    "⺁厂⺇几⺌小⺎兀⺐尢⺒巳⺓幺⺕彐⺜日⺝月⺞歹⺠民⺧牛⺩王⺬示⺮竹⺯糹⺷羊⻁虎⻄西⻅见⻆角⻉贝⻊足⻋车⻑長⻓长⻔门⻕阜"
    "⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻭歯⻮齿⻰龙⻱龜⻲亀⻳龟"
)
_PLAIN = str.maketrans(_PAIRS[0::2], _PAIRS[1::2])


def without_radicals(text: str) -> str:
    """Return the text with radicals of the supplement replaced by the characters they stand for."""
    return text.translate(_PLAIN)
