"""How the stand-in checks what it is sent: the server's own sentences for the server's own rules."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tests.paperless_stand_in.state import CustomField, State

MONEY = re.compile(r"([A-Z]{3})?-?\d+(\.\d{1,2})?")


def value_fault(field: CustomField, value: Any) -> str | None:
    """Return what the server says of a value that does not fit, "500" where it breaks, None where it fits."""
    if value is None:
        return None
    match field.data_type:
        case "string":
            if not isinstance(value, str):
                return "500"
            too_long = len(value) > 128
            return f"Ensure this value has at most 128 characters (it has {len(value)})." if too_long else None
        case "date":
            return None if _is_date(value) else "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
        case "monetary":
            fits = isinstance(value, int | float) or (isinstance(value, str) and MONEY.fullmatch(value))
            return None if fits else "Must be a two-decimal number with optional currency code e.g. GBP123.45"
        case "integer":
            return None if isinstance(value, int) else "Enter a valid integer."
        case "float":
            return None if isinstance(value, int | float) else "A valid number is required."
        case "boolean":
            return None if isinstance(value, bool) else "500"
        case "select":
            options = (field.extra_data or {}).get("select_options", [])
            is_one = value in [option["id"] for option in options]
            return None if is_one else f"Value must be an id of an element in {options}"
    return None


def upload_fault(state: State, form: dict[str, list[str]], file_name: str, content: bytes) -> dict[str, Any] | None:
    """Return the body of the 400 that an upload gets, None where it is queued."""
    if not content:
        return {"document": ["The submitted file is empty."]}
    if file_name.endswith(".exe"):
        return {"document": ["File type application/x-dosexec not supported"]}
    for key, kind in (("tags", "tags"), ("document_type", "document_types")):
        for value in form.get(key, []):
            if not value.isdecimal():
                return {key: ["Incorrect type. Expected pk value, received str."]}
            if int(value) not in state.names[kind]:
                return {key: [f'Invalid pk "{value}" - object does not exist.']}
    created = (form.get("created") or [""])[-1]
    if created and not _is_date(created[:10]):
        formats = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]"
        return {"created": [f"Datetime has wrong format. Use one of these formats instead: {formats}."]}
    return None


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return len(value) == 10
