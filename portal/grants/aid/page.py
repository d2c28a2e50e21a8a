"""What the page of the register of aid of one organisation shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, Role
from portal.access.queries.organisations import OrganisationSeen, organisation_seen
from portal.calls.rules import AidRegime, AidRules
from portal.core.actor import Actor
from portal.grants.aid.queries import entries_of, undertaking_of
from portal.grants.aid.rules import CEILINGS, Aid, ceiling_of, counts
from portal.grants.models import ActivityFinding, AidEntry, UndertakingLink


@dataclass(frozen=True, slots=True)
class RegimeSum:
    """The aid of a single undertaking under one Regulation in the three years that end today, and its ceiling."""

    regime: AidRegime
    counted: int
    ceiling: int

    @property
    def room(self) -> int:
        """What could still be given."""
        return max(self.ceiling - self.counted, 0)


@dataclass(frozen=True, slots=True)
class AidPage:
    """The register of one organisation with everybody it is one undertaking with."""

    seen: OrganisationSeen
    entries: list[AidEntry]
    counted: set[UUID]
    """Keys of the entries of the last three years."""
    sums: list[RegimeSum]
    links: Sequence[UndertakingLink]
    undertaking: list[Organisation]
    findings: Sequence[ActivityFinding]
    offices: frozenset[UUID] = frozenset()
    """The authorities for which whoever looks records codes."""

    @property
    def organisation(self) -> Organisation:
        """The organisation itself."""
        return self.seen.organisation

    @property
    def without_code(self) -> list[AidEntry]:
        """The aid of this organisation of which no code is known, but grants of other offices."""
        mine = [each for each in self.entries if each.cor is None and each.organisation_id == self.organisation.id]
        return [each for each in mine if each.grant is None or each.grant.authority_id in self.offices]

    @property
    def activity(self) -> ActivityFinding | None:
        """What was decided last; None: it counts as an undertaking."""
        return self.findings[-1] if self.findings else None


def aid_page(session: Session, organisation_id: UUID, actor: Actor, today: date) -> AidPage:
    """The register of an organisation, for the office: the sums are those of the Regulations, over three years."""
    seen = organisation_seen(session, organisation_id, actor, Action.AID_READ)
    members = undertaking_of(session, [organisation_id], today)[organisation_id]
    entries = entries_of(session, members)
    ceilings = {regime: ceiling_of(regime, AidRules()) for regime in CEILINGS}
    kept = [each for each in entries if counts(Aid(each.granted_on, 0), today, ceilings[each.regime])]
    counted = {each.id for each in kept}
    sums = [
        RegimeSum(regime, sum(each.counted_cents for each in kept if each.regime is regime), ceiling.cents)
        for regime, ceiling in ceilings.items()
    ]
    return AidPage(seen, entries, counted, sums, _links(session, organisation_id), _named(session, members),
                   _findings(session, organisation_id), frozenset(actor.authorities_as(Role.OFFICER)))  # fmt: skip


def _links(session: Session, organisation_id: UUID) -> Sequence[UndertakingLink]:
    mine = or_(UndertakingLink.first_id == organisation_id, UndertakingLink.second_id == organisation_id)
    query = select(UndertakingLink).where(mine).order_by(UndertakingLink.since, UndertakingLink.id)
    return session.scalars(
        query.options(joinedload(UndertakingLink.first), joinedload(UndertakingLink.second))
    ).all()  # fmt: skip


def _named(session: Session, members: frozenset[UUID]) -> list[Organisation]:
    query = select(Organisation).where(Organisation.id.in_(members)).order_by(Organisation.name, Organisation.id)
    return list(session.scalars(query))


def _findings(session: Session, organisation_id: UUID) -> Sequence[ActivityFinding]:
    query = select(ActivityFinding).where(ActivityFinding.organisation_id == organisation_id)
    return session.scalars(query.order_by(ActivityFinding.found_at, ActivityFinding.id)).all()
