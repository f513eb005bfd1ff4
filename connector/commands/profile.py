"""`guidang profile plan | apply`: the archive prepared for filing, and kept so. Shown first, and may be applied any number of times.

Not for accounts of people (the administrator makes them in paperless and puts them into the groups), nor for records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import click

from connector.commands import screen
from connector.commands.session import session_of
from connector.commands.spoken import Verbs, json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say, say_error
from connector.interfaces import DOING, ISetupProfile, SetupAction, SetupStep
from ingest.message import N_, GuidangError

HELP = N_("Prepares the archive: types, tags, fields, storage paths, groups, saved views.")
PLAN_HELP = N_(
    "Shows what is to be made or changed in the archive, and what waits for a person.\n\n"
    "Changes nothing. What people made or changed there themselves is never touched; a conflict says what to do about it."
)
APPLY_HELP = N_(
    "Makes the archive as the configuration wants it, after showing what is to be done.\n\n"
    "May be applied again at any time: what stands there already is left. Asks before it changes what is there, unless --yes."
)

_MARKS = {
    SetupAction.MAKE: N_("make"),
    SetupAction.CHANGE: N_("change"),
    SetupAction.RENAME: N_("rename"),
    SetupAction.MARK: N_("mark"),
    SetupAction.CONFLICT: N_("conflict"),
    SetupAction.WARNING: N_("warning"),
    SetupAction.NOTE: N_("note"),
}

token_option = option(
    "--token-env",
    metavar="NAME",
    help=N_("Use the token in this environment variable, such as an administrator's, instead of guidang's own."),
)


@click.group("profile", cls=Verbs, help=HELP)
def command() -> None:
    """Hold the verbs about the setup profile."""


@verb("plan", PLAN_HELP)
@token_option
@json_option
@click.pass_context
def plan(context: click.Context, token_env: str | None, *, as_json: bool) -> None:
    """Show the plan."""
    with _opened(context, token_env) as profile:
        steps = profile.plan() if profile else ()
        _show(steps, as_json=as_json)
        if not steps and not as_json:
            _say_nothing_to_do(profile)
    context.exit(exit_code(steps))


@verb("apply", APPLY_HELP)
@option("--yes", is_flag=True, help=N_("Do not ask before something is changed."))
@token_option
@json_option
@click.pass_context
def apply(context: click.Context, token_env: str | None, *, yes: bool, as_json: bool) -> None:
    """Show and carry out the plan."""
    errors = 0
    with _opened(context, token_env) as profile:
        steps = profile.plan() if profile else ()
        if not as_json:
            _show(steps, as_json=False)
        if profile is None or not any(step.action in DOING for step in steps):
            _say_nothing_to_do(profile)
        else:
            _ask(steps, yes=yes)
            for step, error in profile.apply():
                errors += error is not None
                _tell(step, error, as_json=as_json)
            screen.message(_("Records that were filed before are brought to it by: guidang reconcile --repair"))
    context.exit(ExitCode.STORE_REFUSED if errors else exit_code(steps))


command.add_command(plan)
command.add_command(apply)


def exit_code(steps: Sequence[SetupStep]) -> ExitCode:
    """Return DONE, or CONFIGURATION where something waits for a person."""
    return ExitCode.CONFIGURATION if any(s.action is SetupAction.CONFLICT for s in steps) else ExitCode.DONE


@contextmanager
def _opened(context: click.Context, token_env: str | None) -> Iterator[ISetupProfile | None]:
    with session_of(context).opened() as application:
        profile = application.profile(token_env)
        if profile is None:
            yield None
        else:
            with closing(profile):
                yield profile


def _say_nothing_to_do(profile: ISetupProfile | None) -> None:
    if profile is None:
        screen.message(_("The archive is a tree of folders, which needs no preparing."))
    else:
        screen.message(_("Nothing to do: the archive stands as the configuration wants it."))


def _ask(steps: Sequence[SetupStep], *, yes: bool) -> None:
    changed = [step for step in steps if step.action in (SetupAction.CHANGE, SetupAction.RENAME)]
    if changed and not yes:
        question = _("{count} things that stand in the archive will be changed. Go on?")
        click.confirm(question.format(count=len(changed)), abort=True, err=True)


def _show(steps: Sequence[SetupStep], *, as_json: bool) -> None:
    for step in steps if as_json else ():
        screen.json_line(_line(step))
    if steps and not as_json:
        rows = [
            (_(_MARKS[s.action]), say(s.sort_word), s.name, say(s.why), say(s.remedy) if s.remedy else "")
            for s in steps
        ]
        screen.table((_("Step"), _("Sort"), _("Name"), _("Why"), _("What to do")), rows)


def _tell(step: SetupStep, error: GuidangError | None, *, as_json: bool) -> None:
    if as_json:
        screen.json_line({**_line(step), "done": error is None, "error": say_error(error) if error else None})
    elif error is not None:
        screen.message(f"{say(step.sort_word)} {step.name}: {say_error(error)}")


def _line(step: SetupStep) -> dict[str, object]:
    return {
        "schema": 1,
        "action": step.action.value,
        "sort": step.sort,
        "name": step.name,
        "why": say(step.why),
        "remedy": say(step.remedy) if step.remedy else None,
    }
