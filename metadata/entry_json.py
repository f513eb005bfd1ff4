"""The parts of a description that are shown but not asked for, to JSON and back, exactly: evidence, reasons, customers.

Not the `--json` contract of the command line (that is a promise to others; this is how the journal keeps values). Floats,
dates and tuples come back equal to what went in; a test with generated values holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from classifiers.values import Evidence, EvidenceSource, Fact, FieldValue
from ingest.values import Box
from metadata.values import Customer, CustomerNumber, CustomerState, CustomerType, Reason, ReasonCode

Json = dict[str, Any]


def evidence_to_json(evidence: Evidence | None) -> Json | None:
    """Return the evidence as JSON; None stays None."""
    if evidence is None:
        return None
    box = evidence.box
    return {
        "page": evidence.page_number,
        "box": [box.left, box.top, box.right, box.bottom],
        "dpi": evidence.dpi,
        "text": evidence.text,
        "source": evidence.source.value,
    }


def evidence_from_json(kept: Json | None) -> Evidence | None:
    """Return what `evidence_to_json` was given."""
    if kept is None:
        return None
    left, top, right, bottom = kept["box"]
    return Evidence(
        page_number=kept["page"],
        box=Box(left, top, right, bottom),
        dpi=kept["dpi"],
        text=kept["text"],
        source=EvidenceSource(kept["source"]),
    )


def reasons_to_json(reasons: Iterable[Reason]) -> list[Json]:
    """Return the reasons as a JSON list."""
    return [
        {"code": reason.code.value, "facts": dict(reason.facts), "customer_numbers": list(reason.customer_numbers)}
        for reason in reasons
    ]


def reasons_from_json(kept: Iterable[Json]) -> tuple[Reason, ...]:
    """Return what `reasons_to_json` was given."""
    return tuple(
        Reason(ReasonCode(reason["code"]), reason["facts"], tuple(reason["customer_numbers"])) for reason in kept
    )


def customer_to_json(customer: Customer | None) -> Json | None:
    """Return the customer as JSON: how the register had it when the record was described."""
    return None if customer is None else asdict(customer)


def customer_from_json(kept: Json | None) -> Customer | None:
    """Return what `customer_to_json` was given."""
    if kept is None:
        return None
    return Customer(
        **{
            **kept,
            "number": CustomerNumber(kept["number"]),
            "customer_type": CustomerType(kept["customer_type"]),
            "state": CustomerState(kept["state"]),
        }
    )


def value_to_json(value: FieldValue | None) -> Any:
    """Return a fact's value as JSON; a date becomes {"date": ISO}, so that it cannot be taken for a text."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    return value


def value_from_json(kept: Any) -> FieldValue | None:
    """Return what `value_to_json` was given."""
    if isinstance(kept, Mapping):
        return date.fromisoformat(kept["date"])
    if isinstance(kept, list):
        return tuple(float(number) for number in kept)
    if kept is None or isinstance(kept, str | bool | float):
        return kept
    return float(kept)


def fact_to_columns(fact: Fact, origin: str) -> Json:
    """Return a fact as the columns of `record_facts`: its value stands in the column of its own type."""
    value = fact.value
    columns: Json = {
        "name": fact.name,
        "origin": origin,
        "text_value": None,
        "number_value": None,
        "boolean_value": None,
        "date_value": None,
        "numbers_value": None,
        "confidence": fact.confidence,
        "surely_read": fact.surely_read,
        "evidence": evidence_to_json(fact.evidence),
    }
    value_type = _value_type(value)
    columns["value_type"] = value_type
    columns[f"{value_type}_value"] = list(value) if isinstance(value, tuple) else value
    return columns


def fact_from_columns(row: Mapping[Any, Any]) -> Fact:
    """Return what `fact_to_columns` was given."""
    value = row[f"{row['value_type']}_value"]
    return Fact(
        name=row["name"],
        value=tuple(float(number) for number in value) if isinstance(value, list) else value,
        confidence=row["confidence"],
        surely_read=row["surely_read"],
        evidence=evidence_from_json(row["evidence"]),
    )


def _value_type(value: FieldValue) -> str:
    if isinstance(value, bool):  # before float: a bool counts as a number in Python
        return "boolean"
    if isinstance(value, str):
        return "text"
    if isinstance(value, date):
        return "date"
    return "numbers" if isinstance(value, tuple) else "number"
