"""Says what is wrong with a configuration file: which file, which key, which value, and what to write instead.

Not for checking values: pydantic (`connector.config`) finds what is wrong, this module finds the words, so that they can
be translated and never show pydantic's own English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from classifiers.interfaces import SchemeWrong
from ingest.message import N_, GuidangError, Message, os_reason

_EXPECTED: Mapping[str, str] = {
    "int_type": N_("In {file}, the key {key} is {value}, but must be a whole number."),
    "int_from_float": N_("In {file}, the key {key} is {value}, but must be a whole number."),
    "float_type": N_("In {file}, the key {key} is {value}, but must be a number."),
    "string_type": N_('In {file}, the key {key} is {value}, but must be a text in "quotes".'),
    "bool_type": N_("In {file}, the key {key} is {value}, but must be true or false."),
    "tuple_type": N_('In {file}, the key {key} is {value}, but must be a list such as ["a", "b"].'),
    "model_type": N_("In {file}, the key {key} is {value}, but must be a table of keys."),
    "dict_type": N_("In {file}, the key {key} is {value}, but must be a table of keys."),
    "greater_than_equal": N_("In {file}, the key {key} is {value}, but must be {limit} or more."),
    "greater_than": N_("In {file}, the key {key} is {value}, but must be more than {limit}."),
    "less_than_equal": N_("In {file}, the key {key} is {value}, but must be {limit} or less."),
    "string_too_short": N_("In {file}, the key {key} is empty."),
    "too_short": N_("In {file}, the key {key} is empty, but needs at least one entry."),
}
_LIMITS = ("ge", "gt", "le", "lt")


class ConfigWrong(GuidangError):
    """The configuration cannot be used. `key` and `value` are "" where the file as a whole is the matter."""

    def __init__(self, what: Message, remedy: Message, key: str = "", value: str = "") -> None:
        super().__init__(what, remedy)
        self.args = (what, remedy, key, value)
        self.key = key
        self.value = value


def file_missing(path: Path) -> ConfigWrong:
    """Return the error for a configuration file that is not there."""
    return ConfigWrong(
        Message(N_("There is no configuration file at {file}."), {"file": str(path)}),
        Message(N_("Make one with `guidang init DIR`, or name yours with --config or GUIDANG_CONFIG.")),
    )


def file_unreadable(path: Path, error: OSError) -> ConfigWrong:
    """Return the error for a configuration file that may not be read."""
    return ConfigWrong(
        Message(
            N_("Cannot read the configuration file {file}: {reason}."),
            {"file": str(path)},
            {"reason": os_reason(error)},
        ),
        Message(N_("Give the user who runs guidang the right to read it.")),
    )


def not_toml(path: Path, error: Exception) -> ConfigWrong:
    """Return the error for a file that is not TOML in UTF-8; the parser's words name the line."""
    return ConfigWrong(
        Message(
            N_("The configuration file {file} is not valid TOML: {reason}."), {"file": str(path), "reason": str(error)}
        ),
        Message(N_("Correct that place; config.example.toml shows how each key is written.")),
    )


def key_wrong(path: Path, key: str, value: object, remedy: Message) -> ConfigWrong:
    """Return the error for a value that is of the right type but cannot be used."""
    shown = shown_value(value)
    return ConfigWrong(
        Message(
            N_("In {file}, the key {key} is {value}, which cannot be used."),
            {"file": str(path), "key": key, "value": shown},
        ),
        remedy,
        key,
        shown,
    )


def from_validation(path: Path, model: type[BaseModel], error: ValidationError) -> ConfigWrong:
    """Return our error for the first thing pydantic found; unknown keys come first, as they explain missing ones."""
    found = sorted(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    first = found[0]
    loc = tuple(first["loc"])
    key, value = key_path(loc), shown_value(first["input"])
    facts = {"file": str(path), "key": key, "value": value}
    context: Mapping[str, Any] = first.get("ctx", {})
    kind = first["type"]
    if kind == "extra_forbidden":
        what, remedy = _unknown_key(facts, str(loc[-1]), _keys_at(model, loc[:-1]))
    elif kind == "missing":
        what = Message(N_("In {file}, the key {key} is missing."), facts)
        remedy = Message(N_("Add it; config.example.toml shows how it is written."))
        value = ""
    elif kind == "literal_error":
        what, remedy = _not_one_of(facts, str(first["input"]), _literals(str(context["expected"])))
    else:
        limit = next((str(context[name]) for name in _LIMITS if name in context), "")
        if kind in _EXPECTED:
            what = Message(_EXPECTED[kind], {**facts, "limit": limit})
        else:
            what = Message(N_("In {file}, the key {key} is {value}, which cannot be used."), facts)
        remedy = Message(N_("Correct it; config.example.toml shows how it is written."))
    return ConfigWrong(what, remedy, key, value)


def from_scheme(path: Path, error: SchemeWrong) -> ConfigWrong:
    """Return our error for a wrong scheme or number form: its own words, with the file before the key."""
    key = error.what.facts.get("key", "scheme")
    facts = {**error.what.facts, "key": f"{path}: {key}"}
    return ConfigWrong(Message(error.what.template, facts), error.remedy, key)


def unknown_name(path: Path, key: str, value: str, known: Sequence[str]) -> ConfigWrong:
    """Return the error for a value that must be one of a set known only now, such as the kinds of the scheme."""
    what, remedy = _not_one_of({"file": str(path), "key": key, "value": shown_value(value)}, value, known)
    return ConfigWrong(what, remedy, key, shown_value(value))


def key_path(loc: Sequence[int | str]) -> str:
    """Return a key as a person finds it: `inboxes[2].watch`, entries counted from 1."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def shown_value(value: object) -> str:
    """Return a value as TOML writes it, cut to a length that a message can bear."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(map(str, value)) + "}"
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(map(shown_value, value)) + "]"
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _unknown_key(facts: Mapping[str, str], key: str, known: Sequence[str]) -> tuple[Message, Message]:
    what = Message(N_("In {file}, the key {key} is not known."), facts)
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        return what, Message(N_("Did you mean {near}? Write that, or remove the key."), {"near": near[0]})
    return what, Message(N_("Remove it. Known here are: {known}."), {"known": ", ".join(known)})


def _not_one_of(facts: Mapping[str, str], value: str, known: Sequence[str]) -> tuple[Message, Message]:
    what = Message(N_("In {file}, the key {key} is {value}, which is not known."), facts)
    near = get_close_matches(value, known, n=1, cutoff=0.6)
    if near:
        return what, Message(N_('Did you mean "{near}"?'), {"near": near[0]})
    return what, Message(N_("Write one of: {known}."), {"known": ", ".join(known)})


def _literals(expected: str) -> list[str]:
    """Return the words of pydantic's `'a', 'b' or 'c'`."""
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _keys_at(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """Return the keys that are known at this place of the file."""
    here = model
    for part in loc:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part) or next((f for f in here.model_fields.values() if f.alias == part), None)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            return []
        here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg)) is not None), None)
