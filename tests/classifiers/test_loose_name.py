"""Names under labels that no list has: offered, never believed before the register knows them."""

from __future__ import annotations

import pytest

from classifiers.fields import RulesExtractor
from tests.classifiers.forms import record_of
from tests.classifiers.number_schemes import SURELY, example_scheme


def loose_names_on(text: str, kind: str = "receipt") -> list[object]:
    """Return what the extractor offers as names."""
    found = RulesExtractor(example_scheme(), SURELY).signs(record_of(text), kind)
    return [fact.value for fact in found.loose_names]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收据\n受热人：周明辉", "周明辉"),
        ("收据\n受热人\t周明辉", "周明辉"),
        ("收据\n受热人周明辉", "受热人周明辉"),
        ("收据\n受热人：周明辉\t联系电话：13000000000", "周明辉"),
        ("收据\n受热人\t用热点\n周明辉\t杏林苑25号楼3单元1103室", "周明辉"),
    ],
    ids=["colon", "next cell", "grown together", "another label after it", "below"],
)
def test_name_under_an_unknown_label_is_offered(text: str, name: str) -> None:
    assert name in loose_names_on(text)


@pytest.mark.parametrize(
    "text", ["收据\n户名：周明辉\n受热人：何晓燕", "收据\n收款人：何晓燕"], ids=["a name is known", "another's label"]
)
def test_what_stands_under_known_labels_is_not(text: str) -> None:
    assert "何晓燕" not in loose_names_on(text)


def test_transfer_forms_offer_none() -> None:
    assert loose_names_on("过户申请\n受热人：周明辉", "change_transfer") == []


def test_words_that_go_on_for_pages_are_bounded() -> None:
    text = "收据\n" + "\n".join(
        f"标签{sign}：姓{sign}名" for sign in "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏云腾致雨露结为霜"
    )

    assert len(loose_names_on(text)) <= 24
