"""The custom fields that a record bears on the server: their names, their types, and how a value fits into one.

Pure. Not for making them there: `taxonomy` does. Our own fields come first; every fact of the scheme gets one field, shared by
all kinds that have it. A value that a type cannot hold is said to be unfit, never cut: a shortened amount or number is a lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from classifiers.scheme import FieldType, Names, Scheme
from classifiers.values import FieldValue
from connector import store_words as words
from metadata.values import CustomerType

MAX_STRING_SIGNS = 128
MAX_NAME_SIGNS = 128
CURRENCY = "CNY"
_LARGEST_AMOUNT = 10**13


class DataType(StrEnum):
    """The types of the server that we use; `longtext` since 2.19."""

    STRING = "string"
    LONGTEXT = "longtext"
    DATE = "date"
    MONETARY = "monetary"
    FLOAT = "float"
    BOOLEAN = "boolean"
    SELECT = "select"


class Own(StrEnum):
    """The fields that every record may bear, whatever its kind."""

    CUSTOMER_NUMBER = "customer_number"
    FORMER_CUSTOMER_NUMBER = "former_customer_number"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_TYPE = "customer_type"
    DISTRICT = "district"
    BUILDING = "building"
    TRADE = "trade"
    SCALE = "scale"
    REFERENCE_CODE = "reference_code"
    CATEGORY = "category"
    RETENTION = "retention"
    APPRAISAL_DATE = "appraisal_date"
    SUMMARY = "summary"
    CONFIDENCE = "confidence"
    REVIEW_NOTE = "review_note"
    SCAN_SHA256 = "scan_sha256"
    RECORD_ID = "record_id"


OWN_FIELDS: Mapping[Own, tuple[Names, DataType]] = {
    Own.CUSTOMER_NUMBER: (Names("客户编号", "Customer number"), DataType.STRING),
    Own.FORMER_CUSTOMER_NUMBER: (Names("原客户编号", "Former customer number"), DataType.STRING),
    Own.CUSTOMER_NAME: (Names("客户名称", "Customer name"), DataType.STRING),
    Own.CUSTOMER_TYPE: (Names("用户类型", "Customer type"), DataType.SELECT),
    Own.DISTRICT: (Names("片区", "District"), DataType.STRING),
    Own.BUILDING: (Names("楼栋", "Building"), DataType.STRING),
    Own.TRADE: (Names("行业", "Trade"), DataType.STRING),
    Own.SCALE: (Names("规模", "Scale"), DataType.STRING),
    Own.REFERENCE_CODE: (Names("档号", "Reference code"), DataType.STRING),
    Own.CATEGORY: (Names("档案类别", "Category"), DataType.SELECT),
    Own.RETENTION: (Names("保管期限", "Retention period"), DataType.STRING),
    Own.APPRAISAL_DATE: (Names("鉴定日期", "Appraisal date"), DataType.DATE),
    Own.SUMMARY: (Names("内容摘要", "Summary"), DataType.LONGTEXT),
    Own.CONFIDENCE: (Names("置信度", "Confidence"), DataType.FLOAT),
    Own.REVIEW_NOTE: (Names("核验说明", "Review note"), DataType.LONGTEXT),
    Own.SCAN_SHA256: (Names("扫描件摘要", "Digest of the scan"), DataType.STRING),
    Own.RECORD_ID: (Names("件标识", "Record id"), DataType.STRING),
}

_SERVER_TYPES: Mapping[FieldType, DataType] = {
    FieldType.DATE: DataType.DATE,
    FieldType.AMOUNT: DataType.MONETARY,
    FieldType.AREA: DataType.FLOAT,
    FieldType.TEMPERATURE: DataType.FLOAT,
    FieldType.BOOL: DataType.BOOLEAN,
    FieldType.TEXT: DataType.LONGTEXT,
    FieldType.ADDRESS: DataType.LONGTEXT,
}
"""All others are strings."""

ServerValue = str | float | bool


class ValueUnfit(Exception):
    """The server's type cannot hold this value; the text names the field, never the value."""


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field as it is to stand on the server. `code` is ours; `options` are the labels of a select.

    `other_names` are those of the other language: a field that bears one is this one; `other_options` likewise, label by label.
    """

    code: str
    name: str
    data_type: DataType
    options: tuple[str, ...] = ()
    other_names: frozenset[str] = frozenset()
    other_options: tuple[str, ...] = ()


def field_table(scheme: Scheme, language: str) -> Mapping[str, FieldDefinition]:
    """Return all fields by our code: our own, then the scheme's facts; no two have the same name on the server."""
    table: dict[str, FieldDefinition] = {}
    names: set[str] = set()
    for definition in (*_own(scheme, language), *_facts(scheme, language)):
        name = definition.name[:MAX_NAME_SIGNS]
        if name in names:
            name = f"{name[: MAX_NAME_SIGNS - len(definition.code) - 3]} ({definition.code})"
        names.add(name)
        table[definition.code] = replace(definition, name=name)
    return table


