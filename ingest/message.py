"""Sentences for people, kept as data until somebody knows the reader's language.

The lower floors say *what* is so; the connector translates (gettext) when it prints, writes a note or sets a tag.
Not for logs: those are English and carry no personal data.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(template: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Return the template unchanged; Babel collects every string marked so for the catalogues."""
    return template


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: an English template (the gettext message id) and the facts that fill its `{names}`.

    `inner` are facts that are words for people themselves, and are translated with it.
    """

    template: str
    facts: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, Message] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.template.format_map({**self.facts, **{name: str(one) for name, one in self.inner.items()}})


def os_reason(error: OSError) -> Message:
    """Return what the operating system says is wrong, in words that can be translated; its own where we have none."""
    words = OS_REASONS.get(error.errno or 0)
    return Message(words) if words else Message("{words}", {"words": error.strerror or type(error).__name__})


OS_REASONS: Mapping[int, str] = {
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("operation not permitted"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOENT: N_("it does not exist"),
    errno.ENOTDIR: N_("it is no folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.EEXIST: N_("it exists already"),
    errno.ENOSPC: N_("no space left on the disk"),
    errno.EDQUOT: N_("the quota of the disk is used up"),
    errno.EFBIG: N_("the file is too large"),
    errno.EIO: N_("the disk or network drive reports an error"),
    errno.EBUSY: N_("it is in use"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ESTALE: N_("the network drive was taken away"),
    errno.ENOTCONN: N_("the network drive is not connected"),
    errno.EHOSTDOWN: N_("the server of the network drive is down"),
    errno.EHOSTUNREACH: N_("the server cannot be reached"),
    errno.ETIMEDOUT: N_("no answer in time"),
    errno.ECONNREFUSED: N_("the connection was refused"),
    errno.EADDRINUSE: N_("another program uses the port"),
    errno.EMFILE: N_("too many files are open"),
}
"""What Python says of these is English whatever the language is."""


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
