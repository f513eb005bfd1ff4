"""What people type into the search boxes of paperless finds our records, and what it does not find on 2.x. On every server."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest

from connector.interfaces import StoreRefused
from connector.paperless.json_values import number, objects
from connector.paperless.look import DOCUMENTS
from ingest.values import ScanFormat
from metadata.values import CustomerNumber
from tests.contract.server import Server
from tests.ingest.making import picture, png_bytes, written
from tests.ingest.page_texts import line, page_text, record_of, word
from tests.stores.submissions import Paper, customer

SEARCH = "/api/search/"
FAULT = "散热器阀门渗水"
"""Stands in the running text of the page: not at the beginning of a line, and no sign beside it that is no Chinese one."""


@dataclass(frozen=True)
class Filed:
    """A record, and what people know of it."""

    document_id: int
    customer_number: str
    name: str


@pytest.fixture(scope="module")
def filed(server: Server) -> Filed:
    """File a record whose PDF has our own text layer, whose customer number stands in its title only."""
    signs = random.Random(secrets.token_hex(8)).choices("安邦昌达德福广恒嘉康朗美宁平瑞盛泰旺欣永", k=3)
    name, customer_number = "欧" + "".join(signs), str(10**9 + secrets.randbelow(9 * 10**9))
    printed = [
        f"报修人{name}来电称客厅{FAULT}已经三天请派人上门维修",
        "本单一式两联第一联由维修人员交回客户服务部存档第二联由用户保存，凭此联可以查询维修进度和结果。",
    ]
    lines = tuple(line(text, word(text, 40, 60 + 40 * row, height=9)) for row, text in enumerate(printed))
    scan = written(server.folder / f"{secrets.token_hex(4)}.png", png_bytes(picture()))
    pdf = record_of(scan, ScanFormat.PNG, page_text(lines=lines), stamp=secrets.token_hex(8))
    paper = Paper(
        server.folder,
        record_id=f"{server.prefix}-{secrets.token_hex(4)}",
        title=server.name(f"维修单 {name} {customer_number}"),
        content=pdf.read_bytes(),
        customer=replace(customer(name=name), number=CustomerNumber(customer_number)),
        numbers=(customer_number,),
    )
    store_id = server.store().file(paper.submission())
    return Filed(int(store_id), customer_number, name)


@pytest.mark.parametrize(
    "typed", [lambda it: it.customer_number, lambda it: it.name], ids=["customer number", "customer's name"]
)
def test_search_boxes_find_a_record_by_its_customer(
    server: Server, filed: Filed, typed: Callable[[Filed], str]
) -> None:
    wanted = typed(filed)

    assert is_found(server, filed, lambda: listed(server, "query", wanted))
    assert is_found(server, filed, lambda: at_the_top(server, wanted))


@pytest.mark.parametrize("typed", [FAULT, FAULT[3:5], FAULT[-2:]])
def test_list_finds_chinese_words_of_the_page(server: Server, filed: Filed, typed: str) -> None:
    """By the box over the list of documents in 3.x, by its filter "title & content" in 2.x."""
    assert is_found(server, filed, lambda: listed(server, "text" if server.is_three else "title_content", typed))


def test_box_at_the_top_finds_chinese_words_of_the_page_on_three_only(server: Server, filed: Filed) -> None:
    """`guidang check` and the docs say so of 2.x."""
    listed(server, "query", filed.customer_number)

    if server.is_three:
        assert is_found(server, filed, lambda: at_the_top(server, FAULT))
    else:
        assert filed.document_id not in at_the_top(server, FAULT)
    assert (filed.document_id in listed(server, "query", FAULT)) is server.is_three


def test_box_at_the_top_takes_three_signs_at_least(server: Server, filed: Filed) -> None:
    with pytest.raises(StoreRefused):
        at_the_top(server, filed.name[:2])


def test_part_of_a_customer_number_is_found_in_the_list(server: Server, filed: Filed) -> None:
    part = filed.customer_number[2:]

    assert is_found(server, filed, lambda: listed(server, "text" if server.is_three else "title_content", part))


def is_found(server: Server, filed: Filed, look: Callable[[], Iterable[int]]) -> bool:
    """Return whether the record is found before the server's time is up: it may be behind with its index."""
    end = time.monotonic() + server.patience_seconds
    while time.monotonic() < end:
        if filed.document_id in look():
            return True
        time.sleep(0.5)
    return False


def listed(server: Server, question: str, typed: str) -> list[int]:
    """Return what the list of documents shows."""
    params = ((question, typed), ("fields", "id"), ("ordering", "-added"))
    return [number(one, "id") for one in server.client.pages(DOCUMENTS, params)]


def at_the_top(server: Server, typed: str) -> list[int]:
    """Return what the box at the top of each page shows."""
    answer = server.client.read_object(SEARCH, (("query", typed),))
    return [number(one, "id") for one in objects(answer.get("documents"), "documents")]
