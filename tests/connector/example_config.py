"""The example configuration in a folder of its own, for tests that need a whole one."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the example into `folder` with some texts replaced; each must stand there. Return its path."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, f"the example has no {before!r}"
        text = text.replace(before, after, 1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "guidang.toml"
    path.write_text(text, encoding="utf-8")
    return path
