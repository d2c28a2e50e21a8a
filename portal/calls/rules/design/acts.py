"""The authority that runs a call, its acts, its target areas."""

from dataclasses import dataclass
from datetime import date

from portal.questionnaires.rules.design import Exact, Text


@dataclass(frozen=True)
class AuthorityInfo(Exact):
    """The authority that runs the call."""

    code: str
    name: str
    istat: str | None = None
    fiscal_code: str | None = None
    iban: str | None = None
    bic: str | None = None


@dataclass(frozen=True)
class Act(Exact):
    """A decision with its number and date."""

    number: str
    date: date
    title: Text | None = None


@dataclass(frozen=True)
class Area(Exact):
    """A target area, with the point that stands for it on maps.

    What lies inside is said by its outline, corner by corner (latitude, longitude; it closes by itself), else by its
    radius in metres around the point.
    """

    key: str
    name: str
    lat: float
    lon: float
    radius: int | None = None
    outline: list[tuple[float, float]] | None = None
