"""Writes the pages of `docs/reference` that the code already knows: commands, states, exit codes, reasons.

Not for the pages that a person writes (configuration, json). A test compares: who changes a command, a state or a reason
runs `make reference`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from connector import i18n
from connector.commands.main import guidang
from connector.exit_codes import MEANINGS
from connector.i18n import Language, translated
from connector.reasons import SENTENCES
from connector.words import STATES
from ingest.interfaces import FAULT_SENTENCES
from metadata.states import RECORD_MOVES, SCAN_MOVES, Mover, diagram
from metadata.values import RecordState, ScanState

REFERENCE_PATH = Path(__file__).resolve().parents[1] / "docs" / "reference"
WIDTH = 100
HELD_FIRST = "name_differs_noted"  # from here on, reasons are notes that do not hold

SCAN_STATES: Mapping[ScanState, str] = {
    ScanState.RECEIVED: "ours: claimed, in its own work folder, with a row in the journal",
    ScanState.READ: "every page read, cut into records, each described",
    ScanState.CLOSED: "every record stands in the archive and was read back; the original is in `done/`",
    ScanState.QUARANTINED: "cannot be read; in `failed/` with a note",
    ScanState.DUPLICATE: "the same bytes as a scan before; in `done/`",
    ScanState.REJECTED: "surely no archive document; in `rejected/` with a note",
}
RECORD_STATES: Mapping[RecordState, str] = {
    RecordState.DESCRIBED: "we know what it is and whose; nothing has been sent",
    RecordState.SUBMITTED: "its bytes are fixed and may have been sent; after a crash the archive is asked first",
    RecordState.INDEXED: "filed: stands in the archive with its reference code",
    RecordState.HELD: "stands in the archive, marked 待核验, and waits for a person",
    RecordState.REJECTED: "a person said that it does not belong here (退回); never deleted by us",
}


def main() -> int:
    """Write every page."""
    for name, page in PAGES.items():
        (REFERENCE_PATH / name).write_text(page(), encoding="utf-8")
    return 0


def commands() -> str:
    """Return the help of every verb, in English."""
    i18n.set_language("en")
    parts = [
        "# Commands",
        "Made from the program's own help by `make reference`. The same in Chinese: `LANGUAGE=zh guidang VERB --help`.",
        "Results go to stdout, messages to stderr. Progress bars are shown on a terminal only. With `--json` a command prints "
        "one object a line ([json.md](json.md)). Shell completion: `guidang completion SHELL`.",
    ]
    for name, help_text in _helps(guidang, None, "guidang"):
        parts += [f"## {name}", f"```text\n{help_text}\n```"]
    return _page(parts)


def states() -> str:
    """Return the states with their moves, and the picture of them."""
    parts = [
        "# States",
        "Made from the tables of `metadata/states.py` by `make reference`; the journal allows no other move. A scan is the file "
        "that arrived; a record is one paper document of it. Each move is one transaction in the journal.",
        f"```mermaid\n{diagram().rstrip()}\n```",
        "## Scans",
        _table(("state", "中文", "English", "means"), ((s, *_both(STATES[s]), SCAN_STATES[s]) for s in ScanState)),
        "*Scans seen = closed + quarantined + duplicate + rejected + under way*, always: `guidang status`.",
        "## Records",
        _table(("state", "中文", "English", "means"), ((s, *_both(STATES[s]), RECORD_STATES[s]) for s in RecordState)),
        "## Moves",
        _table(
            ("of", "from", "to", "by", "why"),
            (
                (of, move.before or "–", move.after, "a person" if move.by is Mover.PERSON else "itself", move.why)
                for of, moves in (("scan", SCAN_MOVES), ("record", RECORD_MOVES))
                for move in moves
            ),
        ),
    ]
    return _page(parts)


def exit_codes() -> str:
    """Return the table of exit codes."""
    rows = ((str(code.value), f"`{code.name}`", *_both(meaning)[::-1]) for code, meaning in MEANINGS.items())
    return _page(
        [
            "# Exit codes",
            "Made from `connector/exit_codes.py` by `make reference`. Of several, the highest below 70 is given.",
            _table(("code", "name", "means", "中文"), rows),
        ]
    )


def reasons() -> str:
    """Return every reason and fault with its sentences."""
    held = [code for code in SENTENCES if list(SENTENCES).index(code) < _first_note()]
    noted = [code for code in SENTENCES if code not in held]

    def rows(codes: list[str]) -> Iterator[tuple[str, ...]]:
        for code in codes:
            sentence = SENTENCES[code][0]  # type: ignore[index]  # a ReasonCode is its own text
            yield (f"`{code}`", *_both(sentence)[::-1])

    return _page(
        [
            "# Reasons and faults",
            "Made from `connector/reasons.py` and `ingest/interfaces.py` by `make reference`. The codes stand in `--json`, the "
            "sentences in tables, notes and the archive. A sentence shortens itself where a fact is not known.",
            "## Why a record is held",
            _table(("code", "English", "中文"), rows([str(code) for code in held])),
            "## What is noted beside a record that was filed",
            _table(("code", "English", "中文"), rows([str(code) for code in noted])),
            "## Why a scan is rejected",
            "`no_archive_document` (no page of it is an archive document) and `blank` (nothing but blank pages and separator "
            "sheets). Put back into the inbox, it is filed as held.",
            "## Why a scan is quarantined",
            _table(
                ("code", "English", "中文"),
                ((f"`{fault}`", *_both(what)[::-1]) for fault, (what, _remedy) in FAULT_SENTENCES.items()),
            ),
            "`not_taken`: a file named to `guidang ingest` that could not even be copied in.",
        ]
    )


def _first_note() -> int:
    return [code.value for code in SENTENCES].index(HELD_FIRST)


def _helps(command: click.Command, parent: click.Context | None, name: str) -> Iterator[tuple[str, str]]:
    settings = {**command.context_settings, "terminal_width": WIDTH}
    context = command.context_class(command, info_name=name.rpartition(" ")[2], parent=parent, **settings)
    yield name, command.get_help(context)
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            below = command.get_command(context, verb)
            if below is not None:
                yield from _helps(below, context, f"{name} {verb}")


def _both(sentence: str) -> tuple[str, str]:
    return translated(sentence, Language.ZH), sentence


def _table(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _page(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "states.md": states,
    "exit-codes.md": exit_codes,
    "reasons.md": reasons,
}


if __name__ == "__main__":
    sys.exit(main())
