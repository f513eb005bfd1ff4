"""Pure text folding that every floor uses before anything is compared: width, Han-Han blanks, traditional forms.

Traditional forms are folded sign by sign with OpenCC's table (docs/adr/0016), so lengths and places stay; phrases are left alone (乾隆
becomes 干隆), which does no harm where both sides are folded. Only for comparing: what was read is kept as it was read.
Not for repairing customer numbers: what a doubtful sign may have been is decided with evidence, in `metadata.identify`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_JOINING = HAN + r"，。、；：！？（）《》【】「」“”‘’"
_BLANKS_BETWEEN_HAN = re.compile(rf"(?<=[{_JOINING}])[ \t\u3000]+(?=[{_JOINING}])")
_HAN_SIGNS = (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)
_WHITE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return the text in NFKC (full-width forms folded), white space collapsed, no blanks between Han signs."""
    wide = unicodedata.normalize("NFKC", text)
    return without_han_blanks(_WHITE.sub(" ", wide).strip())


def without_han_blanks(text: str) -> str:
    """Return the text without the blanks that recognisers put between Han signs."""
    return _BLANKS_BETWEEN_HAN.sub("", text)


def squeezed(text: str) -> str:
    """Return the text folded and simplified, without any white space, lower case: the form in which words of forms are compared."""
    return simplified(_WHITE.sub("", unicodedata.normalize("NFKC", text)).casefold())


def simplified(text: str) -> str:
    """Return the text with each traditional form as its simplified one: as many signs as before, and nothing to do a second time."""
    return text if text.isascii() else text.translate(_simple_forms())


@cache
def _simple_forms() -> Mapping[int, str]:
    """Return the simplified form of every traditional Han sign; made once a process, in 60 ms, when it is first wanted."""
    from opencc import OpenCC

    simple = OpenCC("t2s").convert
    forms = {chr(code): simple(chr(code)) for first, last in _HAN_SIGNS for code in range(first, last)}
    changed = {sign: form for sign, form in forms.items() if form != sign and len(form) == 1}
    # 薴 becomes 苧, and that 苎: what is simple must be simple the first time.
    return {ord(sign): changed.get(form, form) for sign, form in changed.items()}


@lru_cache(maxsize=8192)  # asked some seven thousand times a page
def is_han(sign: str) -> bool:
    """Return whether this one sign is a Han character."""
    return re.fullmatch(rf"[{HAN}]", sign) is not None
