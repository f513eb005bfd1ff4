"""Any picture Pillow can open, as plain pixels that recognisers understand: modes "1", "L" or "RGB", nothing transparent.

For reading only: what is filed keeps the scanner's own pixels (`text_layer`).
"""

from __future__ import annotations

import numpy as np
from PIL import Image

MAX_PIXELS = 178_000_000
"""A0 at 300 dpi is 139 million; Pillow itself stops at 179 (its guard against decompression bombs)."""

_READY = frozenset({"1", "L", "RGB"})
_WITH_ALPHA = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})


def plain(image: Image.Image) -> Image.Image:
    """Return the picture in mode "1", "L" or "RGB", laid on white where it is transparent; may be the picture itself."""
    if image.mode in _WITH_ALPHA or (image.mode in {"P", "L", "RGB", "1"} and "transparency" in image.info):
        return _on_white(image.convert("RGBA"))
    if image.mode in _READY:
        return image
    if image.mode == "P":
        return _from_palette(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image)
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _from_palette(image: Image.Image) -> Image.Image:
    """Return gray where every colour of the palette is gray: a third of the work for everything after it."""
    palette = image.getpalette("RGB") or []
    colours = zip(palette[0::3], palette[1::3], palette[2::3], strict=False)
    return image.convert("L" if all(red == green == blue for red, green, blue in colours) else "RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Return 8 bits of a picture of 16 bits, 32 bits or floats; Pillow's own `convert` clips at 255 instead of scaling."""
    values = np.asarray(image).astype(np.float32)
    if image.mode.startswith("I;16"):
        full = 65535.0
    elif image.mode == "F":
        full = max(1.0, float(values.max(initial=0.0)))
    else:
        top = float(values.max(initial=0.0))
        full = 255.0 if top <= 255 else max(65535.0, top)
    return Image.fromarray(np.clip(values * (255.0 / full), 0, 255).astype(np.uint8), "L")
