"""`guidang`: the command and its verbs.

Not for what a verb does; each stands in a module of its own, imported when it is wanted. Every run ends through
`connector.commands.failures`, so that people see sentences and scripts see exit codes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from connector.commands.click_sentences import teach_click
from connector.commands.failures import told
from connector.commands.session import CONFIG_VARIABLE, Session, speak_as_configured
from connector.commands.spoken import Option, Verbs
from connector.exit_codes import MEANINGS, ExitCode
from connector.i18n import _
from ingest.message import N_

teach_click()

_VERBS = ("init", "check", "run", "ingest", "status", "held", "show", "correct", "confirm", "reject")
_MORE_VERBS = (
    "search",
    "export",
    "customers",
    "models",
    "sheets",
    "evaluate",
    "scheme",
    "profile",
    "sync",
    "push",
    "reconcile",
    "completion",
)
VERBS = {name: f"connector.commands.{name}" for name in (*_VERBS, *_MORE_VERBS)}

HELP = N_(
    "Turns scans into an electronic archive: read, classified, numbered, findable.\n\n"
    "Begin with `guidang init DIR`, then `guidang check`, then `guidang run`.\n"
    "Results go to stdout, messages to stderr; --json gives one object a line."
)


class Guidang(Verbs):
    """The group, whose every end is a sentence and an exit code."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of exit codes."""
        del ctx
        with formatter.section(_("Exit codes")):
            formatter.write_dl([(str(code.value), _(meaning)) for code, meaning in MEANINGS.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; ends the process unless `standalone_mode` is False."""
        arguments = list(sys.argv[1:] if args is None else args)
        speak_as_configured(arguments)
        run: Callable[[], Any] = partial(
            super().main, arguments, prog_name or "guidang", complete_var, standalone_mode=False, **extra
        )
        if not standalone_mode:
            return run()
        status: int | None
        try:
            status = run()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away, as `head` does
            status = ExitCode.DONE
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost loop of every command
            status = told(error)
        sys.exit(int(status or 0))


@click.group(
    "guidang",
    cls=Guidang,
    verbs=VERBS,
    help=HELP,
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.option(
    "--config",
    "config_path",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("The configuration file; otherwise GUIDANG_CONFIG, ./guidang.toml or ./config.toml."),
    metavar="FILE",
)
@click.version_option(version("guidang"), prog_name="guidang")
@click.pass_context
def guidang(context: click.Context, config_path: Path | None) -> None:
    """Make the session for the verb; one that a test handed in stays."""
    context.obj = context.obj or Session(config_path)


def main() -> None:
    """Be the command `guidang`."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    guidang()


__all__ = ["CONFIG_VARIABLE", "VERBS", "guidang", "main"]
