"""Draws printed forms of invented heating companies and says what stands on them; for `more_pages` only, not for teaching anything.

Four layouts (label and value on rules, ruled table, receipt, letter) in Chinese, English and German, in every font of the machine that
has all their signs. Each string is drawn at one place and stands on a line of its own in the text, so that it is looked for as a field.
"""

from __future__ import annotations

import itertools
import math
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

LANGUAGES = ("zh", "en", "de")
FAMILIES_LEFT_OUT = re.compile(r"Mono|JP$|KR$|TC$|HK$|Sharp|Emoji|Symbol|Narrow|Math|Condensed|Bullets|D050000L")
MM_AN_INCH, POINTS_AN_INCH = 25.4, 72
MARGIN_MM = 18
RED = (205, 40, 50)

WORDS: dict[str, dict[str, Sequence[str]]] = {
    "zh": {
        "company": ("临海市瑞丰热力有限公司", "北河供热集团股份有限公司", "青松岭区域供暖服务中心", "长宁城市热网有限责任公司"),
        "title": ("用热变更申请表", "供热缴费通知单", "入户维修登记单", "供用热合同补充协议", "采暖费收款凭证", "热计量表更换记录"),
        "number": ("户号", "用户编号", "热力户号", "客户编号", "用热卡号"),
        "labels": ("户名", "联系电话", "用热地址", "建筑面积", "热表编号", "受理日期", "经办人", "合同编号"),
        "heads": ("项目", "单位", "数量", "单价", "金额"),
        "items": ("基本热费", "计量热费", "阀门更换", "管道清洗", "散热器安装", "滞纳金", "上门服务费"),
        "names": ("陈国栋", "欧阳雪梅", "黄志远", "吕晓峰", "谢婷婷", "蒋文博", "邵丽华", "龚海涛", "覃永康", "魏淑贞", "彭子轩", "韩玉兰"),
        "places": ("滨江花园", "翠屏里小区", "机床厂家属院", "学府名邸", "凤凰山庄", "铁西二街坊", "桃源新村", "盛世豪庭"),
        "sentences": (
            "请您携带有效证件到营业厅办理，逾期未办的视为放弃。", "经现场检查，入口压差偏低，已通知换热站调节流量。",
            "本单据一式三联，用户、财务、档案各存一份，涂改无效。", "室内温度连续两日低于18℃的，用户可以申请免费测温。",
            "停热期间应当关闭进回水阀门，并由公司工作人员加装铅封。", "擅自拆改供热设施造成损失的，由责任人承担赔偿责任。",
            "双方对计量结果有异议时，可委托法定检定机构重新检定。", "采暖期自每年十一月一日起至次年三月三十一日止。",
        ),
    },
    "en": {
        "company": ("Northgate District Heating Ltd.", "Harbour Heat Supply Company", "Millbrook Energy Services"),
        "title": ("Application for Change of Supply", "Meter Replacement Record", "Payment Receipt", "Service Visit Report"),
        "number": ("Customer No.", "Account number", "Customer number"),
        "labels": ("Name", "Telephone", "Address", "Heated area", "Meter No.", "Date", "Clerk", "Contract"),
        "heads": ("Item", "Unit", "Quantity", "Price", "Amount"),
        "items": ("Basic charge", "Metered heat", "Valve replaced", "Pipe flushing", "Late fee", "Call-out"),
        "names": ("Margaret Holloway", "Thomas Okafor", "Jennifer Quigley", "Peter Vaughan", "Alice Zhang"),
        "places": ("Quarry Lane", "Fifth Avenue", "Juniper Close", "Station Road", "Wharf Street"),
        "sentences": (
            "Please bring a valid document to our office within thirty days.", "The inlet pressure was low and the flow was adjusted.",
            "This form is issued in three copies; any alteration makes it void.", "Rooms below 18 degrees may be measured free of charge.",
            "Both valves stay closed and sealed while the supply is suspended.", "The heating season runs from November to March.",
        ),
    },
    "de": {
        "company": ("Fernwärme Mühlbach GmbH", "Stadtwerke Grünau Wärmenetz", "Nahwärme Süßenthal eG"),
        "title": ("Änderung des Wärmeanschlusses", "Zählerwechselprotokoll", "Zahlungsbeleg", "Bericht über den Hausbesuch"),
        "number": ("Kundennummer", "Kunden-Nr.", "Vertragskonto"),
        "labels": ("Name", "Telefon", "Anschrift", "Beheizte Fläche", "Wärmezähler", "Datum", "Prüfer", "Vertrag"),
        "heads": ("Leistung", "Einheit", "Menge", "Preis", "Betrag"),
        "items": ("Grundgebühr", "Verbrauch", "Ventil erneuert", "Rohrspülung", "Säumniszuschlag", "Außendienst"),
        "names": ("Jürgen Großmann", "Käthe Öztürk", "Anneliese Weiß", "Günther Böhm", "Sabine Müller"),
        "places": ("Schloßstraße", "Am Brühl", "Köhlerweg", "Übergasse", "Jägerallee"),
        "sentences": (
            "Bitte bringen Sie einen gültigen Ausweis in unsere Geschäftsstelle mit.", "Der Druck war zu niedrig und wurde überprüft.",
            "Änderungen an diesem Formular machen es ungültig.", "Für Räume unter 18 Grad ist die Messung gebührenfrei.",
            "Während der Sperrung müssen beide Ventile geschlossen bleiben.", "Die Heizperiode läuft von Oktober bis März.",
        ),
    },
}  # fmt: skip


