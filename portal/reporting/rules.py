"""Shapes of what is published: totals, funded projects, places; nothing here names a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.access.rules.authorities import AuthorityShown

PAGE = 50


@dataclass(frozen=True, slots=True)
class MoneyPath:
    """Where the money of published calls stands, in cents: sums over ledger accounts (`design.md` §3)."""

    budget_cents: int
    awarded_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class FundedProject:
    """One published grant, with what art. 27 of D.Lgs 33/2013 asks to be public."""

    grant_id: UUID
    reference: str
    title: str
    recipient: str
    recipient_code: str | None
    is_group: bool
    area_key: str | None
    area: str | None
    lat: float | None
    lon: float | None
    city: str
    call_slug: str
    call_title: dict[str, str]
    legal_basis: str
    office: str
    officer: str
    ranking_id: UUID
    cup: str | None
    act_number: str
    act_date: date
    requested_cents: int
    awarded_cents: int
    paid_cents: int
    starts_on: date | None
    ends_on: date | None
    authority: AuthorityShown
    authority_code: str
    authority_fiscal_code: str | None
    published_at: datetime
    partners: tuple[tuple[str, str | None], ...] = ()
    """Name and fiscal code of the organisations of a consortium, the lead first."""
    summary: str = ""
    cv_url: str | None = None
    is_withheld: bool = False
    """Whether the name of the group is left out: from it one could infer people in distress (art. 26, c. 4)."""

    @property
    def paid_to(self) -> str | None:
        """The fiscal code of who is paid: the lead of a consortium, else the recipient."""
        return self.partners[0][1] if self.partners else self.recipient_code


def entity_code(fiscal_code: str | None) -> str | None:
    """The fiscal code of an entity (eleven digits); a person's is never published."""
    return fiscal_code if fiscal_code and len(fiscal_code) == 11 and fiscal_code.isdigit() else None


def euros(cents: int) -> str:
    """An amount for machines: 1234.50."""
    return f"{cents // 100}.{cents % 100:02d}"
