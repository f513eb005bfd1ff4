"""Whose change is it? Three-way comparison of what was agreed, what stands in the store, and what we want. Pure.

The rules, key by key:
1. What stands there is as agreed, or as we sent it (a tag: as we want it): nobody changed it.
2. Anything else is a person's: it is taken over, and never written over by what we derive, now or later.
3. We write where what we want has changed since the agreement, and no person has changed it in the store meanwhile.
4. A key that is a person's is written only for a newer word of a person's, given to guidang itself.
Not for reading or writing stores. Both sides "change" only against the agreement, so values that the store words in its own way
(an amount in another currency, a number with dashes) stay as they are, and our own writes are never taken for a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from connector.interfaces import Difference
from connector.store_keys import TAG, WRITTEN_TOGETHER, touched_name
from metadata.copies import Agreement, StoreValue, Values


def is_same(one: StoreValue | None, other: StoreValue | None) -> bool:
    """Return whether two values say the same; numbers may come back as text or with other zeros."""
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) < 1e-9
    return str(one).strip() == str(other).strip()


def changed_by_person(agreed: Agreement, stands: Values, wanted: Values) -> dict[str, Difference]:
    """Return the keys that a person changed in the store since the agreement."""
    keys = sorted(agreed.theirs.keys() | stands.keys())
    return {
        key: (agreed.theirs.get(key), stands.get(key))
        for key in keys
        if _is_persons(key, agreed, stands.get(key), wanted.get(key))
    }


def to_write(
    agreed: Agreement, stands: Values, wanted: Values, touched: frozenset[str]
) -> dict[str, StoreValue | None]:
    """Return what we have to write so that the store follows us; None takes a value away.

    `touched` are the names that a person gave: their newest word wins even over what a person wrote in the store before.
    """
    writes: dict[str, StoreValue | None] = {}
    for key in sorted(wanted.keys() | agreed.ours.keys() | agreed.in_flight.keys()):
        ours, standing = wanted.get(key), stands.get(key)
        if key in WRITTEN_TOGETHER:
            ours = _together(ours, _our_lines(agreed, key), standing)
        unchanged = is_same(wanted.get(key), agreed.ours.get(key)) and not _was_sent(key, agreed, standing)
        if unchanged or is_same(ours, standing) or _is_persons(key, agreed, standing, wanted.get(key)):
            continue
        if key in agreed.persons and key not in WRITTEN_TOGETHER and touched_name(key) not in touched:
            continue
        writes[key] = ours
    return writes


def intended(agreed: Agreement, writes: Mapping[str, StoreValue | None], wanted: Values) -> Agreement:
    """Return the agreement with what is about to be sent: seen again, it is ours, even if we die before we look.

    Of a text that both sides write on only our own lines are ours.
    """
    sent = {key: wanted.get(key) if key in WRITTEN_TOGETHER else value for key, value in writes.items()}
    flying = {key: (*agreed.in_flight.get(key, ()), value) for key, value in sent.items()}
    return replace(agreed, in_flight={**agreed.in_flight, **flying})


def settled(agreed: Agreement, stands: Values, wanted: Values) -> Agreement:
    """Return the agreement after a look: what nobody but us changed is agreed on, a person's change is left to be taken over."""
    ours, theirs = dict(agreed.ours), dict(agreed.theirs)
    flying: dict[str, tuple[StoreValue | None, ...]] = {}
    for key in wanted.keys() | agreed.ours.keys() | agreed.theirs.keys() | stands.keys():
        standing, want = stands.get(key), wanted.get(key)
        if _is_persons(key, agreed, standing, want):
            if key in agreed.in_flight:
                flying[key] = agreed.in_flight[key]
            continue
        _put(theirs, key, standing)
        aimed = _together(want, _our_lines(agreed, key), standing) if key in WRITTEN_TOGETHER else want
        if is_same(aimed, standing):
            _put(ours, key, want)
    return replace(agreed, ours=ours, theirs=theirs, in_flight=flying)


def taken_over(agreed: Agreement, stands: Values, wanted: Values, keys: Iterable[str]) -> Agreement:
    """Return the agreement after a person's changes of `keys` were taken over; `wanted` is what we want since then."""
    ours, theirs, flying = dict(agreed.ours), dict(agreed.theirs), dict(agreed.in_flight)
    for key in keys:
        _put(theirs, key, stands.get(key))
        if key not in WRITTEN_TOGETHER:
            _put(ours, key, wanted.get(key))
            flying.pop(key, None)
    return Agreement(ours, theirs, flying, agreed.persons | set(keys))


