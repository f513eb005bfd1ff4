"""Click commands whose help is said in the reader's language, in lines that count a Han sign as two columns.

Not for what a verb does. Help texts stand in the code as English templates (`N_`), are translated when they are shown and
not when the module is imported: by then the configuration has said which language it is to be.
"""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click
from rich.cells import cell_len

from connector.i18n import _
from ingest.message import N_

_UNITS = re.compile(r"[^\s\u2e80-\uffef]+[,.;:!?)]*|[\u2e80-\uffef][，。、；：！？）》”]*|\s+")
_WIDTH = 100


class Formatter(click.HelpFormatter):
    """Writes help in columns that stay straight under Han signs."""

    def write_text(self, text: str) -> None:
        """Write paragraphs, wrapped."""
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            for source_line in paragraph.splitlines():
                for line in wrapped(source_line, self.width - self.current_indent):
                    self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and what they mean in two columns."""
        pairs = list(rows)
        column = min(max((cell_len(term) for term, _ in pairs), default=0), col_max) + col_spacing
        margin = " " * self.current_indent
        for term, meaning in pairs:
            lines = wrapped(meaning, max(self.width - column - self.current_indent, 10)) or [""]
            if cell_len(term) > column - col_spacing:
                self.write(f"{margin}{term}\n{margin}{'':{column}}{lines[0]}".rstrip() + "\n")
            else:
                self.write(f"{margin}{term}{' ' * (column - cell_len(term))}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{margin}{'':{column}}{line}\n")


def wrapped(text: str, width: int) -> list[str]:
    """Return the text in lines of at most so many columns; Western words stay whole, Chinese breaks after any sign."""
    lines = [""]
    for unit in _UNITS.findall(text.strip()):
        if cell_len(lines[-1]) + cell_len(unit.rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += unit if lines[-1] or unit.strip() else ""
    return [line.rstrip() for line in lines if line.strip()]


class _SpokenContext(click.Context):
    formatter_class = Formatter


@contextmanager
def _spoken(bearer: Any) -> Iterator[None]:
    """Let the help of a command or option be in the current language while click formats it."""
    template = bearer.help
    bearer.help = _(template) if template else template
    try:
        yield
    finally:
        bearer.help = template


class Option(click.Option):
    """An option whose help is translated when shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its meaning."""
        with _spoken(self):
            return super().get_help_record(ctx)


class Verb(click.Command):
    """A command whose help is translated when shown. The first line of the help says what you get."""

    context_class = _SpokenContext

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        del ctx
        _write_help(self.help, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first line of the help."""
        del limit
        return _short_help(self.help)


class Verbs(click.Group):
    """A group whose verbs are imported when one is wanted: `guidang show` does not load the watcher."""

    context_class = _SpokenContext
    command_class = Verb

    def __init__(self, *args: Any, verbs: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.verbs = verbs or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which a person meets them."""
        return [*self.verbs, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb, its module imported."""
        if cmd_name in self.verbs:
            command: click.Command = importlib.import_module(self.verbs[cmd_name]).command
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb; an unknown one is answered with the nearest."""
        known = self.list_commands(ctx)
        if not ctx.resilient_parsing and args[0] not in known and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], known, n=1, cutoff=0.5)
            hint = _("Did you mean {possibility}?").format(possibility=near[0]) if near else ""
            raise click.UsageError(f"{_('No such command {name!r}.').format(name=args[0])} {hint}".rstrip(), ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        del ctx
        _write_help(self.help, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first line of the help."""
        del limit
        return _short_help(self.help)


def _write_help(template: str | None, formatter: click.HelpFormatter) -> None:
    if template:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(template))


def _short_help(template: str | None) -> str:
    return _(template).partition("\n")[0].rstrip(".。") if template else ""


def verb(name: str, help_text: str, **settings: Any) -> Callable[[Callable[..., Any]], Verb]:
    """Return the decorator that makes a function the verb of this name."""
    context = {"max_content_width": _WIDTH, "help_option_names": ["-h", "--help"]}
    return click.command(name, cls=Verb, help=help_text, context_settings=context, **settings)


option = partial(click.option, cls=Option)
"""As `click.option`, with a help that is translated when shown."""

json_option = option(
    "--json", "as_json", is_flag=True, help=N_("One JSON object a line on stdout, for other programs.")
)
