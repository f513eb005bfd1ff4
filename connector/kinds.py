"""The decision about a record's kind: file under it, hold it, or reject the scan. Pure.

1. A given kind wins, surely. One that the scheme does not know is no kind: what was guessed counts, and the record is held.
2. A kind whose confidence reaches its threshold is taken; below it is kept as the best guess, and the record is held.
3. Surely none of the kinds: the scan is rejected, but only as a whole and only the first time; else the record is held.
4. Everything else is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.scheme import Scheme
from classifiers.values import Classification, Verdict
from connector.parts import Thresholds
from metadata.values import Reason, ReasonCode


@dataclass(frozen=True, slots=True)
class KindDecision:
    """The kind (None where none can be named), how sure, and why a person must look (() = filed by itself)."""

    kind: str | None
    confidence: float
    reasons: tuple[Reason, ...]
    rejected: bool = False


def decide_kind(
    said: Classification, given: str | None, scheme: Scheme, thresholds: Thresholds, may_reject: bool
) -> KindDecision:
    """Return what becomes of the kind, from what the classifier said and what was given."""
    if given and scheme.kind(given):
        return KindDecision(given, 1.0, ())
    unknown = (Reason(ReasonCode.BATCH_UNSURE, {"kind": given}),) if given else ()
    if said.verdict is Verdict.NONE_OF_THEM:
        if may_reject and not unknown and said.confidence >= thresholds.reject:
            return KindDecision(None, said.confidence, (), rejected=True)
        return KindDecision(None, 0.0, (*unknown, Reason(ReasonCode.NO_ARCHIVE_DOCUMENT)))
    kind = scheme.kind(said.kind)
    if kind is None:
        return KindDecision(None, 0.0, (*unknown, Reason(ReasonCode.KIND_UNSURE, _rivals(said))))
    threshold = thresholds.kind if kind.threshold is None else kind.threshold
    if said.confidence < threshold:
        facts = {"kind": kind.code, **_rivals(said)}
        return KindDecision(kind.code, said.confidence, (*unknown, Reason(ReasonCode.KIND_UNSURE, facts)))
    return KindDecision(kind.code, said.confidence, unknown)


def _rivals(said: Classification) -> Mapping[str, str]:
    kinds = list(dict.fromkeys([*([said.kind] if said.kind else []), *(rival.kind for rival in said.rivals[:3])]))
    return {"kinds": ", ".join(kinds)} if len(kinds) > 1 else {}
