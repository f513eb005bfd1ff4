"""Invented records for the tests of both stores: built from few words, all else sensible."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf

from classifiers.scheme import Scheme, scheme_from
from classifiers.values import Fact, FieldValue, FoundBy
from ingest.values import ScanId
from metadata.values import (
    Customer,
    CustomerNumber,
    CustomerState,
    CustomerType,
    Description,
    Digests,
    Identification,
    Reason,
    ReasonCode,
    RecordId,
    Submission,
)

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@lru_cache(maxsize=1)
def example_scheme() -> Scheme:
    return scheme_from(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["scheme"])


def customer(number: str = "10023456", name: str = "王小明", **changes: object) -> Customer:
    base = Customer(
        number=CustomerNumber(number),
        name=name,
        customer_type=CustomerType.RESIDENTIAL,
        area="和平里",
        building="12号楼",
        room="3-502",
        address="和平里12号楼3单元502室",
        heated_area_m2=89.5,
        contract_no="HT-2020-0001",
        meter_no="M001",
        trade="",
        scale="",
        state=CustomerState.IN_USE,
        transferred_to="",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the test names fields of Customer


HELD_FOR_NO_CUSTOMER = (Reason(ReasonCode.NO_CUSTOMER),)


@dataclass(frozen=True)
class Paper:
    """What a test wants to say about a record; `submission` gives the whole of it."""

    folder: Path
    record_id: str = "r0001"
    content: bytes = b"%PDF-1.4 one paper"
    kind: str | None = "repair"
    category: str | None = "service"
    title: str = "维修单 王小明 10023456 2024-11-13"
    code: str | None = "SV-2024-WX·00001"
    customer: Customer | None = field(default_factory=customer)
    numbers: tuple[str, ...] = ("10023456",)
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    tags: tuple[str, ...] = ()
    department: str | None = "工程技术"
    record_date: date | None = date(2024, 11, 13)
    facts: tuple[tuple[str, FieldValue], ...] = (
        ("report_date", date(2024, 11, 13)),
        ("fault", "暖气片不热"),
        ("room_temp_c", 14.5),
    )
    second_scan_of: str | None = None

    def but(self, **changes: object) -> Paper:
        return replace(self, **changes)  # type: ignore[arg-type]  # the test names fields of Paper

    def held(self, reasons: tuple[Reason, ...] = HELD_FOR_NO_CUSTOMER) -> Paper:
        return self.but(reasons=reasons, code=None, customer=None, numbers=())

    def submission(self) -> Submission:
        pdf_path = self.folder / f"{self.record_id}.pdf"
        pdf_path.write_bytes(self.content)
        digests = Digests(hashlib.sha256(self.content).hexdigest(), hashlib.md5(self.content).hexdigest())
        return Submission(self.description(), self.code, pdf_path, digests)

    def description(self) -> Description:
        numbers = tuple(CustomerNumber(number) for number in self.numbers)
        found = FoundBy.PRINTED if numbers else None
        return Description(
            record_id=RecordId(self.record_id),
            scan_id=ScanId("s-" + self.record_id),
            scan_sha256=hashlib.sha256(b"scan of " + self.content).hexdigest(),
            original_name="scan_0007.pdf",
            pages=(1, 1),
            category=self.category,
            kind=self.kind,
            kind_confidence=0.93,
            identification=Identification(
                numbers, found, 0.97 if numbers else 0.0, self.customer, (), self.notes, None
            ),
            facts=tuple(Fact(name, value, 0.9, True, None) for name, value in self.facts),
            title=self.title,
            record_date=self.record_date,
            summary="报修：暖气片不热",
            retention="D30",
            appraisal_date=date(2054, 11, 13),
            language="zh",
            department=self.department,
            tags=self.tags,
            reasons=self.reasons,
            second_scan_of=RecordId(self.second_scan_of) if self.second_scan_of else None,
            received_at=datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC),
        )


def real_pdf(said: str) -> bytes:
    """Return a PDF of one page that says more than 50 signs, so that a real server takes it as read."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    text_of_page = f"{said} - an invented repair slip of an invented customer, made by a test of guidang"
    page.Contents = pdf.make_stream(f"BT /F1 11 Tf 50 700 Td ({text_of_page}) Tj ET".encode())
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
