"""`guidang init DIR`: a configuration that runs as it stands, and the folders it names.

Not for changing a configuration: one that stands already is left as it is, so that the command may be run twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from connector.commands import screen
from connector.commands.session import DEFAULT_NAMES
from connector.commands.spoken import option, verb
from connector.config import Config, load
from connector.config_errors import ConfigWrong
from connector.i18n import _
from ingest.message import N_, Message, os_reason

EXAMPLE_PATH = Path(__file__).parents[1] / "config.example.toml"
PRIVATE = 0o700
HELP = N_(
    "Makes a folder with a configuration, inboxes and an empty archive, ready to run.\n\n"
    "Asks where things are to stand; with --yes everything stands in DIR and nothing is asked."
)

_PLACES: Mapping[str, str] = {
    "data": N_("Journal, index and log (on this machine's own disk)"),
    "archive": N_("The archive"),
    "customers.csv": N_("The register of customers"),
}


@verb("init", HELP)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@option("--yes", is_flag=True, help=N_("Ask nothing; take what stands in the example."))
def command(folder: Path, yes: bool) -> None:
    """Write what is missing."""
    config_path = folder / DEFAULT_NAMES[0]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if config_path.exists():
            screen.message(_("{path} stands already and was left as it is.").format(path=config_path))
        else:
            example = EXAMPLE_PATH.read_text(encoding="utf-8")
            config_path.write_text(example if yes else filled_in(example, _asked(example)), encoding="utf-8")
        config = load(config_path)
        for path in made_folders(config):
            screen.message(_("Made {path}").format(path=path))
    except OSError as error:
        raise ConfigWrong(
            Message(N_("Cannot write in {folder}: {reason}."), {"folder": str(folder)}, {"reason": os_reason(error)}),
            Message(N_("Choose a folder in which you may write.")),
        ) from error
    click.echo(str(config_path))
    screen.message(
        _(
            "Next: put the customers' file in with `guidang --config {path} customers import FILE.csv`, "
            "look with `guidang --config {path} check`, start with `guidang --config {path} run`."
        ).format(path=config_path)
    )


def filled_in(example: str, places: Mapping[str, str]) -> str:
    """Return the example with the paths replaced, everything else untouched."""
    for standing, wanted in places.items():
        example = example.replace(f"\npath = {_quoted(standing)}\n", f"\npath = {_quoted(wanted)}\n", 1)
    return example


def made_folders(config: Config) -> Iterator[Path]:
    """Make the folders that the configuration names; yield those that were missing."""
    archive = config.store.folder.path if config.store.folder else None
    if not config.data_path.exists():
        config.data_path.mkdir(parents=True, mode=PRIVATE)
        yield config.data_path
    for path in (*(inbox.path for inbox in config.inboxes), *filter(None, (archive,))):
        if not path.exists():
            path.mkdir(parents=True)
            yield path


def _asked(example: str) -> dict[str, str]:
    inboxes = [json.loads(line.partition("=")[2]) for line in example.splitlines() if line.startswith('path = "inbox/')]
    places = {place: _(question) for place, question in _PLACES.items()}
    places |= {place: _("Inbox {name}").format(name=Path(place).name) for place in inboxes}
    return {place: click.prompt(question, default=place, err=True) for place, question in places.items()}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
