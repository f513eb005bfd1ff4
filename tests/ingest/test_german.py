"""A German contract, scanned as offices and fax machines do it, is read with all its umlauts by the default recogniser."""

from __future__ import annotations

import io
import unicodedata

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein

from ingest.decoded import DecodedPage
from ingest.ppocr import PpOcr
from ingest.reading import read_page
from ingest.values import PageText, ReadingOptions

UMLAUTS = "äöüÄÖÜß"
CONTRACT = """\
Stadtwärme Brüggenhöhe GmbH
Wärmelieferungsvertrag
Kundennummer: 3644010284          Vertragsnummer: WL-2023-00417
Zwischen der Stadtwärme Brüggenhöhe GmbH, Mühlenstraße 12, Großröhrsdorf,
nachfolgend Versorger genannt, und
Frau Jürgensen, Änne          geboren am 14.03.1967
Anschrift: Schloßgäßchen 7, 3. Obergeschoß links, Großröhrsdorf
wird folgender Vertrag über die Lieferung von Fernwärme geschlossen:
§ 1 Gegenstand des Vertrages
Der Versorger beliefert die Räume des Kunden mit Heizwärme. Die beheizte
Wohnfläche beträgt 84,60 m². Die Übergabestation steht im Kellergeschoß.
Größe des Anschlusses: DN 25, Wärmeleistung 9,5 kW.
§ 2 Preise und Zahlung
Der Grundpreis beträgt 312,40 EUR jährlich, der Arbeitspreis 0,1184 EUR je kWh.
Fällige Beträge sind spätestens zwei Wochen nach Zugang der Rechnung zu überweisen.
Für verspätete Zahlungen können Mahngebühren von 5,00 EUR erhoben werden.
§ 3 Ablesung, Störungen, Kündigung
Die Zähler werden jährlich im Dezember abgelesen. Der Kunde gewährt Zutritt.
Störungen meldet der Kunde unverzüglich; außerhalb der Öffnungszeiten beim
Bereitschaftsdienst. Der Vertrag läuft bis zum 30.09.2028 und verlängert sich um
jeweils ein Jahr, wenn er nicht drei Monate vorher schriftlich gekündigt wird.
Großröhrsdorf, den 2. Oktober 2023
Unterschrift des Kunden: Änne Jürgensen          Für den Versorger: i. A. Weiß"""


def printed(dpi: float = 300.0) -> Image.Image:
    """Return the contract in 10.5 points, as PDFium draws it."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Times-Roman"),
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = (
            f"BT /F1 {16 if row < 2 else 10.5} Tf 70 {770 - 26 * row} Td <{line.encode('cp1252').hex()}> Tj ET"
            for row, line in enumerate(CONTRACT.splitlines())
        )
        page.obj.Contents = pdf.make_stream("\n".join(lines).encode("ascii"))
        written = io.BytesIO()
        pdf.save(written)
    with pypdfium2.PdfDocument(written.getvalue()) as drawn:
        image: Image.Image = drawn[0].render(scale=dpi / 72).to_pil().convert("L")
        return image


def office(image: Image.Image) -> DecodedPage:
    """Return a scan at 300 dpi: tilted, soft, gray paper, grain, JPEG."""
    soft = image.rotate(0.8, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.0))
    grain = np.random.default_rng(7).normal(0, 7, (soft.height, soft.width))
    jpeg = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(soft) * 0.85 + 30 + grain, 0, 255).astype(np.uint8)).save(
        jpeg, "JPEG", quality=60
    )
    return DecodedPage(1, Image.open(jpeg).convert("L"), 300.0, 300.0, 595.0, 842.0, None)


def fax(image: Image.Image) -> DecodedPage:
    """Return a fax: black and white, 204 by 196 dpi."""
    coarse = image.resize((round(image.width * 204 / 300), round(image.height * 196 / 300)))
    return DecodedPage(
        1, coarse.point(lambda level: 255 * (level > 150)).convert("1"), 204.0, 196.0, 595.0, 842.0, None
    )


@pytest.fixture(params=[office, fax])
def page(request: pytest.FixtureRequest) -> PageText:
    return read_page(request.param(printed()), PpOcr(), ReadingOptions("ppocr", ("de", "en"), 10, 60.0))


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_german_page_is_read_with_next_to_no_errors(page: PageText) -> None:
    wanted = bare(CONTRACT)

    assert Levenshtein.distance(bare(page.text), wanted) / len(wanted) <= 0.005


def test_no_umlaut_and_no_sharp_s_is_lost(page: PageText) -> None:
    read, wanted = bare(page.text), bare(CONTRACT)

    assert {sign: read.count(sign) for sign in UMLAUTS} == {sign: wanted.count(sign) for sign in UMLAUTS}
    assert "Schloßgäßchen7" in read
