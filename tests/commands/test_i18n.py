"""Every sentence of the source tree is said in Chinese too."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from connector import i18n
from connector.i18n import Language
from ingest.message import GuidangError, Message

ROOT = Path(__file__).parents[2]
PACKAGES = ("connector", "ingest", "classifiers", "metadata")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.set_language("en")


def sentences_of_source() -> set[str]:
    found: set[str] = set()
    for package in PACKAGES:
        for row in extract_from_dir(ROOT / package, keywords={"N_": None, "_": None}):
            template = row[2]
            found.add(template if isinstance(template, str) else template[0])
    return found


def chinese() -> Catalog:
    with i18n.catalogue_path(Language.ZH).open("rb") as source:
        return read_po(source, locale="zh_CN")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_sentence_has_a_chinese_translation() -> None:
    catalogue = chinese()

    missing = sorted(s for s in sentences_of_source() if not (s in catalogue and catalogue[s].string))

    assert missing == [], "translate these (make messages collects them)"


def test_catalogue_has_nothing_fuzzy_obsolete_or_unknown() -> None:
    catalogue = chinese()

    known = sentences_of_source()

    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    assert list(catalogue.obsolete) == []
    assert [m.id for m in catalogue if m.id and m.id not in known] == []


def test_translations_keep_their_placeholders() -> None:
    wrong = {
        m.id: m.string
        for m in chinese()
        if m.id and m.string and placeholders(str(m.id)) != placeholders(str(m.string)) and "%(" not in str(m.id)
    }

    assert wrong == {}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "en_GB.UTF-8"}, Language.EN),
        ({"LANG": "C.UTF-8"}, Language.EN),
        ({}, Language.EN),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, Language.EN),
        ({"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, Language.ZH),
        ({"LC_ALL": "", "LANG": "zh_TW.UTF-8"}, Language.ZH),
        ({"LC_MESSAGES": "zh_CN", "LANG": "de_DE"}, Language.ZH),
        ({"LANG": "de_DE.UTF-8"}, Language.EN),
    ],
)
def test_locale_chooses_the_language(environ: dict[str, str], expected: Language) -> None:
    assert i18n.chosen_language("auto", environ) is expected


def test_configuration_beats_the_locale() -> None:
    assert i18n.chosen_language("en", {"LANG": "zh_CN.UTF-8"}) is Language.EN
    assert i18n.chosen_language("zh", {"LANG": "en_US.UTF-8"}) is Language.ZH


def test_facts_fill_the_sentence_in_either_language() -> None:
    message = Message("Cannot read scan {name}: it is encrypted.", {"name": "合同{1}.pdf"})

    english = i18n.say(message, Language.EN)
    chinese_sentence = i18n.say(message, Language.ZH)

    assert english == "Cannot read scan 合同{1}.pdf: it is encrypted."
    assert "合同{1}.pdf" in chinese_sentence
    assert chinese_sentence != english


def test_sentence_without_translation_stays_english() -> None:
    i18n.set_language("zh")

    assert i18n._("Nobody has ever written {this}.") == "Nobody has ever written {this}."


def test_empty_template_does_not_become_the_header_of_the_catalogue() -> None:
    assert i18n.translated("", Language.ZH) == ""


def test_error_says_both_parts() -> None:
    error = GuidangError(Message("It rains."), Message("Take an umbrella."))

    assert i18n.say_error(error, Language.EN) == "It rains. Take an umbrella."
