"""Invented scans and descriptions for the tests, and a clock that stands still until it is told to go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from zope.interface import implementer

from classifiers.values import Evidence, EvidenceSource, Fact, FoundBy
from ingest.interfaces import IClock
from ingest.values import Box, Scan, ScanId
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
)

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DIGESTS = Digests("b" * 64, "c" * 32)
OTHER_DIGESTS = Digests("d" * 64, "e" * 32)
NO_CUSTOMER = Reason(ReasonCode.NO_CUSTOMER)


@implementer(IClock)
class StandingClock:
    """Shows one moment; a second passes with each look, so that the order of moves can be seen."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment, and let a second pass."""
        self.moment += timedelta(seconds=1)
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let the time pass without waiting."""
        self.moment += timedelta(seconds=seconds)


def scan(scan_id: str = "s1", **changes: Any) -> Scan:
    """Return a claimed scan."""
    number = int("".join(sign for sign in scan_id if sign.isdigit()) or 0)
    plain = Scan(
        scan_id=ScanId(scan_id),
        inbox="service",
        original_name=f"{scan_id} 报修单.pdf",
        path=Path(f"/srv/inbox/.guidang/{scan_id}/scan.pdf"),
        sha256=f"{number:064x}",
        md5=f"{number:032x}",
        size_bytes=1234,
        received_at=MORNING + timedelta(minutes=number),
    )
    return replace(plain, **changes)


CUSTOMER = Customer(
    number=CustomerNumber("0310004217"),
    name="王小明",
    customer_type=CustomerType.RESIDENTIAL,
    area="城东",
    building="锦绣家园12号楼",
    room="3单元501",
    address="城东区锦绣家园12号楼3单元501",
    heated_area_m2=98.6,
    contract_no="HT-2019-0042",
    meter_no="M889120",
    trade="",
    scale="",
    state=CustomerState.IN_USE,
    transferred_to="",
)


def evidence(text: str = "0310004217") -> Evidence:
    """Return where something was seen."""
    return Evidence(1, Box(100.0, 200.5, 340.0, 231.0), 300.0, text, EvidenceSource.TEXT)


def fact(name: str, value: Any) -> Fact:
    """Return a fact that was surely read."""
    return Fact(name, value, 0.93, surely_read=True, evidence=evidence(str(value)))


IDENTIFIED = Identification(
    numbers=(CUSTOMER.number,),
    found_by=FoundBy.PRINTED,
    confidence=0.97,
    customer=CUSTOMER,
    reasons=(),
    notes=(Reason(ReasonCode.NAME_DIFFERS_NOTED, {"name": "王大明"}),),
    evidence=evidence(),
)

NOBODY = Identification(
    numbers=(), found_by=None, confidence=0.0, customer=None, reasons=(NO_CUSTOMER,), notes=(), evidence=None
)


def description(record_id: str = "r1", scan_id: str = "s1", **changes: Any) -> Description:
    """Return a described repair slip of a known customer."""
    its_scan = scan(scan_id)
    plain = Description(
        record_id=RecordId(record_id),
        scan_id=its_scan.scan_id,
        scan_sha256=its_scan.sha256,
        original_name=its_scan.original_name,
        pages=(1, 2),
        category="service",
        kind="repair",
        kind_confidence=0.91,
        identification=IDENTIFIED,
        facts=(
            fact("report_date", date(2026, 1, 15)),
            fact("fault", "暖气不热"),
            fact("room_temp_c", 16.5),
            fact("work_order", "WX20260115003"),
        ),
        title="维修(报修)单 · 王小明 · WX20260115003 · 2026-01-15",
        record_date=date(2026, 1, 15),
        summary="报修：暖气不热",
        retention="D30",
        appraisal_date=date(2056, 1, 15),
        language="zh",
        department="客户服务",
        tags=("服务", "居民"),
        reasons=(),
        second_scan_of=None,
        received_at=its_scan.received_at,
    )
    return replace(plain, **changes)


def held(record_id: str = "r1", scan_id: str = "s1", **changes: Any) -> Description:
    """Return a described repair slip whose customer a person must find."""
    return description(record_id, scan_id, **{"identification": NOBODY, "reasons": (NO_CUSTOMER,), **changes})