def established(stands: Values, wanted: Values) -> Agreement:
    """Return the first agreement on a record that we have just filed, or of which nothing is remembered.

    What stands there beside what we want was there from the beginning (a server's own tags). What stands there *instead* of
    what we want is a person's, and is left to be taken over. What is missing is left to be written.
    """
    ours: dict[str, StoreValue] = {}
    theirs: dict[str, StoreValue] = {}
    for key in wanted.keys() | stands.keys():
        standing, want = stands.get(key), wanted.get(key)
        if want is None or is_same(want, standing):
            _put(theirs, key, standing)
            _put(ours, key, want)
        elif standing is not None:
            theirs[key] = ours[key] = want
    return Agreement(ours, theirs)


def still_rewound(
    rewound: Mapping[str, StoreValue | None], agreed: Agreement, stands: Values
) -> dict[str, StoreValue | None]:
    """Return what of it a backup put in the place of what was agreed, and nobody has changed since."""
    return {
        key: value
        for key, value in rewound.items()
        if is_same(stands.get(key), value) and not is_same(value, agreed.theirs.get(key))
    }


def over_backup(agreed: Agreement, rewound: Mapping[str, StoreValue | None], wanted: Values) -> Agreement:
    """Return the agreement with what a backup brought back taken for agreed where we want something new since: that is written."""
    theirs = dict(agreed.theirs)
    for key, value in rewound.items():
        if not is_same(wanted.get(key), agreed.ours.get(key)):
            _put(theirs, key, value)
    return replace(agreed, theirs=theirs)


def ours_again(agreed: Agreement, rewound: Mapping[str, StoreValue | None]) -> Agreement:
    """Return the agreement with what a backup brought back taken for agreed, so that what we want is written over it."""
    theirs = dict(agreed.theirs)
    for key, value in rewound.items():
        _put(theirs, key, value)
    ours = {key: value for key, value in agreed.ours.items() if key not in rewound}
    return replace(agreed, ours=ours, theirs=theirs)


def released(agreed: Agreement, keys: Iterable[str]) -> Agreement:
    """Return the agreement without these keys: what we want of them is written again."""
    gone = frozenset(keys)
    return Agreement(
        ours={key: value for key, value in agreed.ours.items() if key not in gone},
        theirs={key: value for key, value in agreed.theirs.items() if key not in gone},
        in_flight={key: values for key, values in agreed.in_flight.items() if key not in gone},
        persons=agreed.persons - gone,
    )


def _is_persons(key: str, agreed: Agreement, standing: StoreValue | None, wanted: StoreValue | None) -> bool:
    if key in WRITTEN_TOGETHER:
        return _persons_lines(standing, agreed, key, wanted) != _persons_lines(
            agreed.theirs.get(key), agreed, key, wanted
        )
    if is_same(standing, agreed.theirs.get(key)):
        return False
    if key.startswith(TAG) and is_same(standing, wanted) and (wanted is not None or key in agreed.ours):
        return False  # a server puts on the parents of a tag by itself
    return not _was_sent(key, agreed, standing)


def _was_sent(key: str, agreed: Agreement, standing: StoreValue | None) -> bool:
    """Return whether what stands there came, or may have come, from us, sent before we died or lost the answer."""
    if key in WRITTEN_TOGETHER:
        return key in agreed.in_flight
    return any(is_same(standing, sent) for sent in agreed.in_flight.get(key, ()))


def _persons_lines(text: StoreValue | None, agreed: Agreement, key: str, wanted: StoreValue | None) -> tuple[str, ...]:
    """Return the lines that are neither what we wanted, want now, nor sent."""
    ours = _our_lines(agreed, key) | set(_lines(wanted))
    return tuple(line for line in _lines(text) if line not in ours)


def _our_lines(agreed: Agreement, key: str) -> set[str]:
    """Return the lines that we wanted before, or sent."""
    return {line for wording in (agreed.ours.get(key), *agreed.in_flight.get(key, ())) for line in _lines(wording)}


def _together(ours: StoreValue | None, ours_before: set[str], standing: StoreValue | None) -> StoreValue | None:
    """Return our lines, and after them the lines that stand there and were not ours."""
    own = _lines(ours)
    others = [line for line in _lines(standing) if line not in ours_before and line not in own]
    return "\n".join([*own, *others]) or None


def _lines(text: StoreValue | None) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()] if text is not None else []


def _put(values: dict[str, StoreValue], key: str, value: StoreValue | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value
