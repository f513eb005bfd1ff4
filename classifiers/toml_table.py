"""Reads one table of the configuration: every wrong, missing or unknown key becomes a sentence that names it.

For the scheme only; the rest of the configuration is checked by the connector. Knows nothing of kinds or fields.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from classifiers.interfaces import SchemeWrong
from ingest.message import N_, Message


def near_word(word: str, allowed: Sequence[str]) -> str:
    """Return the allowed word that is most like this one; "" where none is."""
    near = difflib.get_close_matches(word, allowed, n=1, cutoff=0.6)
    return near[0] if near else ""


def wrong_value(key: str, value: object, allowed: Sequence[str]) -> SchemeWrong:
    """Return the error for a value outside a closed list, with the nearest allowed one or the whole list as remedy."""
    what = Message(N_("Configuration: {key} has the unknown value {value}."), {"key": key, "value": repr(value)})
    near = near_word(str(value), allowed)
    if near:
        return SchemeWrong(what, Message(N_("Did you mean {near}?"), {"near": repr(near)}))
    return SchemeWrong(what, Message(N_("Use one of: {allowed}."), {"allowed": ", ".join(allowed)}))


def wrong_type(key: str, value: object, wanted: str) -> SchemeWrong:
    """Return the error for a value of the wrong type; `wanted` says what stands there in TOML, with an example."""
    return SchemeWrong(
        Message(N_("Configuration: {key} cannot be {value}."), {"key": key, "value": repr(value)[:80]}),
        Message(N_("Write it as {wanted}."), {"wanted": wanted}),
    )


class Table:
    """One table, and its place in the file (`path`, such as `scheme.kinds[3]`) for the sentences."""

    def __init__(self, content: object, path: str, known: Sequence[str]) -> None:
        """Check that this is a table whose keys are all known; raises SchemeWrong."""
        if not isinstance(content, Mapping):
            raise wrong_type(path, content, "[table]")
        self.path = path
        self._content: dict[str, object] = {str(key): value for key, value in content.items()}
        for key in self._content:
            if key not in known:
                self._raise_unknown(key, known)

    def _raise_unknown(self, key: str, known: Sequence[str]) -> None:
        what = Message(N_("Configuration: there is no key {key}."), {"key": self.key(key)})
        near = near_word(key, known)
        if near:
            raise SchemeWrong(what, Message(N_("Did you mean {near}?"), {"near": repr(near)}))
        raise SchemeWrong(what, Message(N_("Use one of: {allowed}."), {"allowed": ", ".join(known)}))

    def key(self, name: str) -> str:
        """Return the full name of a key of this table."""
        return f"{self.path}.{name}"

    def has(self, name: str) -> bool:
        """Return whether the key is there."""
        return name in self._content

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be empty."""
        value = self._content.get(name, default)
        if value is None or (default is None and value == ""):
            raise SchemeWrong(
                Message(N_("Configuration: {key} is missing."), {"key": self.key(name)}),
                Message(N_("Write {key} = {wanted}."), {"key": name, "wanted": '"…"'}),
            )
        if not isinstance(value, str):
            raise wrong_type(self.key(name), value, '"text"')
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, none empty; () where the key is not there."""
        value = self._content.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise wrong_type(self.key(name), value, '["one", "two"]')
        return tuple(value)

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self._content.get(name, default)
        if not isinstance(value, bool):
            raise wrong_type(self.key(name), value, "true or false")
        return value

    def share(self, name: str) -> float | None:
        """Return a number from 0.0 to 1.0; None where the key is not there."""
        value = self._content.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise wrong_type(self.key(name), value, "0.0 … 1.0")
        return float(value)

    def one_of(self, name: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return a text of a closed list."""
        value = self.text(name, default)
        if value not in allowed:
            raise wrong_value(self.key(name), value, allowed)
        return value

    def tables(self, name: str, known: Sequence[str]) -> tuple[Table, ...]:
        """Return the tables of an array of tables; () where the key is not there."""
        value = self._content.get(name, [])
        if not isinstance(value, list):
            raise wrong_type(self.key(name), value, f"[[{self.key(name)}]]")
        return tuple(Table(item, f"{self.key(name)}[{index}]", known) for index, item in enumerate(value, 1))

    def table(self, name: str, known: Sequence[str]) -> Table:
        """Return a table inside this one, empty where the key is not there."""
        return Table(self._content.get(name, {}), self.key(name), known)

    def whole(self, name: str) -> int:
        """Return a whole number; it must be there."""
        value = self._content.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(self.key(name), value, "a whole number, such as 11")
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers; () where the key is not there."""
        value = self._content.get(name, [])
        if not isinstance(value, list) or not all(
            isinstance(item, int) and not isinstance(item, bool) for item in value
        ):
            raise wrong_type(self.key(name), value, "[7, 3, 1]")
        return tuple(value)
