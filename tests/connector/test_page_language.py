"""The language of a record is told from its text: Chinese first, German only where surely more German than English stands there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.page_language import guessed_language

GERMAN_LETTER = """\
Stadtwerke Sonnental GmbH
Sehr geehrte Frau Weber,
hiermit kündigen wir den Vertrag zum Ende des Jahres. Bitte lesen Sie den Zähler ab und senden Sie uns die Werte."""
GERMAN_FORM = """\
Antrag auf Anschluss
Kundennummer 1234567890
Name Weber, Anna
Anschrift Lindenweg 4
Datum 03.05.2021
Rechnungsbetrag 312,40 EUR
Unterschrift"""
UMLAUTS_LOST = """\
Reparaturauftrag
Die Pumpe ist defekt und wird nach der Heizperiode durch eine neue ersetzt."""
ENGLISH_LETTER = """\
Dear Mr Müller,
we have received your payment for the heating season and thank you. Please keep this receipt. Yours, Jürgen von Groß"""
ENGLISH_RECEIPT = """\
OFFICIAL RECEIPT
Customer No.: 1234567890
Name: Müller
TOTAL 312.40
10:00 am"""
MALAY_RECEIPT = """\
LOT 5, JALAN TANJUNG, KAMPUNG BARU
SAMSUNG CHARGER 1 PC
BANDUNG DRINK 2.50"""
CHINESE_FORM = """\
用热开户申请表
户名 Müller Wärmetechnik GmbH
客户编号 1234567890
地址 云州市高新区百合园21号楼"""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param(GERMAN_LETTER, "de", id="a German letter"),
        pytest.param(GERMAN_FORM, "de", id="a German form without sentences"),
        pytest.param(UMLAUTS_LOST, "de", id="German whose umlauts were not read"),
        pytest.param(GERMAN_LETTER.upper(), "de", id="German in capitals"),
        pytest.param(ENGLISH_LETTER, "en", id="an English letter to a German"),
        pytest.param(ENGLISH_RECEIPT, "en", id="a receipt with one German name and no sentence"),
        pytest.param(MALAY_RECEIPT, "en", id="names that end as German words do"),
        pytest.param("MX24H226S PC 105", "en", id="Latin letters that say nothing"),
        pytest.param(CHINESE_FORM, "zh", id="a Chinese form with a German customer"),
        pytest.param("3644010284\n- 12,40 -", None, id="no letters"),
    ],
)
def test_a_record_is_in_the_language_of_its_text(text: str, language: str | None) -> None:
    guessed = guessed_language(text)

    assert guessed == language


@given(st.text(max_size=60))
def test_every_text_with_letters_has_a_language_and_no_other_has_one(text: str) -> None:
    guessed = guessed_language(text)

    assert (guessed is not None) == any(sign.isalpha() for sign in text)
