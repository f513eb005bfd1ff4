"""Whether what a page says of its customer agrees with one customer of the register, or contradicts it.

Pure: a text, how surely it was read, and a row of the register go in, one of four words comes out. The keys by which the
register is indexed are made here too, so that a look-up and a comparison never disagree about what is equal.
Not for deciding where a record goes: that is `metadata.identify`. Rather *unreadable* than a wrong *agrees* or *differs*.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ingest.normalise import simplified
from metadata.address import Address, parsed
from metadata.values import Customer

# Signs that recognisers and pens confuse: contract and meter numbers are compared with each pair as one sign.
_LOOK_ALIKES = str.maketrans("OQILZSB", "0011258")
_NUMERALS = frozenset("〇零一二三四五六七八九十东西南北甲乙丙丁新老上下前后ABCDEFGH0123456789")
_NEAR_AREA = 50.0  # per cent of signs: below, the estate's name is another one's
_SURE_AREA_SIGNS = 4  # one wrong sign in a name this long, surely read, is still the recogniser's

_LIKE_NAME = 50.0  # per cent of signs: 王建国 and 王建军, 王建国 and 王军
_LIKE_ADDRESS = 75.0  # per cent of signs: two misread numbers of a flat


class Agreement(StrEnum):
    """What comparing one detail of the page with one customer came to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"  # stands there, but says neither
    ABSENT = "absent"  # the page or the register says nothing


def name_key(name: str) -> str:
    """Return the name as names are compared: NFKC, letters, digits and Han signs only, simplified, lower case."""
    return simplified(written_name(name))


def written_name(name: str) -> str:
    """Return the same without simplifying: what still tells 后 and 後 apart."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def code_key(code: str) -> str:
    """Return a contract or meter number as they are compared: letters and digits, capitals, look-alikes as one sign."""
    wide = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in wide if sign.isalnum()).translate(_LOOK_ALIKES)


def written_address(customer: Customer) -> str:
    """Return a customer's address as the register has it; area, building and room where it has none."""
    return customer.address or f"{customer.area}{customer.building}{customer.room}"


def registered_address(customer: Customer) -> Address:
    """Return the parts of a customer's address."""
    return parsed(written_address(customer))


def room_key(customer: Customer) -> str:
    """Return the key under which a customer's address is found; "" where the register does not say where."""
    return registered_address(customer).key


def compare_code(text: str | None, surely_read: bool, registered: str) -> Agreement:
    """Return how a contract or meter number on the page stands to the registered one."""
    if text is None or not registered:
        return Agreement.ABSENT
    key = code_key(text)
    if key and key == code_key(registered):
        return Agreement.AGREES
    return Agreement.DIFFERS if key and surely_read else Agreement.UNREADABLE


def compare_name(text: str | None, surely_read: bool, registered: str) -> Agreement:
    """Return how a name on the page stands to the registered one: equal, or not; nearly equal is unreadable.

    One other sign makes another person (王建国, 王建军) or company (金利幼儿园, 金科幼儿园), so nearness never agrees.
    """
    if text is None or not registered:
        return Agreement.ABSENT
    key, own = name_key(text), name_key(registered)
    if key and key == own:
        return Agreement.AGREES
    if not key or not surely_read or "*" in text or own in key or key in own:
        return Agreement.UNREADABLE
    near = len(own) > 4 and Levenshtein.distance(key, own) <= max(1, len(own) // 6)
    return Agreement.UNREADABLE if near else Agreement.DIFFERS


def is_like_name(one: str, other: str) -> bool:
    """Return whether misreading a sign or two may turn one name into the other."""
    return fuzz.ratio(name_key(one), name_key(other)) >= _LIKE_NAME


def compare_address(text: str | None, surely_read: bool, customer: Customer) -> Agreement:
    """Return how an address on the page stands to the customer's.

    1. All numbers and the estate are equal: agrees. Paper may leave the city and the district out; with another district
       it is unreadable, for estates of one name stand in several.
    2. All numbers are equal and the estate's name has wrong signs: agrees if they can be the recogniser's.
    3. Parts are missing, or signs stand between them that are no address: unreadable.
    4. A number or the estate differs and it was surely read: differs.
    """
    own = registered_address(customer)
    if text is None or not own.numbers:
        return Agreement.ABSENT
    page = parsed(text)
    if page.numbers == own.numbers and _same_area(page.area, own.area, own.district, surely_read):
        return Agreement.AGREES if same_district(page, own) else Agreement.UNREADABLE
    is_part = len(page.numbers) < len(own.numbers)
    if not surely_read or not page.is_clean or is_part or _maybe_same_area(page, own):
        return Agreement.UNREADABLE
    return Agreement.DIFFERS


def is_like_address(text: str | None, customer: Customer) -> bool:
    """Return whether an address on the page may be the customer's, badly read: not enough to agree, too near to deny."""
    page, own = parsed(text or ""), registered_address(customer)
    return bool(own.numbers) and fuzz.ratio(_in_short(page), _in_short(own)) >= _LIKE_ADDRESS


def _in_short(address: Address) -> str:
    return f"{address.area}{'-'.join(address.numbers)}"


def same_district(page: Address, own: Address) -> bool:
    """Return whether two addresses do not name different districts; a sign of the name may be lost or misread.

    Where the city's 市 was lost, the city's name stands before the district's. 河东 and 河西 are two districts.
    """
    one, two = page.district, own.district
    if not one or not two or one.endswith(two) or two.endswith(one):
        return True
    return Levenshtein.distance(one, two) <= 1 and not _other_numerals(one, two)


def _same_area(page: str, own: str, district: str, surely_read: bool) -> bool:
    if page == own:
        return True
    if len(page) < 2 or len(own) < 2:
        return False
    if page.endswith(own):
        return not _numerals(page.removesuffix(own)) or page.removesuffix(own) in district
    if _other_numerals(page, own):
        return False
    if own in page:
        return True
    distance = Levenshtein.distance(page, own)
    if surely_read:
        return distance <= 1 and len(own) >= _SURE_AREA_SIGNS
    return distance <= max(1, len(own) // 3)


def _maybe_same_area(page: Address, own: Address) -> bool:
    return page.numbers == own.numbers and fuzz.ratio(page.area, own.area) >= _NEAR_AREA


def _other_numerals(one: str, two: str) -> bool:
    """Return whether two names differ in a sign that tells places apart (东 and 西, 一 and 二), and not in one misread."""
    if len(one) == len(two):
        return any(a != b and a in _NUMERALS and b in _NUMERALS for a, b in zip(one, two, strict=True))
    return _numerals(one) != _numerals(two)


def _numerals(text: str) -> str:
    return "".join(sign for sign in text if sign in _NUMERALS)
