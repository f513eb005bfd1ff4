"""`guidang evaluate`: how good the kinds are, on what persons decided or on a folder whose truth is known.

Not for customers and facts, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.progress import track

from classifiers.scheme import Scheme
from classifiers.trial_values import Judged
from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.confusion_picture import picture_of
from connector.evaluation import NONE, UNSURE, Bin, Cost, Evaluation, evaluated, order_of, said_word, word_of
from connector.exit_codes import ExitCode
from connector.i18n import _, say_error
from connector.parts import Thresholds
from ingest.interfaces import ScanUnreadable
from ingest.message import N_

HELP = N_(
    "Says how good the kinds are: accuracy, coverage, what is taken for what, and the cost of each threshold.\n\n"
    "Without --folder: on the records that persons decided, each judged by what the others taught.\n"
    "With --folder: on FOLDER/KIND/*, scans or texts (.txt), one record each; KIND is a code or name of the scheme, or `none`."
)
_WORST = 10


@verb("evaluate", HELP)
@option(
    "--folder",
    "folder_path",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=N_("A folder with one folder for each kind."),
)
@option(
    "--picture",
    "picture_path",
    metavar="FILE.svg",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Write the confusion matrix as a picture (SVG)."),
)
@json_option
@click.pass_context
def command(context: click.Context, folder_path: Path | None, picture_path: Path | None, as_json: bool) -> None:
    """Judge and tell."""
    with session_of(context).opened() as application:
        if folder_path is None:
            judged = application.school.teacher.cross_check(application.school.lesson())
        else:
            judged = tuple(_judged_folder(application, folder_path))
        section = application.config.thresholds
        found = evaluated(judged, application.scheme, Thresholds(section.kind, section.reject))
        if found is None:
            screen.message(_("There is too little to judge by: persons have decided fewer than ten records."))
            context.exit(ExitCode.SOME_WAIT)
        if picture_path is not None:
            picture_path.write_text(_picture(found, application.scheme), encoding="utf-8")
        if as_json:
            screen.json_line(line_of(found, "decisions" if folder_path is None else "folder"))
        else:
            _tell(found, application.scheme)


def _judged_folder(application: Application, folder_path: Path) -> Iterator[Judged]:
    papers = [(path, kind) for kind, below in _kinds_of(application.scheme, folder_path) for path in below]
    if not papers:
        raise click.UsageError(_("There are no scans in the folders of {folder}.").format(folder=folder_path))
    shown = track(
        papers,
        description=_("reading"),
        console=screen.console(to_stderr=True),
        transient=True,
        disable=not screen.is_terminal(to_stderr=True),
    )
    for path, kind in shown:
        try:
            said = application.classify(path)
        except ScanUnreadable as error:
            screen.message(say_error(error))
            continue
        yield Judged(f"{path.parent.name}/{path.name}", kind, said.verdict, said.kind, said.confidence)


def _kinds_of(scheme: Scheme, folder_path: Path) -> Iterator[tuple[str | None, Sequence[Path]]]:
    known: dict[str, str | None] = {NONE: None, _("none of them"): None}
    for kind in scheme.kinds:
        known |= dict.fromkeys((kind.code, kind.names.zh, kind.names.en), kind.code)
    for below in sorted(path for path in folder_path.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if below.name not in known:
            names = ", ".join([*(kind.code for kind in scheme.kinds), NONE])
            sentence = _("The folder {name} is no kind of the scheme. Name it one of: {known}.")
            raise click.UsageError(sentence.format(name=below.name, known=names))
        yield known[below.name], sorted(path for path in below.iterdir() if path.is_file() and path.name[0] != ".")


def line_of(found: Evaluation, source: str) -> dict[str, object]:
    """Return the evaluation as other programs read it."""
    return {
        "schema": 1,
        "source": source,
        "records": len(found.judged),
        "accuracy": round(found.accuracy, 4),
        "coverage": round(found.coverage, 4),
        "by_itself": found.now.by_itself,
        "by_itself_wrong": found.now.wrong,
        "rejected": found.rejected,
        "rejected_wrongly": found.rejected_wrongly,
        "calibration_error": round(found.calibration_error, 4),
        "confusion": [{"told": t, "said": s, "count": n} for (t, s), n in sorted(found.confusion.items())],
        "reliability": [_bin_out(one) for one in found.reliability],
        "thresholds": [_cost_out(one) for one in found.costs],
        "wrong": [
            {
                "record": one.key,
                "told": word_of(one.told),
                "said": said_word(one),
                "confidence": round(one.confidence, 4),
            }
            for one in found.wrong
        ],
    }


def _bin_out(one: Bin) -> dict[str, float]:
    sides = {"from": one.low, "to": one.high, "count": one.count}
    return {**sides, "confidence": round(one.confidence, 4), "right": round(one.right, 4)}


def _cost_out(one: Cost) -> dict[str, float]:
    counts = {"threshold": one.threshold, "by_itself": one.by_itself, "wrong": one.wrong, "waiting": one.waiting}
    return {**counts, "minutes": round(one.minutes, 1)}


def _tell(found: Evaluation, scheme: Scheme) -> None:
    screen.pairs(_summary(found))
    names = _names(scheme)
    told, said = order_of(found, scheme)
    kinds = [_kind_row(found, word, said, names) for word in told]
    screen.table((_("Kind"), _("Records"), _("Right"), _("Taken for")), kinds, title=_("Kinds"))
    screen.table(
        (_("Confidence"), _("Records"), _("Mean"), _("Right")),
        [
            (f"{b.low:.1f}-{b.high:.1f}", str(b.count), f"{b.confidence:.3f}", f"{b.right:.3f}")
            for b in found.reliability
        ],
        title=_("Reliability: an honest confidence is as high as the share that is right"),
    )
    screen.table(
        (_("Threshold"), _("Filed by itself"), _("Of these wrong"), _("Waiting"), _("Minutes")),
        [
            (f"{c.threshold:.2f}", str(c.by_itself), str(c.wrong), str(c.waiting), f"{c.minutes:.1f}")
            for c in found.costs
        ],
        title=_("What a threshold for all kinds would cost (ten seconds for each that waits)"),
    )
    if found.wrong:
        worst = [_wrong_row(one, names) for one in found.wrong[:_WORST]]
        screen.table((_("Record"), _("Is"), _("Was taken for"), _("Sure")), worst, title=_("Surest errors"))


def _wrong_row(one: Judged, names: dict[str, str]) -> tuple[str, ...]:
    told, said = word_of(one.told), said_word(one)
    return (one.key, names.get(told, told), names.get(said, said), f"{one.confidence:.2f}")


def _summary(found: Evaluation) -> Iterator[tuple[str, str]]:
    yield _("Records"), str(len(found.judged))
    yield _("Right"), f"{found.accuracy:.1%}"
    yield _("Decided by itself"), f"{found.coverage:.1%}"
    yield _("Filed by itself, of these wrong"), f"{found.now.by_itself}, {found.now.wrong}"
    yield _("Rejected by itself, of these wrong"), f"{found.rejected}, {found.rejected_wrongly}"
    yield _("Calibration error"), f"{found.calibration_error:.3f}"


def _kind_row(found: Evaluation, word: str, said: Sequence[str], names: dict[str, str]) -> tuple[str, ...]:
    counts = {other: found.confusion.get((word, other), 0) for other in said}
    whole = sum(counts.values())
    others = ", ".join(f"{names.get(other, other)} {n}" for other, n in counts.items() if n and other != word)
    return names.get(word, word), str(whole), f"{counts.get(word, 0) / whole:.1%}", others


def _names(scheme: Scheme) -> dict[str, str]:
    kinds = {kind.code: rows.kind_word(scheme, kind.code) for kind in scheme.kinds}
    return {**kinds, NONE: _("none of them"), UNSURE: _("unsure")}


def _picture(found: Evaluation, scheme: Scheme) -> str:
    told, said = order_of(found, scheme)
    sentence = _("{count} records, {right} right: rows are what they are, columns what they were taken for")
    title = sentence.format(count=len(found.judged), right=f"{found.accuracy:.1%}")
    return picture_of(found.confusion, told, said, _names(scheme), title)
