"""How long something is kept.

Law: periods are ISO 8601 durations with calendar arithmetic in UTC; a month's end is clamped (31 January + P1M is
28 or 29 February); an instant is due only when the whole period has passed.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_MOST_YEARS: Final = 1000
"""So that no period, from any day that a calendar of ours can show, ends beyond the year 9999."""

_ISO: Final = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")


class DataClass(StrEnum):
    """What a rule is about."""

    TRANSCRIPTS = "transcripts"
    PSEUDONYMS = "pseudonyms"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A calendar period. All four fields are zero or more; all zero means that nothing is kept."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an ISO 8601 duration of whole days or longer, such as P13M. Raise ValueError for anything else."""
        match = _ISO.fullmatch(text)
        if match is None:
            message = "an ISO 8601 duration of days or longer is needed, such as P13M"
            raise ValueError(message)
        years, months, weeks, days = (int(part or 0) for part in match.groups())
        if years > _MOST_YEARS:
            message = f"an ISO 8601 duration of at most {_MOST_YEARS} years is needed"
            raise ValueError(message)
        return cls(years=years, months=months, weeks=weeks, days=days)

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D"))
        return "P" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0D")

    def after(self, moment: datetime) -> datetime:
        """Return the instant this period after ``moment``."""
        months = moment.year * 12 + moment.month - 1 + self.years * 12 + self.months
        year, month = divmod(months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day) + timedelta(weeks=self.weeks, days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One rule of a retention policy. For ``audit``: keep_at_least and delete_after; otherwise keep."""

    data: DataClass
    keep: Period | None = None
    keep_at_least: Period | None = None
    delete_after: Period | None = None
