"""Reads prepared page pixels with tesseract (through pytesseract), one process a page.

Pixels go as a PGM path in memory-backed storage where there is some: no time is spent on PNG. `OMP_THREAD_LIMIT=1`, because
tesseract's own threads cost three times the CPU they save (measured.md); pages are read side by side instead.
Not for preparing pixels (`prepare`) nor for what a number means (`classifiers`).
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median

import pytesseract
from PIL import Image
from zope.interface import implementer

from ingest.grays import Gray
from ingest.interfaces import IRecogniser, RecogniserMissing
from ingest.message import N_, Message
from ingest.normalise import folded, is_han
from ingest.prepare import Prepared
from ingest.recognisers import PIXEL_NEEDS
from ingest.rows import in_rows
from ingest.values import Box, Line, NumberLook, Word

# For each language (ISO 639) tesseract's names for it, best first, and Debian's package of the best.
_LANGUAGES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "zh": (("script/HanS", "HanS", "chi_sim"), "tesseract-ocr-script-hans"),
    "en": (("eng",), "tesseract-ocr-eng"),
    "de": (("deu",), "tesseract-ocr-deu"),
}
_NUMBER_SIGNS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_AROUND_NUMBERS = frozenset("|[](){}_:;.,'\"“”‘’~ ")  # edges of cells and lines, read as signs
_PROGRAM = pytesseract.pytesseract.tesseract_cmd
_PAGE_TIMEOUT_SECONDS = 180  # the reader's own limit is lower; this one only ends a process that nobody waits for
_SURE_WORD = 0.3
_SURE_RUN = 0.4  # of the words between two gaps: an unsure word is kept in such company (6.9 + 7.6 % errors and extra signs against 7.1 + 8.0)
_GAP = 1.2  # of the usual height: a wider one ends a run
_LATIN_PAGE = 0.25  # of the letters are Han signs: fewer, and the page is read as Latin text
_RULES = set("|_—-–―=~.·'`丨一“”‘’\"")
_EDGES = "|_~`“”‘’\"'"  # what is left of ruling and colons at the ends of words


@implementer(IRecogniser)
class Tesseract:
    """`IRecogniser` on the tesseract program that the system provides."""

    needs = PIXEL_NEEDS["tesseract"]

    def __init__(self, name: str = "tesseract") -> None:
        self.name = name

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return Debian's names of the packages that are not installed yet; () if ready."""
        try:
            installed = _installed()
        except RecogniserMissing:
            return ("tesseract-ocr", *(_package(language) for language in languages))
        return tuple(_package(code) for code in languages if _model(code, installed) is None)

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        """Return the lines in reading order; raises RecogniserMissing."""
        # One block of lines (psm 6): without its ruling a form is that, and layout analysis (psm 3, 4) only loses cells.
        dpi, pixels = page.dpi, page.pixels
        config = f"--psm 6 --dpi {round(dpi)} -c tessedit_do_invert=0"
        first, *others = _models(languages)
        lines = in_rows(_pieces(_tsv(pixels, config, first), dpi))
        if others and languages[0] == "zh" and _is_latin(lines):
            return in_rows(_pieces(_tsv(pixels, config, "+".join(others)), dpi))
        return lines

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        """Return the one opinion on a crop that holds one number, () if none; raises RecogniserMissing."""
        config = f"--psm 7 --dpi {round(dpi)} -c tessedit_do_invert=0"
        words = [word for piece in _pieces(_tsv(crop, config, "eng"), dpi) for word in piece]
        text = "".join(sign for word in words for sign in word.text.upper() if sign in _NUMBER_SIGNS)
        # A whitelist would force the blanks of a grouped number into digits, and make every confidence 0.
        signs = sum(1 for word in words for sign in word.text if sign not in _AROUND_NUMBERS)
        if not text or not signs:
            return ()
        sure = sum(word.confidence * sum(sign.upper() in _NUMBER_SIGNS for sign in word.text) for word in words)
        return (NumberLook(text, min(1.0, sure / signs)),)


def _package(language: str) -> str:
    return _LANGUAGES[language][1] if language in _LANGUAGES else f"tesseract-ocr-{language}"


