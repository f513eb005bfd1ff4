"""`guidang models`: what was learned from persons' decisions: its versions, a new one, back to an old one, and labels of facts.

Not for corrections: those count at once, whichever version is in use. Not for how good it is (`guidang evaluate`).
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from classifiers.scheme import Scheme
from classifiers.trial_values import Judged
from classifiers.values import TaughtLabel
from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import Verbs, json_option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, current_language
from connector.model_shelf import InUse, Version
from ingest.message import N_

HELP = N_("Shows, teaches and chooses the model of the kinds, which learns from what persons decide.")
LIST_HELP = N_("Lists the versions of the model, how each came out, and which is in use.")
TRAIN_HELP = N_(
    "Teaches a new version from everything that persons decided.\n\n"
    "It goes into use only if no record that a person ever decided would be filed wrongly by itself; otherwise it is refused,\n"
    "and the records are named. `guidang run` does this by itself when there is enough new."
)
USE_HELP = N_(
    "Puts a version into use, until you choose otherwise: its number, `latest`, or `none`.\n\n"
    "With `latest` later versions go into use by themselves again. Corrections are never lost by it."
)
LABELS_HELP = N_(
    "Lists the labels of facts that were learned from what persons confirmed and corrected.\n\n"
    "A label that does not count has too little to be said for it, or too much against it. It is taken back by putting right the\n"
    "fact of the record that taught it: `guidang correct RECORD --field NAME=VALUE`."
)
LATEST, NONE = "latest", "none"


@click.group("models", cls=Verbs, help=HELP)
def command() -> None:
    """Hold the verbs about models."""


@verb("list", LIST_HELP)
@json_option
@click.pass_context
def list_models(context: click.Context, as_json: bool) -> None:
    """List them, oldest first."""
    with session_of(context).opened() as application:
        shelf = application.school.shelf
        versions, in_use = shelf.versions(), shelf.in_use()
    if as_json:
        for version in versions:
            screen.json_line(line_of(version, in_use))
        return
    if not versions:
        screen.message(_("Nothing has been learned yet: there are too few decisions, or `guidang run` has not run."))
        return
    headings = (_("Version"), _("Taught"), _("Examples"), _("How it came out"), _("Right"), _("Doubted"), _("Wrong"))
    screen.table(headings, [_row(version, in_use) for version in versions])
    if in_use.is_chosen:
        screen.message(_("A person chose what is in use; newer versions wait. Undo with: guidang models use latest"))


@verb("train", TRAIN_HELP)
@json_option
@click.pass_context
def train(context: click.Context, as_json: bool) -> None:
    """Teach and tell."""
    with session_of(context).opened() as application:
        version = application.school.teach()
        in_use = application.school.shelf.in_use()
        if as_json:
            screen.json_line(line_of(version, in_use))
        else:
            _tell(application, version, in_use)
    context.exit(ExitCode.DONE if version.report.accepted else ExitCode.CONFIGURATION)


@verb("use", USE_HELP)
@click.argument("version", metavar="VERSION")
@click.pass_context
def use(context: click.Context, version: str) -> None:
    """Choose it."""
    if version not in {LATEST, NONE} and not version.isdecimal():
        raise click.UsageError(_("Give the number of a version, `latest` or `none`; not {text}.").format(text=version))
    with session_of(context).opened() as application:
        shelf = application.school.shelf
        if version == LATEST:
            shelf.use_latest()
        else:
            shelf.use(None if version == NONE else int(version))
        number = shelf.in_use().number
    if number is None:
        screen.message(_("No model is in use now; rules and corrections count."))
    else:
        screen.message(_("Version {number} is in use now.").format(number=number))


@verb("labels", LABELS_HELP)
@json_option
@click.pass_context
def list_labels(context: click.Context, as_json: bool) -> None:
    """List them by kind and fact."""
    with session_of(context).opened() as application:
        found, scheme = application.school.labels.lessons(), application.scheme
    if as_json:
        for label in found:
            screen.json_line(line_of_label(label))
        return
    if not found:
        screen.message(
            _("No label was learned yet: nobody gave or confirmed a fact under a label that the scheme does not have.")
        )
        return
    headings = (_("Kind"), _("Fact"), _("Label"), _("For it"), _("Against it"), _("Counts"))
    screen.table(headings, [_label_row(scheme, label) for label in found])


for _verb in (list_models, train, use, list_labels):
    command.add_command(_verb)


def line_of(version: Version, in_use: InUse) -> dict[str, object]:
    """Return what is said of a version to other programs."""
    report = version.report
    return {
        "schema": 1,
        "version": version.number,
        "taught_at": version.made_at.isoformat(),
        "accepted": report.accepted,
        "in_use": version.number == in_use.number,
        "examples": {kind or NONE: count for kind, count in report.examples.items()},
        "right": report.checked_right,
        "calibration_error": report.calibration_error,
        "seconds": round(report.seconds, 1),
        "doubted": [_judged(judged) for judged in report.doubted],
        "wrong": [_judged(judged) for judged in report.wrong],
    }


def line_of_label(label: TaughtLabel) -> dict[str, object]:
    """Return what is said of a learned label to other programs."""
    return {
        "schema": 1,
        "kind": label.kind,
        "field": label.field,
        "label": label.label,
        "for": round(label.records, 2),
        "against": round(label.against, 2),
        "counts": label.trust > 0,
    }


def _label_row(scheme: Scheme, label: TaughtLabel) -> tuple[str, ...]:
    kind = scheme.kind(label.kind)
    spec = kind.field(label.field) if kind else None
    name = spec.names.in_language(current_language()) if spec else label.field
    counts = _("yes") if label.trust > 0 else _("no")
    return rows.kind_word(scheme, label.kind), name, label.label, f"{label.records:g}", f"{label.against:g}", counts


def _judged(judged: Judged) -> dict[str, object]:
    return {
        "record": judged.key,
        "told": judged.told or NONE,
        "said": judged.kind or NONE,
        "confidence": round(judged.confidence, 4),
    }


def _row(version: Version, in_use: InUse) -> tuple[str, ...]:
    report = version.report
    return (
        str(version.number),
        f"{version.made_at.astimezone():%Y-%m-%d %H:%M}",
        str(sum(report.examples.values())),
        _outcome(version, in_use),
        "-" if report.checked_right is None else f"{report.checked_right:.1%}",
        str(len(report.doubted)),
        str(len(report.wrong)),
    )


def _outcome(version: Version, in_use: InUse) -> str:
    if version.number == in_use.number:
        return _("in use")
    if not version.report.accepted:
        return _("refused")
    return _("kept") if version.is_kept else _("removed")


def _tell(application: Application, version: Version, in_use: InUse) -> None:
    report = version.report
    screen.pairs(_about(version, in_use))
    for heading, found in (
        (_("Doubted, and left out: everything like them was told otherwise"), report.doubted),
        (_("Would be done wrongly by itself: the version was refused"), report.wrong),
    ):
        if found:
            headings = (_("Record"), _("Was told"), _("Looks like"), _("Sure"))
            screen.table(headings, [_judged_row(application, judged) for judged in found], title=heading)
    if report.doubted or report.wrong:
        screen.message(_("Look at them with `guidang show RECORD`, and put them right with `guidang correct RECORD`."))


def _about(version: Version, in_use: InUse) -> Iterator[tuple[str, str]]:
    report = version.report
    yield _("Version"), f"{version.number} ({_outcome(version, in_use)})"
    yield _("Learned from"), _("{count} records").format(count=sum(report.examples.values()))
    if report.checked_right is not None and report.calibration_error is not None:
        yield _("Right on records it had not seen"), f"{report.checked_right:.1%}"
        yield _("Calibration error"), f"{report.calibration_error:.3f}"
    yield _("Took"), _("{seconds} s").format(seconds=f"{report.seconds:.0f}")


def _judged_row(application: Application, judged: Judged) -> tuple[str, ...]:
    nothing = _("none of them")
    return (
        judged.key,
        rows.kind_word(application.scheme, judged.told) or nothing,
        rows.kind_word(application.scheme, judged.kind) or nothing,
        f"{judged.confidence:.2f}",
    )
