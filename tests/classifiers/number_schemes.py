"""Number schemes for the tests: the example configuration's, and one of another company with two forms of other shape."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from classifiers.customer_number import NumberScheme
from classifiers.number_forms import forms_from
from classifiers.scheme import Scheme, scheme_from

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
SURELY = 0.8


@cache
def example_scheme() -> Scheme:
    """Return the scheme of the example configuration."""
    return scheme_from(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["scheme"])


@cache
def ten_digits() -> NumberScheme:
    """Return the example's: ten digits, blanks and hyphens between, ISO 7064 MOD 11,10, with the labels of its scheme."""
    section = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["customer_number"]
    return NumberScheme(forms_from(section), SURELY, example_scheme())


@cache
def two_forms() -> NumberScheme:
    """Return another company's: a letter and eight digits, or six digits by Luhn; other labels, no scheme."""
    section = {
        "labels": ["Heizkonto", "Kundennr", "Abnehmernummer"],
        "not_labels": ["Zähler", "Telefon"],
        "barcode_prefixes": ["K:"],
        "forms": [
            {"name": "letter", "pattern": "[A-Z][0-9]{8}", "separators": "-/"},
            {"name": "short", "pattern": "[0-9]{6}", "separators": " ", "check": "luhn"},
        ],
    }
    return NumberScheme(forms_from(section), SURELY)
