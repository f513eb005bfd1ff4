"""Sentences for people, kept as data until somebody knows the reader's language.

The lower floors say *what* is so; the connector translates (gettext) when it prints, writes a note or sets a tag.
Not for logs: those are English and carry no personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(template: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Return the template unchanged; Babel collects every string marked so for the catalogues."""
    return template


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: an English template (the gettext message id) and the facts that fill its `{names}`."""

    template: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.template.format_map(dict(self.facts))


class GuidangError(Exception):
    """Anything we tell a person as *what happened, to which thing* and *what to do next*.

    Subclasses build `what` and `remedy` from facts that they keep as attributes. Survives pickling: workers raise it too.
    """

    def __init__(self, what: Message, remedy: Message) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        """Return both parts in English."""
        return f"{self.what} {self.remedy}"
