"""Lets the values of a form check each other: what is proven by arithmetic becomes sure, what contradicts it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from statistics import fmean

from classifiers.amounts import amounts_in
from classifiers.found import Form, Found
from classifiers.layout import Span
from classifiers.scheme import FieldType, Kind
from classifiers.whole_page import LineItem, line_items

_CENT = 0.011
_PROVEN = 1.08


def checked(form: Form, kind: Kind, found: Mapping[str, Found]) -> dict[str, Found]:
    """Return the values after they checked each other."""
    values = dict(found)
    _check_mean(kind, values)
    _check_bill(form, kind, values)
    _check_dates(values)
    return values


def _check_mean(kind: Kind, values: dict[str, Found]) -> None:
    """A column of temperatures and their mean prove each other; a column whose mean differs is left out."""
    columns = [s.name for s in kind.fields if s.type is FieldType.TEMPERATURES and s.name in values]
    means = [s.name for s in kind.fields if s.type is FieldType.TEMPERATURE and s.name in values]
    for column in columns:
        readings = values[column].value
        for mean in means:
            if not isinstance(readings, tuple) or not isinstance(values[mean].value, float):
                continue
            if abs(fmean(readings) - float(str(values[mean].value))) <= 0.06:
                values[column] = _sure(values[column])
                values[mean] = _sure(values[mean])
            else:
                values.pop(column)
                values[mean] = replace(values[mean], sureness=values[mean].sureness * 0.85)
                break


def _check_bill(form: Form, kind: Kind, values: dict[str, Found]) -> None:
    """Quantity × price = amount proves the area and the fee, and rate × amount = tax the tax."""
    items = list(line_items(form))
    if not items:
        return
    item = items[0]
    names = {spec.name for spec in kind.fields}
    _take(values, names, "area_m2", item.quantity_value, item.quantity)
    if item.tax is not None:
        _take(values, names, "tax", item.tax_value, item.tax)
    _add_late_fee(form, kind, values, item)
    if "fee" in values or "late_fee" in values:
        _take(values, names, "fee", item.amount_value, item.amount)
    _check_total(values, item)


def _add_late_fee(form: Form, kind: Kind, values: dict[str, Found], item: LineItem) -> None:
    """Take the last number of the late fee's own row where fee and late fee make up the total: nothing proves it better."""
    spec, total = kind.field("late_fee"), values.get("amount")
    if spec is None or "late_fee" in values or total is None or not isinstance(total.value, float):
        return
    for _, place in form.at(spec.labels):
        numbers = list(amounts_in(place.text))
        if numbers and abs(item.amount_value + numbers[-1].value - total.value) <= _CENT:
            start = place.hit.value_start
            span = Span(place.row, start + numbers[-1].start, start + numbers[-1].end)
            values["late_fee"] = _sure(Found(numbers[-1].value, (span,), 0.95))
            return


def _take(values: dict[str, Found], names: set[str], name: str, value: float, span: Span) -> None:
    if name in names:
        values[name] = _sure(Found(value, (span,), 0.95))


def _check_total(values: dict[str, Found], item: LineItem) -> None:
    amount = values.get("amount")
    if amount is None or not isinstance(amount.value, float):
        return
    parts = [item.amount_value, item.amount_value + item.tax_value]
    late = values.get("late_fee")
    if late is not None and isinstance(late.value, float):
        parts.append(item.amount_value + late.value)
    if any(abs(amount.value - part) <= _CENT for part in parts):
        values["amount"] = _sure(amount)


def _check_dates(values: dict[str, Found]) -> None:
    """A later step of a matter never stands before its beginning; where it does, both are doubtful."""
    for first, later in (
        ("report_date", "done_date"),
        ("complaint_date", "close_date"),
        ("borrow_date", "return_date"),
        ("notice_date", "deadline"),
    ):
        begin, end = values.get(first), values.get(later)
        if begin is None or end is None:
            continue
        if isinstance(begin.value, date) and isinstance(end.value, date):
            days = (end.value - begin.value).days
            if not 0 <= days <= 400:
                for name in (first, later):
                    values[name] = replace(values[name], sureness=values[name].sureness * 0.6)


def _sure(found: Found) -> Found:
    return replace(found, sureness=min(1.0, found.sureness * _PROVEN + 0.12), is_proven=True)