def _model(language: str, installed: frozenset[str]) -> str | None:
    names = _LANGUAGES[language][0] if language in _LANGUAGES else (language,)
    return next((name for name in names if name in installed), None)


def _is_latin(lines: Sequence[Line]) -> bool:
    """Return whether hardly a Han sign stands on a page that does carry text."""
    signs = [sign for line in lines for sign in line.text if sign.isalpha()]
    return len(signs) >= 40 and sum(map(is_han, signs)) < _LATIN_PAGE * len(signs)


def _models(languages: Sequence[str]) -> tuple[str, ...]:
    installed = _installed()
    models = [_model(language, installed) for language in languages]
    if not models or None in models:
        raise _missing("tesseract-ocr-chi-sim tesseract-ocr-eng")
    return tuple(model for model in models if model is not None)


@cache
def _installed() -> frozenset[str]:
    # pytesseract's own list leaves out every name with a capital, and so the best model for Chinese.
    try:
        listed = subprocess.run([_PROGRAM, "--list-langs"], check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise _missing("tesseract-ocr") from error
    _, *names = listed.stdout.splitlines()
    return frozenset(name.strip() for name in names)


def _missing(packages: str) -> RecogniserMissing:
    return RecogniserMissing(
        Message(N_("Cannot read any scan: tesseract or one of its languages is not installed.")),
        Message(N_("Install it: sudo apt install {packages}"), {"packages": packages}),
    )


def _tsv(pixels: Gray, config: str, models: str) -> list[tuple[tuple[int, int, int], Word]]:
    """Return the words with the place (block, paragraph, line) that tesseract gave them."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with _pgm(pixels) as path:
        try:
            table = pytesseract.image_to_data(
                str(path),
                lang=models,
                config=config,
                output_type=pytesseract.Output.DICT,
                timeout=_PAGE_TIMEOUT_SECONDS,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise _missing("tesseract-ocr") from error
    return [
        ((block, paragraph, line), Word(text, Box(left, top, left + width, top + height), max(0.0, float(sure) / 100)))
        for level, block, paragraph, line, left, top, width, height, sure, raw in zip(
            *(table[key] for key in _COLUMNS), strict=True
        )
        if level == 5 and (text := _without_edges(folded(str(raw))))
    ]


def _without_edges(text: str) -> str:
    return text.strip(_EDGES) or text


_COLUMNS = ("level", "block_num", "par_num", "line_num", "left", "top", "width", "height", "conf", "text")


@contextmanager
def _pgm(pixels: Gray) -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="guidang-", dir=parent) as folder:
        path = Path(folder) / "page.pgm"
        Image.fromarray(pixels).save(path)
        yield path


def _pieces(rows: list[tuple[tuple[int, int, int], Word]], dpi: float) -> list[list[Word]]:
    """Return tesseract's lines without words that are only dirt or rules."""
    heights = [word.box.height for _, word in rows if word.confidence > 0.5]
    usual = median(heights) if heights else dpi / 8
    pieces = [[word for _, word in group] for _, group in groupby(rows, key=lambda row: row[0])]
    return [kept for piece in pieces if (kept := [w for run in _runs(piece, usual) for w in _without_dirt(run, usual)])]


def _runs(piece: Sequence[Word], usual_height: float) -> list[list[Word]]:
    """Return the words of a line, cut at wide gaps."""
    runs = [[piece[0]]]
    for before, after in pairwise(piece):
        if after.box.left - before.box.right > _GAP * usual_height:
            runs.append([])
        runs[-1].append(after)
    return runs


def _without_dirt(run: Sequence[Word], usual_height: float) -> list[Word]:
    signs = sum(len(word.text) for word in run)
    is_sure = sum(word.confidence * len(word.text) for word in run) >= _SURE_RUN * signs
    return [word for word in run if not _is_dirt(word, usual_height, is_sure)]


def _is_dirt(word: Word, usual_height: float, in_sure_run: bool) -> bool:
    if word.box.height < 0.2 * usual_height or word.box.height > 8 * usual_height:
        return True
    if word.confidence < 0.4 and set(word.text) <= _RULES:
        return True
    return word.confidence < _SURE_WORD and not (in_sure_run and any(sign.isalnum() for sign in word.text))