def fact_code(name: str) -> str:
    """Return the code of the field of a scheme's fact; never one of our own."""
    return f"fact_{name}"


def server_value(definition: FieldDefinition, value: FieldValue) -> ServerValue:
    """Return the value as the server's type takes it (a select's as its label); raises ValueUnfit."""
    match definition.data_type:
        case DataType.STRING | DataType.LONGTEXT:
            return _text(definition, value)
        case DataType.DATE if isinstance(value, date):
            return value.isoformat()
        case DataType.BOOLEAN if isinstance(value, bool):
            return value
        case DataType.MONETARY if isinstance(value, int | float) and _is_number(value):
            return _amount(definition, value)
        case DataType.FLOAT if isinstance(value, int | float) and _is_number(value):
            return float(value)
        case DataType.SELECT if value in definition.options:
            return str(value)
    raise ValueUnfit(definition.name)


def customer_type_label(customer_type: CustomerType, language: str) -> str:
    """Return the option of a customer's type: the word of its tag and of its branch of the archive."""
    return words.tag_name(customer_type.value, language)


def _own(scheme: Scheme, language: str) -> Iterator[FieldDefinition]:
    options = {
        Own.CATEGORY: [category.names for category in scheme.categories],
        Own.CUSTOMER_TYPE: [words.TAGS[one] for one in CustomerType],
    }
    for own, (names, data_type) in OWN_FIELDS.items():
        yield _definition(own.value, names, language, data_type, options.get(own, ()))


def _facts(scheme: Scheme, language: str) -> Iterator[FieldDefinition]:
    for spec in scheme.field_specs:
        data_type = _SERVER_TYPES.get(spec.type, DataType.STRING)
        yield _definition(fact_code(spec.name), spec.names, language, data_type)


def _definition(
    code: str, names: Names, language: str, data_type: DataType, options: Sequence[Names] = ()
) -> FieldDefinition:
    name, other = names.in_language(language), "en" if language.startswith("zh") else "zh"
    return FieldDefinition(
        code,
        name,
        data_type,
        options=tuple(option.in_language(language) for option in options),
        other_names=words.every_name(names) - {name},
        other_options=tuple(option.in_language(other) for option in options),
    )


def _is_number(value: FieldValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(definition: FieldDefinition, value: FieldValue) -> str:
    if isinstance(value, tuple):
        text = ", ".join(f"{number:g}" for number in value)
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = f"{value:g}" if _is_number(value) and isinstance(value, float) else str(value)
    text = text.replace("\x00", "").strip()
    if definition.data_type is DataType.STRING and len(text) > MAX_STRING_SIGNS:
        raise ValueUnfit(definition.name)
    return text


def _amount(definition: FieldDefinition, value: float) -> str:
    amount = Decimal(str(value))
    if abs(amount) >= _LARGEST_AMOUNT:
        raise ValueUnfit(definition.name)
    return f"{CURRENCY}{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):.2f}"
