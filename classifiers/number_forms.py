"""The forms of customer number that a company uses: what they look like, what may stand between their signs, their check.

All of it is data of the configuration (`[customer_number]`); several forms live side by side, such as an old and a new one.
Not for finding numbers on a page: that is `classifiers.customer_number`. Not for guessing what a misread sign may have been.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifiers.interfaces import SchemeWrong
from classifiers.number_checks import NONE, NumberCheck, check_from
from classifiers.toml_table import Table, wrong_type
from ingest.message import N_, Message

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－─━", "-") | dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000", " "))
_SECTION_KEYS = ("labels", "not_labels", "barcode_prefixes", "forms")
_FORM_KEYS = ("name", "pattern", "separators", "check", "check_signs", "modulus", "alphabet", "weights")


def folded_number(text: str) -> str:
    """Return the text as numbers are compared: NFKC, capitals, every dash a hyphen, no blanks at the ends."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).upper().strip()


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One form. `separators` are the signs that may stand between the number's signs on paper, "" for none."""

    name: str
    pattern: re.Pattern[str]
    separators: str
    check: NumberCheck

    def bare(self, text: str) -> str | None:
        """Return the folded text without separators if the whole of it is of this form, the check ignored."""
        inner = folded_number(text)
        if any(sign in self.separators for sign in inner[:1] + inner[-1:]):
            return None
        bare = "".join(sign for sign in inner if sign not in self.separators)
        return bare if self.pattern.fullmatch(bare) else None


@dataclass(frozen=True, slots=True)
class NumberForms:
    """The whole of `[customer_number]`: the labels that announce a number, those that announce another, and the forms."""

    labels: tuple[str, ...]
    not_labels: tuple[str, ...]
    barcode_prefixes: tuple[str, ...]
    forms: tuple[NumberForm, ...] = field(default=())

    def normal(self, text: str) -> str | None:
        """Return the number that this text is as a whole, separators and a barcode's prefix removed; None if no form fits."""
        for inner in (text, self.without_prefix(text)):
            for form in self.forms:
                bare = form.bare(inner)
                if bare is not None:
                    return bare
        return None

    def without_prefix(self, text: str) -> str:
        """Return the text without one of the prefixes that barcodes may carry, folded."""
        inner = folded_number(text)
        for prefix in sorted(map(folded_number, self.barcode_prefixes), key=len, reverse=True):
            if prefix and inner.startswith(prefix):
                return inner[len(prefix) :].strip()
        return inner

    def form_of(self, number: str) -> str | None:
        """Return the name of the form that a normalised number fits, check ignored; None if none does."""
        for form in self.forms:
            if form.pattern.fullmatch(number):
                return form.name
        return None

    def is_valid(self, number: str) -> bool:
        """Return whether a normalised number fits a form and passes that form's check."""
        return any(form.pattern.fullmatch(number) and form.check.passes(number) for form in self.forms)

    def is_checked(self, number: str) -> bool:
        """Return whether a normalised number is of a form that has a check, so that a misread sign shows."""
        return any(form.check.name != NONE and form.pattern.fullmatch(number) for form in self.forms)

    @property
    def separators(self) -> str:
        """Return every sign that may stand between the signs of a number of some form."""
        return "".join(dict.fromkeys("".join(form.separators for form in self.forms)))


def forms_from(mapping: Mapping[str, object]) -> NumberForms:
    """Return the forms of the configuration's `[customer_number]` table; raises SchemeWrong naming key, value and remedy.

    A key whose value is None or empty counts as absent, so that checked sections may be handed on whole.
    """
    root = Table(_plain(mapping), "customer_number", _SECTION_KEYS)
    forms = tuple(_form(table) for table in root.tables("forms", _FORM_KEYS))
    if not forms:
        raise SchemeWrong(
            Message(N_("Configuration: customer_number has no forms."), {}),
            Message(N_("Add a [[customer_number.forms]] with name and pattern; see config.example.toml."), {}),
        )
    names = [form.name for form in forms]
    for name in names:
        if names.count(name) > 1:
            raise SchemeWrong(
                Message(N_("Configuration: {key} has {code} twice."), {"key": "customer_number.forms", "code": name}),
                Message(N_("Give each form its own name."), {}),
            )
    return NumberForms(root.texts("labels"), root.texts("not_labels"), root.texts("barcode_prefixes"), forms)


def _plain(value: object) -> object:
    """Return tables and lists as TOML would give them, absent values left out."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None and inner not in ("", [], ())}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _form(table: Table) -> NumberForm:
    text = table.text("pattern")
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise wrong_type(
            table.key("pattern"), f"{text} ({error})", 'a regular expression, such as "[0-9]{10}"'
        ) from error
    if pattern.fullmatch(""):
        raise wrong_type(table.key("pattern"), text, 'a regular expression that "" does not fit, such as "[0-9]{10}"')
    separators = table.text("separators", "")
    if any(sign.isalnum() for sign in separators):
        raise wrong_type(table.key("separators"), separators, 'signs that are no letters or digits, such as " -"')
    return NumberForm(table.text("name"), pattern, folded_separators(separators), check_from(table))


def folded_separators(separators: Sequence[str]) -> str:
    """Return the separators as they stand in folded text."""
    return "".join(dict.fromkeys(unicodedata.normalize("NFKC", sign.translate(_DASHES)) for sign in separators))
