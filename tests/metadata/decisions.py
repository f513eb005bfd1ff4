"""Who is who in the invented register, and what an identifier decides: for the tests of the archive policy's table."""

from __future__ import annotations

from classifiers.values import CustomerSigns, NumberCandidate
from metadata.identify import Identifier
from metadata.values import Identification, ReasonCode

ZHOU, HE = "1136250642", "1136250659"  # neighbours; their numbers differ in the last two signs
XU = "1178131418"
WANG, OTHER_WANG = "1240077319", "1240081122"  # namesakes
ZHAO, WANG_ZQ = "1300552048", "1300559912"  # closed, and the account it was transferred to
HONGYUN = "1405003323"
ALONE = "1511000007"  # of whom the register knows nothing but the name
UNREGISTERED = "1999000002"
ZHOU_ADDRESS, HE_ADDRESS, XU_ADDRESS = "杏林苑25号楼3单元1103室", "杏林苑25#3单元1104", "春晖园13号楼1单元1703室"
WANG_ADDRESS, LIU_YING = "白桦里7号楼2单元301室", "城北区柳营里4号楼1单元502室"


def identified(
    identifier: Identifier,
    *numbers: NumberCandidate,
    page: CustomerSigns | None = None,
    kind: str = "repair",
    given: tuple[str, ...] = (),
) -> Identification:
    """Return what becomes of a record with these numbers and signs."""
    return identifier.identify(kind, numbers, page or CustomerSigns(), given)


def reasons(found: Identification) -> list[ReasonCode]:
    """Return the codes of the reasons, after checking that held and filed never mix."""
    assert bool(found.reasons) != bool(found.numbers)
    return [reason.code for reason in found.reasons]


def notes(found: Identification) -> list[ReasonCode]:
    """Return the codes of the notes."""
    return [note.code for note in found.notes]
