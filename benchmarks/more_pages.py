"""Reads many drawn forms at each level of damage, for what a corpus of some hundred pages cannot tell apart: `make bench-pages`.

That all but 1 in 200 printed numbers are read can be said from 600 numbers on, not from 60. The forms (`drawn_forms`) are invented, one
customer number a page, damaged as scanners, fax machines and phones do it; the same pages every time. Drawn pages flatter: real ones are
worse. Not for tuning on, and no match for the corpus where kinds and fields count.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import cv2
import numpy as np
from drawn_forms import FontsMissing, Form, drawn
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from printed import PrintedPage
from reading import Tally, read_pages, report  # first: it limits the threads of what is loaded after it

from ingest.recognisers import RECOGNISERS

Pixels = NDArray[np.uint8]
PAGES = {"clean": 300, "office": 300, "worn": 50, "fax": 50, "rotated": 50, "photo": 60}
TOGETHER = (("clean", "office"), ("worn", "fax", "rotated"), ("photo",))
LANGUAGE_OF_TEN = ("zh",) * 7 + ("en", "de", "de")
SEALED_OF_LEVEL = {"office": 0.06, "worn": 0.2, "photo": 0.06}  # nearly as in the corpus
FAX_DPI = (204, 196)


def main() -> int:
    """Draw, damage and read the pages and print what came of them; return 2 where no font can draw them."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="guidang-pages-") as folder:
        kept = Path(asked.keep or folder)
        kept.mkdir(parents=True, exist_ok=True)
        wanted = {level: asked.pages or count for level, count in PAGES.items() if level in asked.levels}
        try:
            tallies, every = read_pages(_pages(wanted, kept, asked), asked.recogniser, asked.said)
        except FontsMissing as missing:
            print(missing, file=sys.stderr)
            return 2
    print(report(f"{asked.recogniser}, drawn pages", tallies, every))
    groups: dict[tuple[str, ...], Tally] = defaultdict(Tally)
    for levels in TOGETHER:
        for (level, *_), tally in tallies.items():
            if level in levels:
                groups[(", ".join(levels),)] += tally
    print(f"\n{report('together', groups)}")
    return 0


def _pages(wanted: dict[str, int], folder: Path, asked: argparse.Namespace) -> Iterator[PrintedPage]:
    """Draw one page after the other as it is asked for; it goes again unless it is kept."""
    for level, count in wanted.items():
        sealed = SEALED_OF_LEVEL.get(level, 0.0) if asked.sealed is None else asked.sealed
        for index in range(count):
            page = drawn_page(level, index, folder, asked.seed, sealed)
            yield page
            if not asked.keep:
                page.path.unlink()


