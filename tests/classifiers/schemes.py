"""The scheme of config.example.toml, and a small one of one's own, for the tests of the classifiers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from classifiers.scheme import Scheme, scheme_from

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@cache
def example_mapping() -> Mapping[str, Any]:
    """Return the whole example configuration as TOML gives it."""
    return tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))


@cache
def example_scheme() -> Scheme:
    """Return the scheme that ships with the example configuration."""
    return scheme_from(example_mapping()["scheme"])


def kind(code: str, zh: str = "单据", **more: Any) -> dict[str, Any]:
    """Return a kind's table."""
    return {"code": code, "category": "papers", "zh": zh, "en": code.capitalize(), **more}


def field(name: str, type_: str = "text", *labels: str, **more: Any) -> dict[str, Any]:
    """Return a field's table."""
    return {"name": name, "zh": name, "en": name, "type": type_, "labels": list(labels), **more}


def mapping(*kinds: dict[str, Any], fields: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    """Return a small scheme's table: one category, these kinds and fields."""
    categories = [{"code": "papers", "zh": "单据", "en": "Papers", "folder": "1-单据"}]
    return {"categories": categories, "kinds": list(kinds), "fields": list(fields), **more}


def small_scheme(*kinds: dict[str, Any], fields: tuple[dict[str, Any], ...] = (), **more: Any) -> Scheme:
    """Return a small scheme."""
    return scheme_from(mapping(*kinds, fields=fields, **more))
