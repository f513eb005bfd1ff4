"""Invents companies whose customers are as easily confused as can be, and papers of theirs of which the true customer is known.

Near numbers, namesakes, estates of nearly one name and of one name in two districts, two accounts in one flat, closed accounts,
registers that are stale, partly loaded or without addresses; papers with a tenant's name, another's number written by mistake or
struck out, a neighbour's address, a gas account, a second account under an unknown label. Not for reading: `storm_reading`.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from stdnum.iso7064 import mod_11_10

from classifiers.customer_number import NumberScheme
from classifiers.number_forms import forms_from
from tests.metadata.register_rows import EXAMPLE, scheme

LOOK_ALIKE = {
    "0": "68", "1": "74", "2": "7", "3": "85", "4": "19", "5": "63", "6": "85", "7": "1", "8": "36", "9": "4",
}  # fmt: skip
"""Digits that recognisers, pens and clerks take for each other."""

_DISTRICTS = ("河东区", "河西区", "高新区")
_ESTATES = (
    "春晖园", "春晓园", "晖园", "阳光花园", "阳光家园", "阳光城市花园", "阳光城北花园", "百合园", "百合苑", "东湖苑", "西湖苑", "金桥里",
    "新金桥里", "湖滨花园一区", "湖滨花园二区",
)  # fmt: skip
_BUILDINGS, _UNITS, _ROOMS = ("1", "7", "11", "17"), ("1", "2"), ("501", "507", "502", "1101")
_NAMES = (
    "王建国",
    "王建军",
    "王建固",
    "李娜",
    "李那",
    "周明辉",
    "周明晖",
    "何晓燕",
    "宏运餐饮有限公司",
    "鸿运餐饮有限公司",
)
SWAPPED = "swapped"
"""What `Paper.wrong` says where the clerk wrote the new number for the old one."""

_CHECKED, _SHORT, _OLD = 10, 6, 8  # digits of the forms; the last two have no check

Flat = tuple[str, str, str, str, str]
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A customer as the company has it; `registered` = the register knows it, `placed` = with its address."""

    number: str
    name: str
    flat: Flat
    contract: str
    meter: str
    registered: bool
    placed: bool
    successor: str = ""
    is_closed: bool = False  # in the register; a fresh transfer is not known there yet

    def address(self, style: int) -> str:
        """Return the address as papers write it."""
        district, estate, building, unit, room = self.flat
        return (
            f"东州市{district}{estate}{building}号楼{unit}单元{room}室",
            f"{estate}{building}号楼{unit}单元{room}室",
            f"{estate}{building}#{unit}单元{room}",
            f"{estate}{building}-{unit}-{room}",
        )[style]

    @property
    def heated_area(self) -> str:
        """Return its area: one developer built all the estates, and what lies above each other is of one size."""
        _, _, building, unit, room = self.flat
        return f"{60 + 7 * int(building) + 3 * int(unit) + int(room[-2:])}.{37 + int(room[-1])}"

    def row(self) -> str:
        """Return its row of the register."""
        _, estate, building, unit, room = self.flat
        place = (estate, f"{building}号楼", f"{unit}单元{room}室", self.address(0)) if self.placed else ("", "", "", "")
        state = "已过户" if self.is_closed else "在用"
        cells = (self.number, self.name, *place, self.heated_area, self.contract, self.meter, state)
        return ",".join((*cells, self.successor if self.is_closed else ""))


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a paper, as label and value, and whose it is ([old, new] on a transfer). `wrong` = a clerk wrote another's number.

    `heated_area` is the flat's, for where the paper names it.
    """

    truth: tuple[str, ...]
    kind: str
    lines: Lines
    wrong: str = ""
    heated_area: str = ""


@cache
def numbers_of(kind: str) -> NumberScheme:
    """Return the number scheme of a company: "checked", "short" without a check, or "both": ten checked digits and eight old ones."""
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["customer_number"]
    plain = {"separators": " -", "check": "none"}
    forms = {
        "checked": example["forms"],
        "short": [{"name": "short", "pattern": "[0-9]{6}", **plain}],
        "both": [*example["forms"], {"name": "old", "pattern": "[0-9]{8}", **plain}],
    }
    return NumberScheme(forms_from({**example, "forms": forms[kind]}), 0.8, scheme())


def register_csv(accounts: Sequence[Account]) -> str:
    """Return the company's customer file."""
    headings = "客户编号,户名,小区,楼号,单元室,地址,供热面积,合同编号,热表号,状态,过户至"
    return "\n".join((headings, *(account.row() for account in accounts if account.registered))) + "\n"


