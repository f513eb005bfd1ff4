"""How long a record is kept and when its appraisal (鉴定) is due. Pure; computed and listed, never carried out.

Periods are counted from the date of formation; the last day is the day of the same month and number, or the last of that
month where it has no such day (民法典 第二百零二条: 没有对应日的，月末日为期间的最后一日).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date

FOR_EVER = "Y"
DEFAULT = "D30"
"""The policy says 长期 (long-term) for every kind."""

YEARS: Mapping[str, int | None] = {FOR_EVER: None, "D30": 30, "D10": 10}
"""The periods of DA/T 22: 永久, 30年, 10年."""


def appraisal_date(retention: str, formed: date) -> date | None:
    """Return the last day of the period; None for ever, and where the calendar ends. Raises KeyError for no period."""
    years = YEARS[retention]
    if years is None or formed.year + years > date.max.year:
        return None
    last_day = calendar.monthrange(formed.year + years, formed.month)[1]
    return date(formed.year + years, formed.month, min(formed.day, last_day))