class FontsMissing(Exception):
    """No font of this machine can draw the forms."""


@dataclass(frozen=True)
class Form:
    """A printed sheet and what stands on it, a field a line."""

    image: Image.Image
    text: str
    number: str


class Sheet:
    """A white sheet in colour that keeps what is written on it; places in millimetres, sizes in points."""

    def __init__(self, size_mm: tuple[float, float], dpi: int, font: tuple[str, int], points: float) -> None:
        self.dpi, self.points, self.width_mm, self.written = dpi, points, size_mm[0], list[str]()
        self._font, self.row_mm = font, points * 0.72
        self.image = Image.new("RGB", (self.px(size_mm[0]), self.px(size_mm[1])), "white")
        self.pen = ImageDraw.Draw(self.image)

    def px(self, millimetres: float) -> int:
        """Return so many millimetres in pixels."""
        return round(millimetres * self.dpi / MM_AN_INCH)

    def font(self, scale: float = 1.0) -> ImageFont.FreeTypeFont:
        """Return the sheet's font in its size, or larger or smaller."""
        return _font(*self._font, round(self.points * scale * self.dpi / POINTS_AN_INCH))

    def write(self, x_mm: float, y_mm: float, text: str, scale: float = 1.0, shade: int = 0) -> float:
        """Write the text from its upper left corner on; return its width in millimetres."""
        self.pen.text((self.px(x_mm), self.px(y_mm)), text, (shade,) * 3, self.font(scale))
        self.written.append(text)
        return self.wide(text, scale)

    def wide(self, text: str, scale: float = 1.0) -> float:
        """Return how wide the text is, in millimetres."""
        return self.font(scale).getlength(text) * MM_AN_INCH / self.dpi

    def rule(self, x_mm: float, y_mm: float, to_x_mm: float, to_y_mm: float) -> None:
        """Draw a thin rule."""
        ends = tuple(map(self.px, (x_mm, y_mm, to_x_mm, to_y_mm)))
        self.pen.line(ends, (40, 40, 40), max(1, self.dpi // 120))

    def paragraph(self, y_mm: float, text: str) -> float:
        """Write the text line by line between the margins, numbers never broken; return where the next may begin."""
        line, most = "", self.width_mm - 2 * MARGIN_MM
        for word in re.findall(r"[0-9A-Za-zÀ-ÿ.,;:%()/-]+\s*|[^\sA-Za-z0-9][，。；：、）]*\s*", text):
            if line and self.wide(line + word.rstrip()) > most:
                self.write(MARGIN_MM, y_mm, line.rstrip())
                line, y_mm = "", y_mm + self.row_mm
            line += word
        self.write(MARGIN_MM, y_mm, line.rstrip())
        return y_mm + self.row_mm * 1.2


def drawn(language: str, dpi: int, chance: Random, with_seal: bool) -> Form:
    """Return a form in one of the layouts; with a seal its number lies under one. Raise FontsMissing where none can be drawn."""
    font = chance.choice(fonts(language))
    points = chance.choice((9, 9.5, 10, 10.5, 11, 12, 14))
    layout = chance.choice((_ruled, _table, _receipt, _letter))
    if layout is _table and language != "zh":
        points = min(points, 11)  # its labels are long
    sheet = Sheet((210, 148) if layout is _receipt else (210, 297), dpi, font, points)
    words, number = WORDS[language], f"{chance.randrange(10**9, 10**10)}"
    colon = "：" if language == "zh" else ": "
    pairs = [(chance.choice(words["number"]) + colon, _grouped(number, chance))]
    pairs += [(label + colon, _value(index, words, chance)) for index, label in enumerate(words["labels"])]
    place = layout(sheet, words, pairs, chance)
    if with_seal:
        _press_seal(sheet, place, chance.choice(WORDS["zh"]["company"]), chance)
    return Form(sheet.image, "\n".join(sheet.written), number)


def _grouped(number: str, chance: Random) -> str:
    parts, between = chance.choice(((10,), (10,), (10,), (4, 6), (4, 3, 3), (2, 4, 4))), chance.choice(" -")
    ends = [sum(parts[:count]) for count in range(len(parts) + 1)]
    return between.join(number[a:b] for a, b in itertools.pairwise(ends))


def _value(index: int, words: dict[str, Sequence[str]], chance: Random) -> str:
    is_chinese, day = (
        words is WORDS["zh"],
        (chance.randrange(2015, 2026), chance.randrange(1, 13), chance.randrange(1, 29)),
    )
    place, house, room = chance.choice(words["places"]), chance.randrange(1, 60), chance.randrange(101, 2604)
    return (
        chance.choice(words["names"]),
        f"12{chance.randrange(10**8, 10**9)}"
        if is_chinese
        else f"0{chance.randrange(100, 999)} {chance.randrange(10**5, 10**6)}",
        f"{place}{house}号楼{chance.randrange(1, 7)}单元{room}室" if is_chinese else f"{place} {house}, {room}",
        f"{chance.uniform(38, 260):.2f}{'平方米' if is_chinese else ' m2'}",
        f"{chance.choice('ABHKRW')}{chance.randrange(10**6, 10**7)}",
        "{}年{}月{}日".format(*day) if is_chinese else "{}-{:02}-{:02}".format(*day),
        chance.choice(words["names"]),
        f"{chance.choice(('GR', 'HT', 'QN'))}-{day[0]}-{chance.randrange(10000, 99999)}",
    )[index]


Place = tuple[float, float]  # millimetres; where the number is written


def _head(sheet: Sheet, words: dict[str, Sequence[str]], chance: Random) -> float:
    company, title = chance.choice(words["company"]), chance.choice(words["title"])
    sheet.write(MARGIN_MM, 14, company, 0.9, 30)
    sheet.write((sheet.width_mm - sheet.wide(title, 1.6)) / 2, 22, title, 1.6)
    sheet.rule(MARGIN_MM, 36, sheet.width_mm - MARGIN_MM, 36)
    return 40.0


def _ruled(sheet: Sheet, words: dict[str, Sequence[str]], pairs: list[tuple[str, str]], chance: Random) -> Place:
    y_mm, first, half = _head(sheet, words, chance), pairs[0], (sheet.width_mm - 2 * MARGIN_MM) / 2
    chance.shuffle(pairs)
    place = (0.0, 0.0)
    for index, (label, value) in enumerate(pairs):
        x_mm = MARGIN_MM + half * (index % 2)
        begin_mm = x_mm + sheet.write(x_mm, y_mm, label, shade=25) + 2
        sheet.write(begin_mm, y_mm, value)
        sheet.rule(begin_mm - 1, y_mm + sheet.row_mm * 0.8, x_mm + half - 4, y_mm + sheet.row_mm * 0.8)
        place = (begin_mm, y_mm) if (label, value) == first else place
        y_mm += sheet.row_mm * 1.4 * (index % 2)
    y_mm += sheet.row_mm * 2
    for count, sentence in enumerate(chance.sample(words["sentences"], 5), start=1):
        y_mm = sheet.paragraph(y_mm, f"{count}. {sentence}")
    return place


def _table(sheet: Sheet, words: dict[str, Sequence[str]], pairs: list[tuple[str, str]], chance: Random) -> Place:
    y_mm, first, half = _head(sheet, words, chance), pairs[0], (sheet.width_mm - 2 * MARGIN_MM) / 2
    right, high = sheet.width_mm - MARGIN_MM, sheet.row_mm * 1.5
    chance.shuffle(pairs)
    top, place = y_mm, (0.0, 0.0)
    label_mm = 4 + max(sheet.wide(label.strip("： :")) for label, _ in pairs)
    for index, (label, value) in enumerate(pairs):
        x_mm = MARGIN_MM + half * (index % 2)
        sheet.write(x_mm + 1.5, y_mm + high * 0.2, label.strip("： :"))
        sheet.write(x_mm + label_mm + 2, y_mm + high * 0.2, value)
        place = (x_mm + label_mm + 2, y_mm + high * 0.2) if (label, value) == first else place
        if index % 2 or index == len(pairs) - 1:
            sheet.rule(MARGIN_MM, y_mm, right, y_mm)
            y_mm += high
    for x_mm in (MARGIN_MM, MARGIN_MM + label_mm, MARGIN_MM + half, MARGIN_MM + half + label_mm, right):
        sheet.rule(x_mm, top, x_mm, y_mm)
    sheet.rule(MARGIN_MM, y_mm, right, y_mm)
    y_mm = _items(sheet, words, y_mm + high, chance)
    sheet.paragraph(y_mm + 3, chance.choice(words["sentences"]))
    return place


def _receipt(sheet: Sheet, words: dict[str, Sequence[str]], pairs: list[tuple[str, str]], chance: Random) -> Place:
    y_mm = _head(sheet, words, chance)
    right_mm, place = sheet.width_mm / 2 + 5, (0.0, 0.0)
    for index, (label, value) in enumerate((pairs[0], *chance.sample(pairs[1:], 3))):
        x_mm = right_mm if index % 2 else MARGIN_MM
        begin_mm = x_mm + sheet.write(x_mm, y_mm, label) + 1
        sheet.write(begin_mm, y_mm, value)
        place = (begin_mm, y_mm) if index == 0 else place
        y_mm += sheet.row_mm * 1.3 * (index % 2)
    y_mm = _items(sheet, words, y_mm + 2, chance)
    if y_mm < 140 - sheet.row_mm * 3:  # large type fills the slip
        sheet.paragraph(y_mm + 3, chance.choice(words["sentences"]))
    return place


def _letter(sheet: Sheet, words: dict[str, Sequence[str]], pairs: list[tuple[str, str]], chance: Random) -> Place:
    y_mm = _head(sheet, words, chance)
    (label, value), (_, name) = pairs[0], pairs[1]
    sheet.write(MARGIN_MM, y_mm, name + ("：" if words is WORDS["zh"] else ","))
    y_mm += sheet.row_mm * 1.6
    begin_mm = MARGIN_MM + sheet.write(MARGIN_MM, y_mm, label) + 1
    sheet.write(begin_mm, y_mm, value)
    place, y_mm = (begin_mm, y_mm), y_mm + sheet.row_mm * 1.8
    for _ in range(3):
        y_mm = sheet.paragraph(y_mm, ("" if words is WORDS["zh"] else " ").join(chance.sample(words["sentences"], 3)))
    sheet.write(sheet.width_mm - 70, y_mm + 12, pairs[6][1])
    return place


def _items(sheet: Sheet, words: dict[str, Sequence[str]], y_mm: float, chance: Random) -> float:
    """Write a ruled table of what is paid for; return where it ends."""
    columns = [MARGIN_MM + (sheet.width_mm - 2 * MARGIN_MM) * share for share in (0, 0.32, 0.46, 0.62, 0.8, 1)]
    rows: list[Sequence[str]] = [words["heads"]]
    for item in chance.sample(words["items"], 3):
        many, price = chance.uniform(1, 180), chance.uniform(3, 60)
        rows.append((item, "m2", f"{many:.2f}", f"{price:.2f}", f"{many * price:.2f}"))
    top, high = y_mm, sheet.row_mm * 1.4
    for row in rows:
        sheet.rule(columns[0], y_mm, columns[-1], y_mm)
        for x_mm, text in zip(columns, row, strict=False):
            sheet.write(x_mm + 1.5, y_mm + high * 0.15, text, 0.95)
        y_mm += high
    sheet.rule(columns[0], y_mm, columns[-1], y_mm)
    for x_mm in columns:
        sheet.rule(x_mm, top, x_mm, y_mm)
    return y_mm


def _press_seal(sheet: Sheet, place: Place, company: str, chance: Random) -> None:
    """Lay a worn red seal over the number, as one is pressed over a line."""
    side = sheet.px(38)
    ink = Image.new("L", (side, side), 0)
    pen, font = ImageDraw.Draw(ink), _font(*fonts("zh")[0], side // 11)
    pen.ellipse((4, 4, side - 4, side - 4), outline=220, width=side // 40)
    for index, sign in enumerate(company):
        one = Image.new("L", (side, side), 0)
        ImageDraw.Draw(one).text((side // 2, side // 8), sign, 200, font, anchor="mm")
        ink.paste(200, (0, 0), one.rotate(120 - 240 * index / (len(company) - 1)))
    pen.text((side // 2, side * 0.75), "专用章", 190, font, anchor="mm")
    turn = chance.uniform(0, math.tau)
    rays = [(turn + math.tau * point / 10, side / (7 if point % 2 else 18)) for point in range(10)]
    pen.polygon(
        [(side / 2 + far * math.cos(way), side / 2 + far * math.sin(way)) for way, far in rays], fill=210
    )  # the star
    worn = (
        Image.effect_noise((side // 6, side // 6), 90)
        .resize((side, side))
        .point(lambda shade: min(255, int(shade * 1.6)))
    )
    ink = Image.composite(ink, Image.new("L", ink.size, 0), worn).rotate(chance.uniform(-25, 25))
    corner = sheet.px(place[0] + chance.uniform(-14, 6)), sheet.px(place[1] - chance.uniform(10, 24))
    under = sheet.image.crop((*corner, corner[0] + side, corner[1] + side))
    sealed = Image.composite(Image.new("RGB", under.size, RED), under, ink)
    sheet.image.paste(Image.blend(ImageChops.darker(under, sealed), under, 0.15), corner)


@cache
def _font(path: str, index: int, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size_px, index)


@cache
def fonts(language: str) -> list[tuple[str, int]]:
    """Return path and index of every upright font of the machine that has all signs of the forms, in the order of their paths."""
    signs = {
        ord(sign)
        for sign in re.sub(r"\s", "", repr(WORDS[language].values()) + "年月日号楼单元室平方米：" * (language == "zh"))
    }
    found = [font for font in _listed("zh-cn" if language == "zh" else language) if signs <= _signs_of(*font)]
    if not found:
        package = "fonts-noto-cjk" if language == "zh" else "fonts-dejavu-core"
        raise FontsMissing(
            f"no font here has the signs of forms in {language}: apt-get install {package} fontconfig, and run it again"
        )
    return found


def _listed(language: str) -> list[tuple[str, int]]:
    listing = shutil.which("fc-list")
    if listing is None:
        raise FontsMissing(
            "fc-list is missing, which names the fonts of this machine: apt-get install fontconfig fonts-noto-cjk"
        )
    asked = [
        listing,
        f":lang={language}:slant=0:weight=80:scalable=true",
        "--format",
        "%{file}\t%{index}\t%{family[0]}\n",
    ]
    rows = (
        row.split("\t") for row in subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    )
    return sorted(
        {
            (path, int(index))
            for path, index, family in rows
            if path.endswith(("ttf", "ttc", "otf")) and not FAMILIES_LEFT_OUT.search(family)
        }
    )


@cache
def _signs_of(path: str, index: int) -> frozenset[int]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
