"""What the office keeps of recipients and plans, as gates look at it: certificates, plans, minutes, codes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func

from portal.access.models import VerifiedFact
from portal.access.rules import FactKind
from portal.calls.rules import GateName
from portal.coaching.queries import confirmed_minutes
from portal.grants.models import AidEntry
from portal.milestones.models import Milestone
from portal.milestones.rules import DONE
from portal.payments.models import Tranche
from portal.payments.queries.rows import fact_row


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Last days of DURCs by organisation; milestones undone and aid codes by grant; minutes by application."""

    durcs: dict[UUID, date | None]
    undone: dict[UUID, list[tuple[int, str]]]
    minutes: dict[UUID, int]
    codes: dict[UUID, str | None]

    @classmethod
    def read(cls, rows: Iterable[Row[Any]]) -> "OfficeFacts":
        """Sort the rows of a union by what they say."""
        undone: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
        of_each: dict[str, dict[UUID, Any]] = {"durc": {}, "minutes": {}, "code": {}}
        for row in rows:
            match row.what:
                case "undone":
                    undone[row.key].append((row.number, row.title))
                case "durc":
                    of_each["durc"][row.key] = row.until
                case "minutes":
                    of_each["minutes"][row.key] = row.number
                case "code":
                    of_each["code"][row.key] = row.title
        return cls(of_each["durc"], undone, of_each["minutes"], of_each["code"])


def parts_of_the_office(payees: Iterable[UUID], tranches: Sequence[Tranche]) -> Iterator[Select[Any]]:
    """What is read: minutes and codes only where a gate asks for them."""
    yield _durcs(payees)
    yield _undone({tranche.grant_id for tranche in tranches})
    asked = {t.grant.application_id for t in tranches if GateName.COACHING_CONFIRMED.value in t.gates}
    if asked:
        confirmed = confirmed_minutes(asked).subquery()
        yield fact_row("minutes", confirmed.c.application_id, number=confirmed.c.minutes)
    aided = {t.grant_id for t in tranches if GateName.AID_REGISTERED.value in t.gates}
    if aided:
        yield fact_row("code", AidEntry.grant_id, title=AidEntry.cor).where(AidEntry.grant_id.in_(aided))


def _durcs(organisations: Iterable[UUID]) -> Select[Any]:
    """The newest comes last."""
    query = fact_row(
        "durc", VerifiedFact.organisation_id, until=VerifiedFact.valid_until, order=VerifiedFact.issued_on,
        number=func.row_number().over(order_by=VerifiedFact.id),
    )  # fmt: skip
    return query.where(VerifiedFact.organisation_id.in_(organisations), VerifiedFact.kind == FactKind.DURC)


def _undone(grants: Iterable[UUID]) -> Select[Any]:
    """Milestones that are neither accepted nor waived."""
    query = fact_row("undone", Milestone.grant_id, number=Milestone.number, title=Milestone.title)
    return query.where(Milestone.grant_id.in_(grants), Milestone.status.not_in(DONE))