def drawn_page(level: str, index: int, folder: Path, seed: int, sealed: float) -> PrintedPage:
    """Write the page of this level and number into the folder and return what is printed on it; the same one for each seed.

    `sealed` is the share of pages (0.0-1.0) whose number lies under a seal.
    """
    begun = f"{level} {index}" if seed == 0 else f"{level} {index} {seed}"
    chance = Random(begun)
    noise = np.random.default_rng([sorted(PAGES).index(level), index, *([seed] if seed else [])])
    language = chance.choice(LANGUAGE_OF_TEN)
    dpi = 200 if level in {"worn", "rotated"} or (level != "photo" and chance.random() < 0.15) else 300
    form = drawn(language, dpi, chance, with_seal=chance.random() < sealed)
    path, turn = folder / f"{level}_{index:04}.jpg", 0
    if level == "clean":
        path = path.with_suffix(".png")
        form.image.convert("L").save(path, dpi=(dpi, dpi))
    elif level == "fax":
        path = path.with_suffix(".tif")
        _faxed(form, dpi, chance, noise).save(path, compression="group4", dpi=FAX_DPI)
    elif level == "photo":
        Image.fromarray(_photographed(np.asarray(form.image), chance, noise)).save(path, quality=72, dpi=(72, 72))
    else:
        scanned = form.image if level != "rotated" and chance.random() < 0.1 else form.image.convert("L")
        pixels = _scanned(np.asarray(scanned), 2.5 if level == "worn" else 0.8, dpi, chance, noise)
        if level == "worn":
            pixels = _aged(pixels, chance, noise)
        if level == "rotated":
            turn = chance.choice((90, 180, 270))  # clockwise, to make it upright again
            pixels = np.ascontiguousarray(np.rot90(pixels, turn // 90))
        Image.fromarray(pixels).save(
            path, quality=chance.randrange(50, 60) if level == "worn" else chance.randrange(60, 68), dpi=(dpi, dpi)
        )
    return PrintedPage(path, 1, level, "print", language, form.text, form.number, turn, path.stem)


def _scanned(page: Pixels, most_tilt: float, dpi: int, chance: Random, noise: np.random.Generator) -> Pixels:
    """Return the page as a flatbed scanner gives it: tilted, a little soft, grainy, at times with a streak or punched."""
    page = cv2.GaussianBlur(
        _tilted(page, chance.uniform(-most_tilt, most_tilt)), (0, 0), chance.uniform(0.5, 0.9) * dpi / 300
    )
    high, wide = page.shape[:2]
    if chance.random() < 0.25:
        column = chance.randrange(wide)
        page[:, column : column + 2] = np.minimum(page[:, column : column + 2], 170)
    if chance.random() < 0.3:
        for share in (0.36, 0.64):
            cv2.circle(page, (dpi // 2, int(high * share)), dpi // 9, (205,) * 3, -1)
    dark, light = chance.uniform(35, 70), chance.uniform(246, 254)
    grain = noise.normal(0, chance.uniform(1.5, 4), page.shape).astype(np.float32)
    return _shades(dark + page.astype(np.float32) / 255 * (light - dark) + grain)


def _aged(page: Pixels, chance: Random, noise: np.random.Generator) -> Pixels:
    """Return the page grayed unevenly, folded, stained, its back showing through."""
    high, wide = page.shape[:2]
    light = cv2.resize(noise.uniform(0.8, 0.95, (4, 3)).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    for _ in range(chance.randrange(3)):
        at, axis = chance.random(), chance.randrange(2)
        along = np.arange((high, wide)[axis], dtype=np.float32) / (high, wide)[axis]
        fold = 1 - 0.2 * np.exp(-(((along - at) / 0.004) ** 2))
        light *= fold[:, None] if axis == 0 else fold[None, :]
    if chance.random() < 0.5:
        ring = np.zeros((high, wide), np.float32)
        middle = chance.randrange(wide), chance.randrange(high)
        cv2.circle(ring, middle, chance.randrange(wide // 14, wide // 8), 0.22, wide // 120)
        light *= 1 - cv2.GaussianBlur(ring, (0, 0), 4)
    back = cv2.GaussianBlur(page[:, ::-1], (0, 0), 2.5).astype(np.float32)
    through = 255 - (255 - back) * chance.uniform(0.03, 0.1)
    gray = 70 + page.astype(np.float32) * 0.72  # faded ink
    shade = light if page.ndim == 2 else light[:, :, None]
    return _shades(np.minimum(gray, 255) * shade * through / 255 + noise.normal(0, 3, page.shape).astype(np.float32))


def _faxed(form: Form, dpi: int, chance: Random, noise: np.random.Generator) -> Image.Image:
    """Return the form as a fax machine sends it in its fine mode, with the sender's line on top."""
    high, wide = form.image.height, form.image.width
    page = _tilted(np.asarray(form.image.convert("L")), chance.uniform(-0.8, 0.8))
    size = round(wide * FAX_DPI[0] / dpi), round(high * FAX_DPI[1] / dpi)
    page = cv2.resize(cv2.GaussianBlur(page, (0, 0), 0.6), size, interpolation=cv2.INTER_AREA)
    grainy = page + noise.normal(0, chance.uniform(8, 26), page.shape)
    speckled = np.where(noise.random(page.shape) < chance.uniform(0, 0.0006), 0, grainy)
    sent = Image.fromarray((speckled > chance.uniform(110, 175)).astype(np.uint8) * 255)
    line = f"FROM:{chance.randrange(10**9, 10**10):011} 2023-11-{chance.randrange(1, 30):02} 09:{chance.randrange(10, 60)} P.01/01"
    ImageDraw.Draw(sent).text((150, 12), line, 0, ImageFont.load_default(20))
    return sent.convert("1", dither=Image.Dither.NONE)


def _photographed(page: Pixels, chance: Random, noise: np.random.Generator) -> Pixels:
    """Return the sheet on a dark table as a phone takes it: in perspective, in coloured light, half in a shadow."""
    high, wide = page.shape[:2]
    scale = chance.uniform(1350, 1900) / max(wide, high * 0.75)
    page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = page.shape[:2]
    edge = round(wide * 0.08)
    full = wide + 2 * edge, high + 2 * edge
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    moved = corners + edge + noise.uniform(-0.045, 0.045, (4, 2)).astype(np.float32) * wide
    seen = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    grain = cv2.GaussianBlur(noise.normal(0, 40, (full[1], 1)).astype(np.float32), (1, 9), 2)
    wood = np.clip(
        np.array([chance.uniform(70, 120), 75, 50]) + np.repeat(grain, full[0], 1)[:, :, None], 0, 160
    ).astype(np.float32)
    sheet = cv2.warpPerspective(page, seen, full, flags=cv2.INTER_LINEAR).astype(np.float32)
    on_sheet = cv2.warpPerspective(np.ones((high, wide), np.float32), seen, full)[:, :, None]
    picture = wood * (1 - on_sheet) + (25 + sheet * 0.86) * on_sheet
    across, down = np.meshgrid(
        np.linspace(0, 1, full[0], dtype=np.float32), np.linspace(0, 1, full[1], dtype=np.float32)
    )
    slope, at = chance.uniform(-1, 1), chance.uniform(0.3, 0.9)
    shadow = 1 - chance.uniform(0.15, 0.5) / (1 + np.exp(-(down + slope * across - at) / 0.05))
    light = (1.05 - chance.uniform(0.05, 0.3) * np.hypot(across - chance.random(), down - chance.random())) * shadow
    tint = np.array([1, chance.uniform(0.93, 1), chance.uniform(0.78, 1)], np.float32)
    soft = cv2.GaussianBlur(picture * light[:, :, None] * tint, (0, 0), chance.uniform(0.5, 0.9))
    return _shades(soft + noise.normal(0, 3, soft.shape).astype(np.float32))


def _tilted(page: Pixels, degrees: float) -> Pixels:
    high, wide = page.shape[:2]
    turned = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1)
    tilted = cv2.warpAffine(
        page, turned, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3
    )
    return np.asarray(tilted, np.uint8)


def _shades(page: NDArray[Any]) -> Pixels:
    return np.clip(page, 0, 255).astype(np.uint8)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    counts = ", ".join(f"{level} {count}" for level, count in PAGES.items())
    parser.add_argument("--pages", type=int, metavar="N", help=f"so many of each level; by default {counts}")
    parser.add_argument(
        "--levels", nargs="+", choices=tuple(PAGES), default=tuple(PAGES), metavar="LEVEL", help="only these levels"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other pages of the same sorts; default: 0")
    parser.add_argument(
        "--sealed", type=float, metavar="SHARE", help="so many of the numbers of each level (0-1) lie under a seal"
    )
    parser.add_argument("--recogniser", default="ppocr", choices=tuple(RECOGNISERS), help="default: ppocr")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the pages in this folder")
    parser.add_argument("--said", metavar="PATH", help="write what was read, one JSON line a page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
