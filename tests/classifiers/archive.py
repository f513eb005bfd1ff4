"""What persons said and which model is in use, held in memory, for the tests of whoever learns from it."""

from __future__ import annotations

from zope.interface import implementer

from classifiers.interfaces import IExamples, IModelShelf
from classifiers.values import Example


@implementer(IExamples)
class TaughtExamples:
    """Examples in the order in which they were given; three at once, so that askers have to ask again."""

    def __init__(self, *given: Example) -> None:
        self.given = list(given)
        self.asked = 0

    def since(self, cursor: int) -> tuple[int, tuple[Example, ...]]:
        self.asked += 1
        found = tuple(self.given[cursor : cursor + 3])
        return cursor + len(found), found


@implementer(IModelShelf)
class OneModel:
    """A shelf with one file on it, or none."""

    def __init__(self, content: bytes | None = None) -> None:
        self.file = content
        self.version = 0

    def put(self, content: bytes | None) -> None:
        self.file = content
        self.version += 1

    def stamp(self) -> str | None:
        return str(self.version) if self.file is not None else None

    def content(self) -> bytes | None:
        return self.file
