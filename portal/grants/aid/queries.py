"""What each single undertaking received, and whether new grants fit, one after the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.queries.consortia import leads_of
from portal.calls.rules import AidRegime, CallDesign
from portal.core.errors import NotFound
from portal.grants.aid.rules import REGIMES, Aid, Verdict, ceiling_of, verdict_on
from portal.grants.models import ActivityFinding, AidEntry, Grant, UndertakingLink


@dataclass(frozen=True, slots=True)
class Asked:
    """A grant to be: its key, who would receive it, how much."""

    key: UUID
    organisation: Organisation
    cents: int


def undertaking_of(session: Session, organisation_ids: Iterable[UUID], day: date) -> dict[UUID, frozenset[UUID]]:
    """The single undertaking of each organisation on a day: everybody it is linked to, however far (art. 2(2)).

    A link counts whenever it was written down: the office learns of one after the day of the act that it looks at.
    """
    neighbours: dict[UUID, set[UUID]] = defaultdict(set)
    query = select(UndertakingLink.first_id, UndertakingLink.second_id).where(
        or_(UndertakingLink.until.is_(None), UndertakingLink.until > day)
    )
    for first, second in session.execute(query):
        neighbours[first].add(second)
        neighbours[second].add(first)
    return {each: _reached(each, neighbours) for each in set(organisation_ids)}


def _reached(start: UUID, neighbours: dict[UUID, set[UUID]]) -> frozenset[UUID]:
    found, waiting = {start}, [start]
    while waiting:
        for each in neighbours.get(waiting.pop(), set()) - found:
            found.add(each)
            waiting.append(each)
    return frozenset(found)


def entries_of(session: Session, organisation_ids: Iterable[UUID]) -> list[AidEntry]:
    """The aid of these organisations that counts, the newest first."""
    query = (
        select(AidEntry)
        .outerjoin(Grant, Grant.id == AidEntry.grant_id)
        .where(AidEntry.organisation_id.in_(set(organisation_ids)))
        .where(or_(Grant.id.is_(None), Grant.granted_cents > 0))
        .options(joinedload(AidEntry.organisation), joinedload(AidEntry.grant))
        .order_by(AidEntry.granted_on.desc(), AidEntry.id)
    )
    return list(session.scalars(query))


def without_activity(session: Session, organisation_ids: Iterable[UUID]) -> set[UUID]:
    """Those of which the office found that they carry on no economic activity: no undertakings, no aid."""
    query = (
        select(ActivityFinding.organisation_id, ActivityFinding.is_undertaking)
        .where(ActivityFinding.organisation_id.in_(set(organisation_ids)))
        .order_by(ActivityFinding.found_at, ActivityFinding.id)
    )
    newest = {row.organisation_id: row.is_undertaking for row in session.execute(query)}
    return {organisation for organisation, is_undertaking in newest.items() if not is_undertaking}


def receivers(session: Session, organisations: Iterable[Organisation]) -> dict[UUID, UUID]:
    """Whose aid a grant to each of these is: of a consortium, its lead's."""
    listed = list(organisations)
    leads = leads_of(session, listed)
    return {each.id: leads[each.id].organisation_id if each.id in leads else each.id for each in listed}


def verdicts(session: Session, design: CallDesign, asked: Sequence[Asked], day: date) -> dict[UUID, Verdict]:
    """Whether each whole grant fits, in this order: what fits counts for those after it. Nothing where it is no aid."""
    if design.aid_regime not in REGIMES or not asked:
        return {}
    receiver = receivers(session, (each.organisation for each in asked))
    undertakings = undertaking_of(session, receiver.values(), day)
    everybody = set().union(*undertakings.values())
    given = _given(session, everybody, design.aid_regime)
    exempt = without_activity(session, receiver.values())
    found: dict[UUID, Verdict] = {}
    for each in asked:
        who = receiver[each.organisation.id]
        if who in exempt:
            continue
        new = Aid(day, each.cents)
        known = [aid for member in undertakings[who] for aid in given[member]]
        found[each.key] = verdict_on(new, known, ceiling_of(design.aid_regime, design.aid))
        if found[each.key].fits:
            given[who].append(new)
    return found


def hold_undertakings(session: Session, organisations: Iterable[Organisation], design: CallDesign, day: date) -> None:
    """Lock everybody whose aid decides on these, in one order: two acts at once never count the same room twice."""
    if design.aid_regime not in REGIMES:
        return
    undertakings = undertaking_of(session, receivers(session, organisations).values(), day)
    everybody = set().union(*undertakings.values())
    locked = select(Organisation.id).where(Organisation.id.in_(everybody)).order_by(Organisation.id)
    session.execute(locked.with_for_update(key_share=True))


def _given(session: Session, organisations: set[UUID], regime: AidRegime) -> dict[UUID, list[Aid]]:
    given: dict[UUID, list[Aid]] = defaultdict(list)
    for entry in entries_of(session, organisations):
        if entry.regime is regime:
            given[entry.organisation_id].append(Aid(entry.granted_on, entry.counted_cents))
    return given


def entry_locked(session: Session, organisation_id: UUID, entry_id: UUID) -> AidEntry:
    """Aid of an organisation, locked; NotFound otherwise."""
    query = select(AidEntry).where(AidEntry.id == entry_id, AidEntry.organisation_id == organisation_id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def link_locked(session: Session, organisation_id: UUID, link_id: UUID) -> UndertakingLink:
    """A link of an organisation, locked; NotFound otherwise."""
    mine = or_(UndertakingLink.first_id == organisation_id, UndertakingLink.second_id == organisation_id)
    query = select(UndertakingLink).where(UndertakingLink.id == link_id, mine)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def links_between(session: Session, first_id: UUID, second_id: UUID) -> Sequence[UndertakingLink]:
    """Every link of these two, locked, the oldest first; the keys in their order."""
    query = select(UndertakingLink).where(UndertakingLink.first_id == first_id, UndertakingLink.second_id == second_id)
    query = query.order_by(UndertakingLink.since, UndertakingLink.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def organisation_with_code(session: Session, fiscal_code: str) -> Organisation | None:
    """Whoever has this fiscal code here."""
    return session.scalars(select(Organisation).where(Organisation.fiscal_code == fiscal_code)).one_or_none()
