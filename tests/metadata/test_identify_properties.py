"""What holds for every combination of numbers and signs: a wrong customer is never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.values import CustomerSigns, Fact, FoundBy, NumberCandidate, NumberRole
from metadata.agreement import Agreement
from metadata.identify import Identifier
from metadata.register import Register
from metadata.values import Customer, CustomerState, Identification
from metadata.weighing import weigh
from tests.metadata.found_signs import doubtful, said, sure
from tests.metadata.register_rows import number_scheme, scheme

NUMBERS = (
    "1136250642",
    "1136250659",
    "1178131418",
    "1240077319",
    "1240081122",
    "1300552048",
    "1300559912",
    "1511000007",
)
WRONG = ("1136250643", "1999000002", "1186250642", "113625064", "42")
NAMES = ("周明辉", "何晓燕", "许雅静", "王建国", "赵大年", "汪志强", "刘小平", "周*辉")
ADDRESSES = (
    "杏林苑25号楼3单元1103室",
    "杏林苑25#3单元1104",
    "春晖园13号楼1单元1703室",
    "白桦里7号楼2单元301室",
    "白桦里17号楼2单元302室",
    "城北区柳营里4号楼1单元502室",
    "松林里9号楼9单元909室",
    "杏林苑25号楼",
)
CONTRACTS = ("DR-2012-80138", "DR-2013-11870", "DR-2014-43064", "DR-2015-56721", "DR-1999-00000")
METERS = ("CR44399816", "CR44399824", "CR42998207", "CR00000000")

PROPERTY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def facts(values: Sequence[str]) -> st.SearchStrategy[Fact | None]:
    """Return signs with one of these values, surely read or not, or none."""
    return st.none() | st.builds(
        lambda value, surely: said(value, surely=surely), st.sampled_from(values), st.booleans()
    )


ALL_SIGNS = st.builds(
    CustomerSigns,
    name=facts(NAMES),
    address=facts(ADDRESSES),
    contract_no=facts(CONTRACTS),
    meter_no=facts(METERS),
    old_name=facts(NAMES),
    new_name=facts(NAMES),
)
ROLES = st.sampled_from(NumberRole)
SURE = st.builds(
    lambda number, labelled, role: sure(number, labelled=labelled, role=role),
    st.sampled_from((*NUMBERS, *WRONG[:3])),
    st.booleans(),
    ROLES,
)
DOUBTFUL = st.builds(
    lambda number, looks, places, labelled, role: doubtful(
        number, *looks, places=[p for p in places if p < len(number)], labelled=labelled, role=role
    ),
    st.sampled_from((*NUMBERS, *WRONG)),
    st.lists(st.sampled_from((*NUMBERS, *WRONG)), max_size=2),
    st.lists(st.integers(0, 9), max_size=3),
    st.booleans(),
    ROLES,
)
CANDIDATES = st.lists(SURE | DOUBTFUL, max_size=3)
KINDS = st.sampled_from(("repair", "contract", "change_transfer", None))


def identified(
    register: Register, kind: str | None, numbers: Sequence[NumberCandidate], page: CustomerSigns
) -> Identification:
    """Return what becomes of a record."""
    return Identifier(register, number_scheme(), scheme()).identify(kind, tuple(numbers), page, ())


def read_signs(numbers: Sequence[NumberCandidate], place: int, length: int) -> set[str]:
    """Return every sign that some reading gave at a place of numbers of this length."""
    texts = [reading.text for candidate in numbers for reading in candidate.readings]
    return {text[place] for text in texts if len(text) == length}


@PROPERTY
@given(kind=KINDS, numbers=CANDIDATES, page=ALL_SIGNS)
def test_record_is_filed_only_under_what_stands_on_the_paper_or_name_and_address_fit(
    register: Register, kind: str | None, numbers: list[NumberCandidate], page: CustomerSigns
) -> None:
    found = identified(register, kind, numbers, page)

    for number in found.numbers:
        customer = register.by_number(number)
        assert customer is not None
        assert number_scheme().is_valid(number)
        on_paper = all(sign in read_signs(numbers, i, len(number)) for i, sign in enumerate(number))
        assert on_paper or _fits_by_words(customer, page, register, is_transfer=kind == "change_transfer")


def _fits_by_words(customer: Customer, page: CustomerSigns, register: Register, *, is_transfer: bool) -> bool:
    if not is_transfer:
        weighed = weigh(customer, page, register)
        both = weighed.name is Agreement.AGREES and weighed.address is Agreement.AGREES
        return both and customer.state is CustomerState.IN_USE
    names = {str(fact.value) for fact in (page.name, page.old_name, page.new_name) if fact is not None}
    return customer.name in names


@PROPERTY
@given(kind=st.sampled_from(("repair", None)), numbers=CANDIDATES, page=ALL_SIGNS)
def test_contradiction_is_never_filed(
    register: Register, kind: str | None, numbers: list[NumberCandidate], page: CustomerSigns
) -> None:
    found = identified(register, kind, numbers, page)

    if found.customer is not None:
        weighed = weigh(found.customer, page, register)
        assert weighed.others == ()
        assert weighed.name is not Agreement.DIFFERS or weighed.place_agrees


@PROPERTY
@given(
    numbers=CANDIDATES,
    page=ALL_SIGNS,
    which=st.sampled_from(("name", "address", "contract_no", "meter_no")),
    values=st.tuples(facts(NAMES), facts(ADDRESSES), facts(CONTRACTS), facts(METERS)),
)
def test_another_sign_never_turns_one_customer_into_another(
    register: Register,
    numbers: list[NumberCandidate],
    page: CustomerSigns,
    which: str,
    values: tuple[Fact | None, Fact | None, Fact | None, Fact | None],
) -> None:
    """Signs choose between filed and held, and find the customer only where no number was read."""
    name, address, contract_no, meter_no = values
    changed = {
        "name": replace(page, name=name),
        "address": replace(page, address=address),
        "contract_no": replace(page, contract_no=contract_no),
        "meter_no": replace(page, meter_no=meter_no),
    }[which]

    before, after = (identified(register, "repair", numbers, signs) for signs in (page, changed))

    if before.numbers and after.numbers and FoundBy.REGISTER not in (before.found_by, after.found_by):
        assert before.numbers == after.numbers


@PROPERTY
@given(numbers=CANDIDATES, page=ALL_SIGNS, other=st.sampled_from(CONTRACTS[:4]))
def test_contract_of_another_customer_never_gets_a_held_record_filed(
    register: Register, numbers: list[NumberCandidate], page: CustomerSigns, other: str
) -> None:
    before = identified(register, "repair", numbers, replace(page, contract_no=None))
    after = identified(register, "repair", numbers, replace(page, contract_no=said(other)))

    if after.customer is not None and not before.numbers:
        assert after.customer.contract_no == other


SHUFFLED = CANDIDATES.flatmap(lambda numbers: st.tuples(st.just(numbers), st.permutations(numbers)))


@PROPERTY
@given(kind=KINDS, numbers=SHUFFLED, page=ALL_SIGNS)
def test_order_of_the_candidates_changes_nothing(
    register: Register,
    kind: str | None,
    numbers: tuple[list[NumberCandidate], list[NumberCandidate]],
    page: CustomerSigns,
) -> None:
    one, two = (identified(register, kind, ordered, page) for ordered in numbers)

    assert one.numbers == two.numbers
    assert [reason.code for reason in one.reasons] == [reason.code for reason in two.reasons]


@PROPERTY
@given(kind=KINDS, numbers=CANDIDATES, page=ALL_SIGNS)
def test_record_is_filed_or_held_and_never_both(
    register: Register, kind: str | None, numbers: list[NumberCandidate], page: CustomerSigns
) -> None:
    found = identified(register, kind, numbers, page)

    assert bool(found.numbers) != bool(found.reasons)
    assert (found.found_by is None) == (not found.numbers)
    assert (found.confidence > 0.5) == bool(found.numbers)
    assert len(found.numbers) <= (2 if kind == "change_transfer" else 1)


@PROPERTY
@given(
    page=ALL_SIGNS, numbers=CANDIDATES, typed=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=2)
)
def test_given_numbers_are_kept_whatever_the_page_says(
    register: Register, page: CustomerSigns, numbers: list[NumberCandidate], typed: list[str]
) -> None:
    found = Identifier(register, number_scheme(), scheme()).identify("repair", tuple(numbers), page, tuple(typed))

    assert found.found_by is FoundBy.GIVEN
    assert found.reasons == ()
    assert list(found.numbers) == list(dict.fromkeys(number_scheme().normal(t) or t.strip() for t in typed))
