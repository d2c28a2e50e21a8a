"""For how long something is kept, in figures and in words."""

import re
from dataclasses import dataclass
from datetime import timedelta

from portal.core.i18n import _, ngettext

WRITTEN = re.compile(r"(\d+)([dy])")


@dataclass(frozen=True, slots=True)
class Term:
    """So many days or years; neither: without an end."""

    days: int = 0
    years: int = 0

    @property
    def delta(self) -> timedelta | None:
        """The term as a span of time (a year has 365 days and a quarter); None without an end."""
        if not self.days and not self.years:
            return None
        return timedelta(days=self.days + self.years * 365 + self.years // 4)

    def __str__(self) -> str:
        if self.years:
            return str(ngettext("%(num)d year", "%(num)d years", self.years))
        if self.days:
            return str(ngettext("%(num)d day", "%(num)d days", self.days))
        return str(_("without an end"))


FOREVER = Term()


def term_of(written: str) -> Term:
    """A term as tags write it: 30d, 1y, forever."""
    if written == "forever":
        return FOREVER
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"write a term as 30d, 10y or forever, not {written!r}")
    number = int(found.group(1))
    return Term(days=number) if found.group(2) == "d" else Term(years=number)
