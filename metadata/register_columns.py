"""Which heading of the company's customer file is which column of the register, and what its words mean.

The usual Chinese and English headings are known; the configuration's `[register.columns]` names others.
Not for reading the file: that is `metadata.register_import`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from ingest.message import N_, Message
from ingest.normalise import squeezed
from metadata.interfaces import RegisterWrong
from metadata.values import CustomerState, CustomerType

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "customer_no", "customer_number", "customer_id", "customer_code", "account_no", "account_number", "account", "number",
        "heating_account", "客户编号", "客户编码", "客户号", "客户代码", "用户编号", "用户编码", "用户号", "用户代码", "热力户号", "用热户号",
        "供热户号", "缴费编号", "户号", "编号",
    ),
    "name": (
        "name", "customer_name", "customer", "account_name", "户名", "姓名", "名称", "客户名称", "客户姓名", "用户名称", "用户姓名", "用户名",
        "用热人", "单位名称",
    ),
    "type": ("type", "customer_type", "用户类型", "客户类型", "用户性质", "客户性质", "用热性质", "类型", "性质", "居民/非居民"),
    "area": ("area", "region", "estate", "community", "district", "小区", "小区名称", "片区", "区域", "园区", "街区"),
    "building": ("building", "building_no", "block", "楼号", "楼栋", "楼栋号", "栋号", "幢号", "楼"),
    "room": ("room", "unit_room", "room_no", "flat", "单元室", "单元室号", "单元房号", "房号", "室号", "门牌号", "房间号"),
    "address": ("address", "supply_address", "地址", "用热地址", "供热地址", "房屋地址", "供暖地址", "用户地址", "客户地址", "住址"),
    "heated_area_m2": (
        "heated_area_m2", "heating_area_m2", "heated_area", "heating_area", "area_m2", "供热面积", "用热面积", "采暖面积", "供暖面积",
        "收费面积", "建筑面积", "面积", "供热面积(㎡)", "供热面积(m2)", "面积(㎡)", "面积(m2)", "面积(平方米)",
    ),
    "contract_no": ("contract_no", "contract", "contract_number", "agreement_no", "合同编号", "合同号", "供用热合同号", "供热合同号", "协议号"),
    "meter_no": ("meter_no", "meter", "meter_number", "heat_meter_no", "热表号", "热表编号", "热量表号", "热量表编号", "表号"),
    "trade": ("trade", "industry", "行业", "行业类别", "所属行业"),
    "scale": ("scale", "size", "规模", "用热规模"),
    "state": ("state", "status", "account_status", "状态", "用户状态", "客户状态", "账户状态"),
    "transferred_to": ("transferred_to", "successor", "new_customer_no", "过户至", "过户后编号", "过户后客户编号", "新户号", "新客户编号"),
}  # fmt: skip
"""The register's columns, each with the headings by which it is known, the likelier ones first."""

NEEDED = ("number", "name")

TYPES: Mapping[str, CustomerType] = {
    **dict.fromkeys(("", "居民", "居民用户", "住宅", "residential", "resident", "household"), CustomerType.RESIDENTIAL),
    **dict.fromkeys(
        ("非居民", "非居民用户", "单位", "企业", "公建", "商业", "non-residential", "nonresidential", "non_residential", "business", "commercial"),
        CustomerType.NON_RESIDENTIAL,
    ),
}  # fmt: skip

STATES: Mapping[str, CustomerState] = {
    **dict.fromkeys(("", "在用", "正常", "使用中", "有效", "in use", "in_use", "active", "open"), CustomerState.IN_USE),
    **dict.fromkeys(
        ("已过户", "过户", "已销户", "销户", "已注销", "注销", "停用", "transferred", "closed", "inactive"), CustomerState.TRANSFERRED
    ),
}  # fmt: skip


def columns_of(headings: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
    """Return for each of our columns that the file has, the index of the file's; raises RegisterWrong naming the heading.

    `given` is `[register.columns]`: our column = the file's heading. A given heading must be there.
    """
    places = {squeezed(heading): index for index, heading in reversed(list(enumerate(headings)))}
    found: dict[str, int] = {}
    for column, heading in given.items():
        if column not in HEADINGS:
            raise _unknown_column(column)
        if squeezed(heading) not in places:
            raise _missing(heading, headings)
        found[column] = places[squeezed(heading)]
    for column, known in HEADINGS.items():
        taken = set(found.values())
        usual = (places[squeezed(heading)] for heading in known if squeezed(heading) in places)
        place = next((index for index in usual if index not in taken), None)
        if column not in found and place is not None:
            found[column] = place
    for column in NEEDED:
        if column not in found:
            raise _missing(column, headings)
    return found


def _unknown_column(column: str) -> RegisterWrong:
    what = Message(N_("Configuration: register.columns has no column {column}."), {"column": column})
    near = difflib.get_close_matches(column, list(HEADINGS), n=1)
    if near:
        return RegisterWrong(what, Message(N_("Did you mean {near}?"), {"near": near[0]}))
    return RegisterWrong(what, Message(N_("Use one of: {allowed}."), {"allowed": ", ".join(HEADINGS)}))


def _missing(heading: str, headings: Sequence[str]) -> RegisterWrong:
    return RegisterWrong(
        Message(
            N_("The customer file has no column {column}; its headings are: {headings}."),
            {"column": heading, "headings": ", ".join(h.strip() for h in headings if h.strip())[:300]},
        ),
        Message(N_("Name the heading in the configuration under [register.columns], or correct the file's first row.")),
    )