def company(rng: random.Random, kind: str) -> tuple[Account, ...]:
    """Return the accounts of a company whose numbers are of this kind."""
    estates = rng.sample(_ESTATES, 5)
    known = 0.5 if rng.random() < 0.2 else 0.88
    accounts: dict[str, Account] = {}
    for _ in range(rng.choice((4, 12, 30))):
        near = list(accounts.values())
        flat = _flat(rng, estates, near)
        name = rng.choice(near).name if near and rng.random() < 0.15 else rng.choice(_NAMES)
        meter = rng.choice(near).meter if near and rng.random() < 0.1 else _code(rng, "CR", 8)
        number = _number(rng, kind, tuple(accounts))
        accounts[number] = Account(
            number, name, flat, _maybe(rng, _code(rng, "DR-2012-", 5)), _maybe(rng, meter),
            registered=rng.random() < known, placed=rng.random() < 0.93,
        )  # fmt: skip
    for account in list(accounts.values()):
        if rng.random() < 0.25:
            new = _number(rng, kind, tuple(accounts))
            contract = _code(rng, "DR-2020-", 5)
            accounts[new] = replace(account, number=new, name=rng.choice(_NAMES), contract=contract)
            accounts[account.number] = replace(account, successor=new, is_closed=rng.random() < 0.7)
    return tuple(accounts.values())


def paper(rng: random.Random, accounts: Sequence[Account]) -> Paper:
    """Return a paper of one of these customers."""
    one = rng.choice(accounts)
    by_number = {account.number: account for account in accounts}
    if one.successor and rng.random() < 0.6:
        return _transfer(rng, one, by_number[one.successor])
    other = rng.choice([account for account in accounts if account is not one])
    wrong = other.number if rng.random() < 0.08 else ""
    number, name = wrong or one.number, rng.choice(_NAMES) if rng.random() < 0.06 else one.name
    if not wrong and rng.random() < 0.1:
        number = f"{other.number}\t{one.number}"  # struck out, the right one written beside it
    lines = [
        *_line(rng, 0.9, ("客户编号", "户号", "用户编号"), number),
        *_line(rng, 0.75, ("户名", "用户姓名", "姓名"), name),
        *_line(rng, 0.65, ("用热地址", "地址"), one.address(rng.randrange(4))),
        *_line(rng, 0.25, ("合同编号",), one.contract),
        *_line(rng, 0.25, ("热表号",), one.meter),
    ]
    if rng.random() < 0.3:
        rng.shuffle(lines)
    namesakes = [account.number for account in accounts if account.name == one.name and account is not one]
    strangers: Lines = (
        ("燃气户号", other.number),
        ("维修人员", other.name),
        ("备注", f"楼上{other.address(1)}漏水"),
        ("参考", other.number),
        ("相关", rng.choice(namesakes or [one.number])),
    )
    if rng.random() < 0.4:
        lines.append(rng.choice(strangers))
    return Paper((one.number,), "repair", (("", "维修单"), *lines), wrong, one.heated_area)


def _transfer(rng: random.Random, old: Account, new: Account) -> Paper:
    is_swapped = rng.random() < 0.15
    numbers = (new.number, old.number) if is_swapped else (old.number, new.number)
    lines = (
        *_line(rng, 0.85, ("原客户编号", "原户号"), numbers[0]),
        *_line(rng, 0.85, ("原户名",), old.name),
        *_line(rng, 0.85, ("新客户编号", "新户号"), numbers[1]),
        *_line(rng, 0.85, ("新户名",), new.name),
        *_line(rng, 0.7, ("用热地址",), old.address(rng.randrange(4))),
    )
    truth = (old.number, new.number)
    return Paper(truth, "change_transfer", (("", "用户过户申请表"), *lines), SWAPPED if is_swapped else "")


def _line(rng: random.Random, chance: float, labels: Sequence[str], value: str) -> Lines:
    return ((rng.choice(labels), value),) if value and rng.random() < chance else ()


def _flat(rng: random.Random, estates: Sequence[str], near: Sequence[Account]) -> Flat:
    parts = (_DISTRICTS, estates, _BUILDINGS, _UNITS, _ROOMS)
    if not near or rng.random() < 0.5:
        district, estate, building, unit, room = (rng.choice(choices) for choices in parts)
        return district, estate, building, unit, room
    flat = list(rng.choice(near).flat)
    at = rng.randrange(6)
    if at < len(flat):  # else two accounts in one flat
        flat[at] = rng.choice(parts[at])
    return flat[0], flat[1], flat[2], flat[3], flat[4]


def _number(rng: random.Random, kind: str, taken: Sequence[str]) -> str:
    """Return a number that nobody has, most often one that a slip makes of another."""
    length = {"checked": _CHECKED, "short": _SHORT, "both": rng.choice((_CHECKED, _OLD))}[kind]
    while True:
        near = [number for number in taken if len(number) == length]
        signs = (
            list(rng.choice(near)) if near and rng.random() < 0.7 else [rng.choice("0123456789") for _ in range(length)]
        )
        for at in rng.sample(range(length), rng.choice((1, 2))):
            signs[at] = rng.choice(LOOK_ALIKE[signs[at]])
        number = "".join(signs)
        if length == _CHECKED:
            number = number[:-1] + mod_11_10.calc_check_digit(number[:-1])
        if number not in taken:
            return number


def _code(rng: random.Random, head: str, digits: int) -> str:
    return head + "".join(rng.choice("135678") for _ in range(digits))


def _maybe(rng: random.Random, code: str) -> str:
    return code if rng.random() < 0.8 else ""
