"""Where the money comes from, how it is set apart, and what applicants add to it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


def in_cents(amount: Decimal) -> int:
    """Whole cents of a declared amount, which has two decimals at most."""
    return int(amount * 100)


class Programme(StrEnum):
    """Who pays: each programme has costs and activities of its own (`domain.md` §3.1, R2-R6)."""

    PON_METRO_ESF = "pon_metro_esf"
    PON_METRO_ERDF = "pon_metro_erdf"
    PON_INCLUSIONE = "pon_inclusione"
    FEAD = "fead"
    ESF_PLUS = "esf_plus"
    REACT_EU = "react_eu"
    COMPLEMENTARY = "complementary"
    REGIONAL = "regional"
    OWN = "own"


class AidRegime(StrEnum):
    """Under which rules on State aid the grants are given."""

    NOT_AID = "not_aid"
    DE_MINIMIS = "de_minimis"
    DE_MINIMIS_SGEI = "de_minimis_sgei"
    EXEMPTED = "exempted"


class Cofinancing(StrEnum):
    """What an applicant's own share may be made of."""

    MONEY = "money"
    IN_KIND = "in_kind"
    CROWDFUNDING = "crowdfunding"


@dataclass(frozen=True)
class Fund(Exact):
    """A source of money, in euro; the budget lines that name it stay within its amount."""

    key: str
    name: Text
    programme: Programme
    amount: Decimal
    cup: str | None = None


@dataclass(frozen=True)
class BudgetLine(Exact):
    """Money set apart for this call, in euro: for one area or one kind of applicant, or for all."""

    key: str
    name: Text
    amount: Decimal
    area: str | None = None
    kind: str | None = None
    fund: str | None = None


@dataclass(frozen=True)
class Crowdfunding(Exact):
    """A share of the cost (per cent) to be collected in public within some days, or there is no grant."""

    share: Decimal
    days: int
    by: date | None = None
    platform: str | None = None


@dataclass(frozen=True)
class OwnShare(Exact):
    """How applicants may bear their share; its size stands with each kind of applicant."""

    made_of: list[Cofinancing] = field(default_factory=lambda: [Cofinancing.MONEY])
    in_kind_most: Decimal | None = None
    crowdfunding: Crowdfunding | None = None
