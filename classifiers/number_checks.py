"""The checks of customer numbers: python-stdnum's by name, or a modulus with an alphabet, as in many national numbers.

Not for forms: a check is asked only about numbers that fit their form. Knows nothing of pages.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from stdnum.exceptions import ValidationError

from classifiers.interfaces import SchemeWrong
from classifiers.toml_table import Table, near_word, wrong_type
from ingest.message import N_, Message

NONE = "none"
MODULUS = "modulus"
ALL_SIGNS, DIGITS = "all", "digits"
"""What a check counts: every sign, or the digits alone, as where letters stand before them for a branch."""

_USUAL = (
    "iso7064.mod_11_10",
    "iso7064.mod_11_2",
    "iso7064.mod_37_2",
    "iso7064.mod_37_36",
    "iso7064.mod_97_10",
    "luhn",
    "verhoeff",
    "damm",
    MODULUS,
    NONE,
)
_MODULE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """A check by its name in the configuration. `passes` never raises."""

    name: str
    passes: Callable[[str], bool]


def check_from(table: Table) -> NumberCheck:
    """Return the check of one `[[customer_number.forms]]`, of all signs or of the digits alone; raises SchemeWrong."""
    signs = table.text("check_signs", ALL_SIGNS)
    if signs not in (ALL_SIGNS, DIGITS):
        raise wrong_type(table.key("check_signs"), signs, f'"{ALL_SIGNS}" or "{DIGITS}"')
    check = _check_of_all(table)
    return check if signs == ALL_SIGNS else NumberCheck(check.name, lambda number: check.passes(_digits_of(number)))


def _digits_of(number: str) -> str:
    return "".join(sign for sign in number if sign in _DIGITS)


def _check_of_all(table: Table) -> NumberCheck:
    name = table.text("check", NONE)
    if name == NONE:
        return NumberCheck(NONE, lambda _number: True)
    if name == MODULUS:
        return NumberCheck(MODULUS, _modulus_from(table).passes)
    alphabet = table.text("alphabet", "")
    return NumberCheck(name, _stdnum_check(_stdnum_module(name, table.key("check")), alphabet, table.key("alphabet")))


@dataclass(frozen=True, slots=True)
class _Modulus:
    """The last sign is the check sign; its value is its place in `alphabet`, counted from 0.

    1. No weights: the rest, as a whole number (A = 10 … Z = 35), modulo `modulus` is that value (as in Spain's DNI).
    2. A weight for each sign but the last: their weighted sum modulo `modulus` is that value (as in China's identity number
       with the alphabet 10X98765432).
    3. A weight for every sign: the weighted sum of all is divisible by `modulus` (as in ISBN-10).
    A digit counts as itself; a letter as its place in the alphabet where that begins with the ten digits, else A = 10 … Z = 35.
    """

    modulus: int
    alphabet: str
    weights: tuple[int, ...]

    def passes(self, number: str) -> bool:
        body, last = number[:-1], number[-1:]
        if not body or not number.isascii() or not number.isalnum() or last not in self.alphabet:
            return False
        wanted = self.alphabet.index(last)
        if not self.weights:
            return int("".join(str(int(sign, 36)) for sign in body)) % self.modulus == wanted
        if len(self.weights) not in (len(body), len(number)):
            return False
        total = sum(self._value(sign) * weight for sign, weight in zip(body, self.weights, strict=False))
        if len(self.weights) == len(body):
            return total % self.modulus == wanted
        return (total + wanted * self.weights[-1]) % self.modulus == 0

    def _value(self, sign: str) -> int:
        if sign not in _DIGITS and self.alphabet.startswith(_DIGITS) and sign in self.alphabet:
            return self.alphabet.index(sign)
        return int(sign, 36)


def _modulus_from(table: Table) -> _Modulus:
    modulus = table.whole("modulus")
    alphabet = table.text("alphabet", _DIGITS[: min(modulus, 10)]).upper()
    if modulus < 2:
        raise wrong_type(table.key("modulus"), modulus, "a whole number from 2, such as 11")
    if len(set(alphabet)) != len(alphabet) or not alphabet.isalnum():
        raise wrong_type(table.key("alphabet"), alphabet, 'letters and digits, none twice, such as "0123456789X"')
    return _Modulus(modulus, alphabet, table.wholes("weights"))


def _stdnum_module(name: str, key: str) -> ModuleType:
    """Return python-stdnum's module of this name; nothing outside that distribution is ever imported."""
    module: ModuleType | None = None
    if _MODULE.fullmatch(name):
        try:
            module = importlib.import_module(f"stdnum.{name}")
        except ImportError:
            module = None
    if module is None or not callable(getattr(module, "validate", None)):
        what = Message(N_("Configuration: {key} has the unknown value {value}."), {"key": key, "value": repr(name)})
        near = near_word(name, _USUAL)
        if near:
            raise SchemeWrong(what, Message(N_("Did you mean {near}?"), {"near": repr(near)}))
        remedy = N_("Use the name of a module of python-stdnum, such as: {allowed}.")
        raise SchemeWrong(what, Message(remedy, {"allowed": ", ".join(_USUAL)}))
    return module


def _stdnum_check(module: ModuleType, alphabet: str, alphabet_key: str) -> Callable[[str], bool]:
    validate: Callable[..., object] = module.validate
    extra: dict[str, str] = {}
    if alphabet:
        if "alphabet" not in inspect.signature(validate).parameters:
            raise wrong_type(alphabet_key, alphabet, '"": this check takes no alphabet')
        extra["alphabet"] = alphabet.upper()

    def passes(number: str) -> bool:
        try:
            validate(number, **extra)
        except (ValidationError, ValueError):
            return False
        return True

    return passes
