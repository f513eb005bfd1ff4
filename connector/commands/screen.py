"""What goes to the screen: tables for people on stdout, messages on stderr, JSON lines for programs.

Not for deciding what to say. Results and messages never mix: `guidang held > list.txt` holds the list and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 200  # columns of a table that goes into a pipe, where nothing is to be cut off


def console(to_stderr: bool = False) -> Console:
    """Return a console on stdout or stderr; colours and the terminal's width on a terminal only."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = shutil.get_terminal_size().columns if stream.isatty() else int(os.environ.get("COLUMNS") or _WIDE)
    return Console(file=stream, width=width, highlight=False, emoji=False, soft_wrap=False)


def is_terminal(to_stderr: bool = False) -> bool:
    """Return whether a person is looking at it now."""
    return (sys.stderr if to_stderr else sys.stdout).isatty()


def message(text: str) -> None:
    """Say something beside the result."""
    click.echo(text, err=True)


def json_line(line: Mapping[str, Any]) -> None:
    """Print one object on a line of its own, at once."""
    click.echo(json.dumps(line, ensure_ascii=False, separators=(", ", ": ")))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print a table; each cell is plain text, whatever signs stand in it."""
    drawn = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console().print(drawn)


def pairs(rows: Iterable[tuple[str, str]], title: str = "") -> None:
    """Print names and values, one pair a line."""
    drawn = Table(title=title or None, title_justify="left", box=None, show_header=False, pad_edge=False)
    drawn.add_column(style="bold", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in rows:
        drawn.add_row(Text(name), Text(value))
    console().print(drawn)
