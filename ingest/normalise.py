"""Pure text folding that every floor uses before anything is compared: width, Han-Han blanks, look-alikes of labels.

Not for repairing customer numbers: what a doubtful sign may have been is decided with evidence, in `metadata.identify`.
"""

from __future__ import annotations

import re
import unicodedata

HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_JOINING = HAN + r"，。、；：！？（）《》【】「」“”‘’"
_BLANKS_BETWEEN_HAN = re.compile(rf"(?<=[{_JOINING}])[ \t\u3000]+(?=[{_JOINING}])")
_WHITE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return the text in NFKC (full-width forms folded), white space collapsed, no blanks between Han signs."""
    wide = unicodedata.normalize("NFKC", text)
    return without_han_blanks(_WHITE.sub(" ", wide).strip())


def without_han_blanks(text: str) -> str:
    """Return the text without the blanks that recognisers put between Han signs."""
    return _BLANKS_BETWEEN_HAN.sub("", text)


def squeezed(text: str) -> str:
    """Return the text folded, without any white space, lower case: the form in which words of forms are compared."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_han(sign: str) -> bool:
    """Return whether this one sign is a Han character."""
    return re.fullmatch(rf"[{HAN}]", sign) is not None
