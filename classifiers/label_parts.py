"""Labels of the customer's own facts that no list has, put together of words that heating companies use: 取暖户名, 用热房屋位置.

Every company words its labels in its own way, yet nearly all join a word for heat, house or holder with one for name, place,
contract or meter; 原 or 新 before it makes it the old or the new customer's. A word for anybody else (供热单位, 施工单位, 联系人,
经办人) is no part of it, so a label of somebody else's is never put together. Not for finding labels (`labels`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from classifiers.scheme import SignLabels

_HEAT = r"(?:供用热力?|用热|供热|供暖|采暖|取暖|用暖|热力|热费)"
_HOLDER = r"(?:热?用户|客户|住户|户主|业主|房主|产权人|权利人|用热人|用热单位|用热方|缴费人|交费人|缴款人|交款人)"
_HOUSE = r"(?:房屋|房产|住宅|住房|用房|居住)"
_OLD = r"(?:[原旧]|(?:过户|变更|更名)前|(?:转让|出让|转出)[方人])"
_NEW = r"(?:[新现]|(?:过户|变更|更名)后|(?:受让|转入)[方人])"
_NAME = r"(?:户名|户主|姓名|名称|用户名|客户名|业主|房主|产权人)"
_PLACE = r"(?:所在)?(?:详细)?(?:坐落|座落)?(?:地址|住址|地点|位置|坐落|座落|处所|场所)"

_SIGNS: Mapping[str, re.Pattern[str]] = {
    "old_name": re.compile(rf"{_OLD}(?:{_HEAT}|{_HOLDER})*{_NAME}(?:姓名|名称)?"),
    "new_name": re.compile(rf"{_NEW}(?:{_HEAT}|{_HOLDER})*{_NAME}(?:姓名|名称)?"),
    "name": re.compile(rf"(?:{_HEAT}|{_HOLDER}|缴费|交费|开户|登记)+(?:户名|户主|姓名|名称)(?:姓名|名称)?"),
    "address": re.compile(rf"(?:{_HEAT}|{_HOLDER}|{_HOUSE}|安装|装表)(?:{_HOUSE}|点|处)*{_PLACE}"),
    "contract_no": re.compile(rf"(?:{_HEAT}|{_HOLDER})+(?:合同|合约|协议)书?(?:编号|编码|号码|号)"),
    "meter_no": re.compile(
        r"(?:入户|户用)?(?:热能|热量|热计量|热力|计量|热)表?(?:表|具|计|仪)(?:出厂)?(?:编号|编码|号码|序号|号)"
    ),
}


class ComposedLabels:
    """The labels that stand for one of the scheme's own although no list has them."""

    def __init__(self, signs: SignLabels) -> None:
        """Take the scheme's labels of the customer's signs; of a sign without any nothing is put together."""
        lists: Mapping[str, Sequence[str]] = {
            "old_name": signs.old_name,
            "new_name": signs.new_name,
            "name": signs.name,
            "address": signs.address,
            "contract_no": signs.contract_no,
            "meter_no": signs.meter_no,
        }
        self._stands_for = {sign: labels[0] for sign, labels in lists.items() if labels}

    def label(self, text: str) -> str | None:
        """Return the scheme's label for which this whole text (in `label_form`) stands; None where it is not put together so."""
        for sign, pattern in _SIGNS.items():
            if pattern.fullmatch(text):
                return self._stands_for.get(sign)
        return None
