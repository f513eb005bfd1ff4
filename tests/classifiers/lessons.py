"""Invented forms for the tests of learning: the print of a form stays, what is filled in differs from paper to paper."""

from __future__ import annotations

import random
from collections.abc import Sequence

from classifiers.scheme import Category, Kind, Names, Retention, Scheme, SignLabels
from classifiers.values import Example

FORMS = {
    "receipt": "{company}\n暖费收讫凭单\n交款人 {name}  住址 {address}\n实收金额 {amount}元  采暖季 {season}\n收款方式 现金 刷卡 转账\n收款员 {clerk}  开票日期 {date}",
    "repair": "{company}\n上门检修派工单\n报修人 {name}  住址 {address}\n故障现象 暖气片不热  阀门漏水\n检修经过 {work}\n检修员 {clerk}  完工日期 {date}  住户评价 满意 一般",
    "contract": "{company}\n集中供热使用协议\n甲方 {company}\n乙方 {name}\n用热场所 {address}\n双方经协商一致订立本协议,共同遵守下列条款\n供热期限为每年采暖季,违约责任按有关规定办理\n签约日期 {date}",
    "revisit": "{company}\n服务质量电话访问表\n受访人 {name}  住址 {address}\n访问内容 室内温度是否达标 服务态度如何 维修是否及时\n受访人意见 {work}\n访问员 {clerk}  访问日期 {date}",
    None: "{shop}隆重开业\n全场商品八折起,进店即送礼品一份\n地址 {address}\n热线 {amount}\n活动截止 {date}",
}
NAMES = (
    "王建国",
    "李秀英",
    "张伟",
    "刘洋",
    "陈静",
    "杨帆",
    "赵敏",
    "黄磊",
    "周杰",
    "吴桂兰",
    "徐志强",
    "孙丽",
    "马超",
    "朱琳",
)
ESTATES = ("百合园", "锦绣家园", "工人新村", "四季城", "桃源里", "永安里", "望湖苑", "青年路", "建设里", "幸福小区")
WORKS = (
    "更换铜阀一个",
    "清洗过滤器",
    "放气后正常",
    "补焊管道接口",
    "调节分水器",
    "暂无意见",
    "希望提前通知",
    "师傅很耐心",
)


def text_of(kind: str | None, number: int, company: str = "长河热力有限公司") -> str:
    """Return the text of the paper with this number: the form of its kind, filled in."""
    chance = random.Random(f"{kind} {number}")
    return FORMS[kind].format(
        company=company,
        shop=chance.choice(("鲜果多", "好又来", "大拇指")),
        name=chance.choice(NAMES),
        address=f"{chance.choice(ESTATES)}{chance.randint(1, 40)}号楼{chance.randint(1, 4)}单元{chance.randint(101, 1804)}室",
        amount=f"{chance.randint(800, 4000)}.{chance.randint(0, 99):02}",
        season=f"{chance.randint(2018, 2024)}采暖季",
        clerk=chance.choice(NAMES),
        date=f"{chance.randint(2018, 2024)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日",
        work=chance.choice(WORKS),
    )


def examples(count: int, kinds: Sequence[str | None] = tuple(FORMS)) -> tuple[Example, ...]:
    """Return so many examples, the kinds in turn."""
    return tuple(
        Example(f"r{number}", kind, text_of(kind, number))
        for number in range(count)
        for kind in [kinds[number % len(kinds)]]
    )


def kind(code: str, titles: tuple[str, ...] = (), words: tuple[str, ...] = ()) -> Kind:
    """Return a kind that the rules know by these titles and words only."""
    return Kind(code, "all", Names(code, code), titles, words, (), (), Retention.D30, True, False, None, ())


def scheme_of(*kinds: Kind) -> Scheme:
    """Return a scheme of one category with these kinds, or with those of the forms, of which the rules know nothing."""
    known = kinds or tuple(kind(code) for code in FORMS if code)
    category = Category("all", Names("全部", "All"), "1-全部", "全部")
    return Scheme((category,), known, (), SignLabels((), (), (), (), (), (), (), (), ()))
