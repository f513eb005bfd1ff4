"""`guidang scheme try FILE`: what the scheme of the configuration would find on a paper, and why; files nothing.

For whoever adds a kind or a field. Not for reading the scheme (it stands in the configuration) or for judging it as a whole
(`guidang evaluate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from classifiers.values import Classification, CustomerSigns, Fact, NumberCandidate, Verdict
from connector.application import Application
from connector.commands import rows, screen
from connector.commands.ingest import inbox_name
from connector.commands.session import session_of
from connector.commands.show import seen, value_word
from connector.commands.spoken import Verbs, json_option, option, verb
from connector.examining import Examined
from connector.exit_codes import ExitCode
from connector.i18n import _, current_language
from connector.json_lines import EMPTY, evidence_line, field_value, line_of_record
from connector.reasons import say_reason
from connector.words import found_word, state_word
from ingest.message import N_
from metadata.values import DecidedBy, Description, RecordEntry, RecordState

HELP = N_("Tries the classification scheme of the configuration.")
TRY_HELP = N_(
    "Shows what the scheme would find on a scan, and why; nothing is filed.\n\n"
    "FILE is a scan, or a text (.txt, UTF-8: a line a printed line, a tab or two blanks between cells).\n"
    "Change the scheme in the configuration and try again, until it finds what it should."
)
_SAID_BY = {
    "vote": N_("all together"),
    "rules": N_("rules of the scheme"),
    "memory": N_("forms that persons told"),
    "learned": N_("learned model"),
    "given": N_("given by the inbox"),
}


@click.group("scheme", cls=Verbs, help=HELP)
def command() -> None:
    """Hold the verbs about the scheme."""


@verb("try", TRY_HELP)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@option("--inbox", metavar="NAME", help=N_("The inbox in which it would arrive; otherwise the first one."))
@json_option
@click.pass_context
def try_scheme(context: click.Context, path: Path, inbox: str | None, as_json: bool) -> None:
    """Look at it and tell."""
    with session_of(context).opened() as application:
        examined = application.examine(path, inbox_name(application, inbox))
        if as_json:
            for one in examined:
                screen.json_line(line_of(one, path.name, application))
            return
        if not examined:
            screen.message(_("Nothing but blank pages and separator sheets: the scan would be rejected."))
            context.exit(ExitCode.SOME_WAIT)
        for one in examined:
            _tell(application, one)
        screen.message(_("Nothing was filed."))


command.add_command(try_scheme)


def line_of(examined: Examined, name: str, application: Application) -> dict[str, Any]:
    """Return the line of the JSON contract that the record would have, with what else was seen; it has no id."""
    more = {
        "voices": [_voice_out(voice) for voice in examined.voices],
        "numbers": [_number_out(number) for number in examined.found.numbers] if examined.found else [],
        "signs": _signs_out(examined.found.signs) if examined.found else {},
    }
    if examined.description is None:
        line = EMPTY | {"scan": name, "state": _state(examined).value, "kind_confidence": examined.voices[0].confidence}
        return line | {"pages": [examined.record.first, examined.record.last], **more}
    line = line_of_record(_as_entry(examined.description, _state(examined)), application.scheme)
    return line | {"record": None, "second_scan_of": None, **more}


def _voice_out(voice: Classification) -> dict[str, Any]:
    return {
        "said_by": voice.said_by,
        "verdict": voice.verdict.value,
        "kind": voice.kind,
        "confidence": round(voice.confidence, 4),
        "rivals": [{"kind": rival.kind, "confidence": round(rival.confidence, 4)} for rival in voice.rivals],
        "evidence": [evidence_line(evidence) for evidence in voice.evidence],
    }


def _number_out(number: NumberCandidate) -> dict[str, Any]:
    readings = [{"text": r.text, "confidence": round(r.confidence, 4), "said_by": r.said_by} for r in number.readings]
    return {
        "number": number.number,
        "readings": readings,
        "form": number.form,
        "valid": number.is_valid,
        "surely_read": number.surely_read,
        "labelled": number.labelled,
        "role": number.role.value,
        "evidence": evidence_line(number.evidence),
    }


def _signs_out(signs: CustomerSigns) -> dict[str, Any]:
    return {name: field_value(fact.value) for name, fact in _facts_of(signs)}


def _facts_of(signs: CustomerSigns) -> Iterator[tuple[str, Fact]]:
    for part in fields(signs):
        value = getattr(signs, part.name)
        if isinstance(value, Fact):
            yield part.name, value


def _as_entry(description: Description, state: RecordState) -> RecordEntry:
    return RecordEntry(description, state, DecidedBy.ITSELF, None, None, None, None, frozenset())


def _state(examined: Examined) -> RecordState:
    """Return the state in which the record would end without a person."""
    if examined.description is None:
        return RecordState.REJECTED
    return RecordState.HELD if examined.description.is_held else RecordState.INDEXED


def _tell(application: Application, examined: Examined) -> None:
    scheme, said = application.scheme, examined.description
    screen.pairs(_about(application, examined))
    voices = [_voice_row(application, voice) for voice in examined.voices]
    screen.table((_("Said by"), _("Kind"), _("Sure"), _("Because of"), _("Else")), voices, title=_("Kind"))
    if examined.found is None or said is None:
        return
    numbers = [_number_row(application, number) for number in examined.found.numbers]
    screen.table(_number_headings(), numbers, title=_("What may be a customer number"))
    kind = scheme.kind(said.kind)
    specs = {spec.name: spec.names.in_language(current_language()) for spec in kind.fields} if kind else {}
    found = [_fact_row(f"{specs.get(fact.name, fact.name)} ({fact.name})", fact) for fact in said.facts]
    missing = [(f"{names} ({name})", "-", *[""] * 4) for name, names in specs.items() if not _has(said, name)]
    screen.table(_fact_headings(), [*found, *missing], title=_("Facts of the kind"))
    signs = [_fact_row(_(_SIGNS[name]), fact) for name, fact in _facts_of(examined.found.signs)]
    screen.table(_fact_headings(), signs, title=_("What the page says of the customer"))


def _number_headings() -> tuple[str, ...]:
    return (_("Number"), _("Form"), _("Valid"), _("Surely read"), _("Customer"), _("Page"), _("Box"), _("As read"))


def _fact_headings() -> tuple[str, ...]:
    return (_("Fact"), _("Value"), _("Sure"), _("Page"), _("Box"), _("As read"))


_SIGNS: Mapping[str, str] = {
    "name": N_("name"),
    "address": N_("address"),
    "contract_no": N_("contract number"),
    "meter_no": N_("meter number"),
    "old_name": N_("name of the old customer"),
    "new_name": N_("name of the new customer"),
}


def _about(application: Application, examined: Examined) -> Iterator[tuple[str, str]]:
    record, said = examined.record, examined.description
    yield _("Pages"), str(record.first) if record.first == record.last else f"{record.first}-{record.last}"
    yield _("Would be"), state_word(_state(examined))
    if said is None:
        return
    for reason in (*said.reasons, *said.identification.notes):
        yield _("Because"), say_reason(reason, scheme=application.scheme)
    entry = _as_entry(said, _state(examined))
    yield _("Kind"), f"{rows.kind_word(application.scheme, said.kind) or '-'} ({said.kind_confidence:.2f})"
    yield _("Customer"), rows.customer_word(entry) or "-"
    yield _("Customer found by"), found_word(said.identification.found_by) or "-"
    yield _("Title"), said.title
    yield _("Summary"), said.summary or "-"


def _voice_row(application: Application, voice: Classification) -> tuple[str, ...]:
    name, _colon, heard = voice.said_by.partition(": ")
    who = _(_SAID_BY.get(name, name))
    if heard:
        who += f" ({', '.join(_(_SAID_BY.get(part, part)) for part in heard.split(', '))})"
    kind = {Verdict.NONE_OF_THEM: _("none of them"), Verdict.UNSURE: _("unsure")}.get(voice.verdict)
    rivals = ", ".join(f"{rows.kind_word(application.scheme, r.kind)} {r.confidence:.2f}" for r in voice.rivals)
    because = ", ".join(dict.fromkeys(evidence.text for evidence in voice.evidence))
    return who, kind or rows.kind_word(application.scheme, voice.kind), f"{voice.confidence:.2f}", because, rivals


def _number_row(application: Application, number: NumberCandidate) -> tuple[str, ...]:
    customer = application.register.by_number(number.number)
    readings = " / ".join(dict.fromkeys(reading.text for reading in number.readings))
    name = customer.name if customer else _("not in the register")
    return (readings, number.form or "-", _yes(number.is_valid), _yes(number.surely_read), name, *seen(number.evidence))


def _fact_row(name: str, fact: Fact) -> tuple[str, ...]:
    return (name, value_word(fact.value), f"{fact.confidence:.2f}", *seen(fact.evidence))


def _has(said: Description, name: str) -> bool:
    return any(fact.name == name for fact in said.facts)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
