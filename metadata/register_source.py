"""What customers come from: rows of texts, headings first, and a way to see cheaply that nothing has changed.

The company's file (`metadata.register_file`) or a view of its database (`metadata.register_view`). Not for what the headings mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in its source, from 1, and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Cheap to have and to compare; while it is the same, so is the content."""

    modified_ns: int
    size_bytes: int


class IRegisterSource(Protocol):
    """Where the company keeps its customers."""

    @property
    def name(self) -> str:
        """Return where that is, without secrets."""

    def stamp(self) -> Stamp | None:
        """Return the stamp of now; None where there is none to be had."""

    def digest(self) -> str:
        """Return something that changes with the content; may cost as much as reading it. Raises RegisterWrong."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows, the headings first; raises RegisterWrong."""
