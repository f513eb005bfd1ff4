"""Reads the company's customer file: a CSV in UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs.

Every row becomes a customer or an error that names row, heading and value. Read as a stream, however long it is: 500,000 customers are
82 MB. Not for the database: that is `metadata.register_import`. Names and addresses stand in errors for the person who imports, never
in a log.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from classifiers.interfaces import INumberScheme
from ingest.message import N_, Message, os_reason
from metadata.interfaces import RegisterWrong
from metadata.register_columns import HEADINGS, STATES, TYPES, columns_of
from metadata.register_source import Row, Stamp
from metadata.values import Customer, CustomerNumber

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", ";", "\t", "|")
_CHUNK_BYTES = 1 << 20


class CustomerFile:
    """A CSV file as a source of customers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """Return where it stands."""
        return str(self.path)

    def stamp(self) -> Stamp | None:
        """Return size and time of the file as it stands there now; None where it does not."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return Stamp(found.st_mtime_ns, found.st_size)

    def digest(self) -> str:
        """Return the digest of its bytes, hex; raises RegisterWrong where it cannot be read."""
        with self._opened() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def rows(self) -> Iterator[Row]:
        """Yield its rows, the headings first, blank ones left out; raises RegisterWrong where it is no CSV, or changes meanwhile."""
        before = self.stamp()
        with self._opened() as stream:
            encoding = self._encoding_of(stream)
            stream.seek(0)
            with TextIOWrapper(stream, encoding=encoding, newline="") as text:
                yield from self._parsed(text)
        if self.stamp() != before:
            raise RegisterWrong(
                Message(N_("The customer file {path} was changed while it was read."), {"path": self.name}),
                Message(N_("Nothing was changed here. Import it again when it is finished.")),
            )

    def _opened(self) -> BufferedReader:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise RegisterWrong(
                Message(
                    N_("Cannot read the customer file {path}: {reason}."),
                    {"path": self.name},
                    {"reason": os_reason(error)},
                ),
                Message(N_("Put the file there, or name another one in the configuration under [register].")),
            ) from error

    def _encoding_of(self, stream: BufferedReader) -> str:
        """Return the encoding in which all of it can be read and makes sense; raises RegisterWrong."""
        is_wide = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        for encoding in ("utf-16",) if is_wide else _ENCODINGS:
            stream.seek(0)
            if _is_text_in(stream, encoding):
                return encoding
        raise RegisterWrong(
            Message(N_("The customer file {path} is neither UTF-8 nor GB 18030 text."), {"path": self.name}),
            Message(N_("Save it as CSV (UTF-8); an Excel workbook cannot be read.")),
        )

    def _parsed(self, text: TextIOWrapper) -> Iterator[Row]:
        first = next((line for line in text if line.strip()), "")
        text.seek(0)
        reader = csv.reader(text, delimiter=max(_DELIMITERS, key=first.count))
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Row(reader.line_num, cells)
        except csv.Error as error:
            raise RegisterWrong(
                Message(
                    N_("The customer file {path} is no CSV at row {row}: {reason}."),
                    {"path": self.name, "row": str(reader.line_num), "reason": str(error)},
                ),
                Message(N_("Export it anew as CSV.")),
            ) from error


def customers_of(
    rows: Iterator[Row], columns: Mapping[str, str], scheme: INumberScheme, name: str
) -> Iterator[Customer]:
    """Yield the customers of rows whose first are the headings; `columns` is `[register.columns]`.

    Raises RegisterWrong for the first wrong row, and where there are no headings. A number may come more than once.
    """
    heading = next(rows, None)
    if heading is None:
        raise RegisterWrong(
            Message(N_("The customer file {path} is empty."), {"path": name}),
            Message(N_("Export it anew, with a first row of headings.")),
        )
    places = columns_of(heading.cells, columns)
    headings = {column: heading.cells[index].strip() for column, index in places.items()}
    for row in rows:
        cells = row.cells
        texts = {column: cells[index].strip() if index < len(cells) else "" for column, index in places.items()}
        if any(texts.values()):
            yield _customer(texts, headings, row.number, scheme)


def _is_text_in(stream: BufferedReader, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


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
