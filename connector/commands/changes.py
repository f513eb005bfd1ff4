"""What `correct`, `confirm` and `reject` share: find the record, carry the change out, say how it stands now.

Not for the change itself: `Application.change` is the one code path, and the sync from the archive's own pages uses it too.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence

from connector.application import Application
from connector.commands import rows, screen
from connector.i18n import _
from connector.json_lines import line_of_record
from connector.words import state_word
from metadata.values import Change, RecordEntry


def person() -> str:
    """Return who is at the keyboard, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def carry_out(application: Application, records: Sequence[str], change: Change, as_json: bool) -> None:
    """Change each record and say how it stands now; raises RecordUnknown before anything is changed."""
    entries = [application.journal.find_record(record) for record in records]
    for entry in entries:
        tell(application, application.change(entry, change), as_json)


def tell(application: Application, entry: RecordEntry, as_json: bool) -> None:
    """Say how a record stands."""
    if as_json:
        screen.json_line(line_of_record(entry, application.scheme))
        return
    said = entry.description
    screen.pairs(
        [
            (_("Record"), rows.name_of(entry)),
            (_("State"), state_word(entry.state)),
            (_("Kind"), rows.kind_word(application.scheme, said.kind) or "-"),
            (_("Customer"), rows.customer_word(entry) or "-"),
            (_("Why"), rows.why(application.scheme, entry) or "-"),
        ],
        title=said.title,
    )
