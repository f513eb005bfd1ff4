"""Reads fields out of decoded JSON without trusting its shape; nothing untyped passes this file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


class ShapeWrong(Exception):
    """The JSON is not what the API promises; the text says which part, never a value."""


def as_object(value: Json, what: str) -> JsonObject:
    """Return the value if it is an object."""
    if not isinstance(value, dict):
        raise ShapeWrong(what)
    return value


def objects(value: Json, what: str) -> Iterator[JsonObject]:
    """Yield the objects of a list."""
    if not isinstance(value, list):
        raise ShapeWrong(what)
    for entry in value:
        yield as_object(entry, what)


def number(holder: JsonObject, key: str) -> int:
    """Return a whole number; 2.x writes some as text."""
    found = optional_number(holder, key)
    if found is None:
        raise ShapeWrong(key)
    return found


def optional_number(holder: JsonObject, key: str) -> int | None:
    """Return a whole number, None where there is none."""
    value = holder.get(key)
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ShapeWrong(key)


def text(holder: JsonObject, key: str) -> str:
    """Return a text, "" where there is none."""
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ShapeWrong(key)
    return value


def moment(holder: JsonObject, key: str) -> datetime:
    """Return a moment, in UTC."""
    found = optional_moment(holder, key)
    if found is None:
        raise ShapeWrong(key)
    return found


def optional_moment(holder: JsonObject, key: str) -> datetime | None:
    """Return a moment in UTC, None where there is none."""
    value = text(holder, key)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise ShapeWrong(key) from error
    if found.tzinfo is None:
        raise ShapeWrong(key)
    return found.astimezone(UTC)


def numbers(holder: JsonObject, key: str) -> tuple[int, ...]:
    """Return a list of whole numbers."""
    value = holder.get(key)
    if not isinstance(value, list):
        raise ShapeWrong(key)
    return tuple(number({key: entry}, key) for entry in value)
