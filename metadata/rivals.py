"""Says of each customer between whom a person must decide what of the page agrees with it and what does not.

Decides nothing: it runs after the table of the archive policy, over the customers that this named. It exists so that the
archivist sees at once why nobody was chosen, and need not open the register for each.
"""

from __future__ import annotations

from dataclasses import replace

from classifiers.values import CustomerSigns
from metadata.interfaces import IRegister
from metadata.values import RIVAL, RIVAL_NAME, Customer, Identification, Reason
from metadata.weighing import weigh


def with_rivals(found: Identification, signs: CustomerSigns, register: IRegister) -> Identification:
    """Return it with what agrees added to each reason: for every registered number, name, address, contract and meter."""
    return replace(found, reasons=tuple(_with_rivals(reason, signs, register) for reason in found.reasons))


def _with_rivals(reason: Reason, signs: CustomerSigns, register: IRegister) -> Reason:
    facts = dict(reason.facts)
    for number in reason.customer_numbers:
        customer = register.by_number(number)
        if customer is not None:
            facts |= {f"{RIVAL}{number}": _said(customer, signs, register), f"{RIVAL_NAME}{number}": customer.name}
    return replace(reason, facts=facts)


def _said(customer: Customer, signs: CustomerSigns, register: IRegister) -> str:
    weighed = weigh(customer, signs, register)
    signs_in_order = (weighed.name, weighed.address, weighed.contract, weighed.meter)
    return " ".join(sign.value for sign in signs_in_order)
