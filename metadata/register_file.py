"""Reads the company's customer file: a CSV in UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs.

Every row becomes a customer or an error that names row, heading and value. Not for the database: that is
`metadata.register_import`. Names and addresses stand in errors for the person who imports, never in a log.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.interfaces import INumberScheme
from ingest.message import N_, Message
from metadata.interfaces import RegisterWrong
from metadata.register_columns import HEADINGS, STATES, TYPES, columns_of
from metadata.values import Customer, CustomerNumber

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's bytes, and the stamp it had when they were read."""

    path: Path
    content: bytes
    modified_ns: int

    @property
    def sha256(self) -> str:
        """Return the digest of the bytes, hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class FileCustomers:
    """The customers of a file in its order, each number once; `doubles` = numbers that stood in it again (first row kept)."""

    customers: Mapping[str, Customer]
    doubles: tuple[str, ...]


def read_file(path: Path) -> FileContent:
    """Return the file's bytes and stamp; raises RegisterWrong where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            stamp = os.fstat(stream.fileno())
            return FileContent(path, stream.read(), stamp.st_mtime_ns)
    except OSError as error:
        raise RegisterWrong(
            Message(
                N_("Cannot read the customer file {path}: {reason}."),
                {"path": str(path), "reason": str(error.strerror)},
            ),
            Message(N_("Put the file there, or name another one in the configuration under [register].")),
        ) from error


def customers_of(file: FileContent, columns: Mapping[str, str], scheme: INumberScheme) -> FileCustomers:
    """Return the file's customers; `columns` is `[register.columns]`. Raises RegisterWrong for the first wrong row."""
    rows = _rows(file)
    if not rows:
        raise RegisterWrong(
            Message(N_("The customer file {path} is empty."), {"path": str(file.path)}),
            Message(N_("Export it anew, with a first row of headings.")),
        )
    places = columns_of(rows[0][1], columns)
    headings = {column: rows[0][1][index].strip() for column, index in places.items()}
    found: dict[str, Customer] = {}
    doubles: list[str] = []
    for row_number, cells in rows[1:]:
        texts = {column: cells[index].strip() if index < len(cells) else "" for column, index in places.items()}
        if not any(texts.values()):
            continue
        customer = _customer(texts, headings, row_number, scheme)
        if customer.number in found:
            doubles.append(customer.number)
        else:
            found[customer.number] = customer
    return FileCustomers(found, tuple(doubles))


def _rows(file: FileContent) -> list[tuple[int, list[str]]]:
    text = _text(file)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise RegisterWrong(
            Message(
                N_("The customer file {path} is no CSV at row {row}: {reason}."),
                {"path": str(file.path), "row": str(reader.line_num), "reason": str(error)},
            ),
            Message(N_("Export it anew as CSV.")),
        ) from error


def _text(file: FileContent) -> str:
    if file.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = file.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RegisterWrong(
        Message(N_("The customer file {path} is neither UTF-8 nor GB 18030 text."), {"path": str(file.path)}),
        Message(N_("Save it as CSV (UTF-8); an Excel workbook cannot be read.")),
    )


def _customer(texts: Mapping[str, str], headings: Mapping[str, str], row: int, scheme: INumberScheme) -> Customer:
    def text(column: str) -> str:
        return texts.get(column, "")

    def wrong(column: str, wanted: str) -> RegisterWrong:
        return RegisterWrong(
            Message(
                N_("The customer file is wrong at row {row}, column {heading}: {value}."),
                {"row": str(row), "heading": headings.get(column, column), "value": repr(text(column))},
            ),
            Message(N_("Correct it to {wanted} and import again; nothing was changed."), {"wanted": wanted}),
        )

    if not text("number"):
        raise wrong("number", "a customer number")
    kind = TYPES.get(text("type").casefold())
    if kind is None:
        raise wrong("type", _listed(TYPES))
    state = STATES.get(text("state").casefold())
    if state is None:
        raise wrong("state", _listed(STATES))
    area = _square_metres(text("heated_area_m2"))
    if area is None and text("heated_area_m2"):
        raise wrong("heated_area_m2", "a number, such as 86.50")
    return Customer(
        number=CustomerNumber(_number(text("number"), scheme)),
        name=text("name"),
        customer_type=kind,
        area=text("area"),
        building=text("building"),
        room=text("room"),
        address=text("address"),
        heated_area_m2=area,
        contract_no=text("contract_no"),
        meter_no=text("meter_no"),
        trade=text("trade"),
        scale=text("scale"),
        state=state,
        transferred_to=_number(text("transferred_to"), scheme),
    )


def _number(text: str, scheme: INumberScheme) -> str:
    """Return the number without separators; a number of no form is kept as it stands, for it is what the company has."""
    return scheme.normal(text) or text


def _square_metres(text: str) -> float | None:
    try:
        return float(text.replace(",", "").removesuffix("㎡").removesuffix("m2").strip())
    except ValueError:
        return None


def _listed(words: Mapping[str, object]) -> str:
    return ", ".join(word for word in words if word)


OUR_COLUMNS: Sequence[str] = tuple(HEADINGS)
"""What `[register.columns]` may name."""
