"""Published grants as the public sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority, Organisation
from portal.access.queries.consortia import partners_of
from portal.access.queries.twins import is_live
from portal.applications.models import Application
from portal.calls.models import Call
from portal.calls.rules import Area
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.grants.models import Grant, GrantPublication
from portal.ledger.queries import balances_by_owner
from portal.ledger.rules import PAID_OUT
from portal.reporting.rules import PAGE, FundedProject, entity_code

LEFT_OUT = lazy_("name left out (art. 26, c. 4 of D.Lgs. 33/2013)")
Areas = dict[UUID, dict[str, Area]]


@dataclass(frozen=True, slots=True)
class FundedFilter:
    """What a visitor asks of the list: a call, a city, an area of a call, and the grant after which to go on."""

    call: str = ""
    city: str = ""
    area: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """The projects of one area: how many, and how much."""

    area: Area
    call: Call
    projects: int
    awarded_cents: int


def funded_projects(
    session: Session, wanted: FundedFilter, *, most: int | None = PAGE
) -> tuple[list[FundedProject], str | None]:
    """Published grants, the newest first, and the reference after which the next page begins (None: no more).

    Three statements, whatever the number of rows, and one more to go on from `after`.
    """
    query = _narrowed(_published(), wanted).options(
        joinedload(Grant.organisation),
        joinedload(Grant.application),
        joinedload(Grant.call).joinedload(Call.authority),
    )
    if wanted.after:
        query = query.where(Grant.reference < wanted.after)
    query = query.order_by(Grant.reference.desc())
    found = session.execute(_with_texts(query.limit(most + 1) if most else query)).all()
    shown = found[:most] if most else found
    more = shown[-1][0].reference if len(found) > len(shown) else None
    return _as_projects(session, shown), more


def funded_project(session: Session, reference: str) -> FundedProject:
    """One published grant, or NotFound."""
    query = _published().where(Grant.reference == reference)
    found = session.execute(_with_texts(query)).all()
    if not found:
        raise NotFound
    return _as_projects(session, found)[0]


def places_of_projects(session: Session, wanted: FundedFilter) -> list[Places]:
    """Areas with published grants, with their number and sum, by call and area."""
    query = _narrowed(_published(), wanted)
    grouped = query.with_only_columns(
        Grant.call_id, Application.area, func.count(Grant.id), func.sum(Grant.granted_cents)
    ).group_by(Grant.call_id, Application.area)
    rows = session.execute(grouped.order_by(Grant.call_id, Application.area)).all()
    having = select(Call).where(Call.id.in_({row[0] for row in rows})).options(joinedload(Call.authority))
    calls = {call.id: call for call in session.scalars(having)}
    found = []
    for call_id, key, number, cents in rows:
        area = areas_of(calls[call_id]).get(key or "")
        if area is not None:
            found.append(Places(area=area, call=calls[call_id], projects=int(number), awarded_cents=int(cents)))
    return found


def areas_of(call: Call) -> dict[str, Area]:
    """The areas of a call by key."""
    return {area.key: area for area in call.design.areas}


def _published() -> Select[Grant]:
    return (
        select(Grant)
        .join(Grant.application)
        .join(Grant.call)
        .join(Call.authority)
        .where(Grant.published_at.is_not(None), is_live(Grant.authority_id))
    )


def _with_texts(query: Select[Grant]) -> Select[Any]:
    """Each grant with the newest text that was published of it, in the same statement."""
    newest = select(func.max(GrantPublication.version)).where(GrantPublication.grant_id == Grant.id)
    of_it = and_(
        GrantPublication.grant_id == Grant.id, GrantPublication.version == newest.correlate(Grant).scalar_subquery()
    )
    return query.outerjoin(GrantPublication, of_it).add_columns(GrantPublication)


def _narrowed(query: Select[Grant], wanted: FundedFilter) -> Select[Grant]:
    if wanted.call:
        query = query.where(Call.slug == wanted.call)
    if wanted.city:
        query = query.where(Authority.code == wanted.city)
    if wanted.area:
        query = query.where(Application.area == wanted.area)
    return query


def _as_projects(session: Session, found: Sequence[Any]) -> list[FundedProject]:
    grants = [grant for grant, _text in found]
    paid = balances_by_owner(session, PAID_OUT, [grant.id for grant in grants])
    areas = {call.id: areas_of(call) for call in _calls(grants)}
    together = partners_of(session, (grant.organisation for grant in grants))
    projects = [_project(grant, areas, paid.get(grant.id, 0)) for grant in grants]
    return [
        _worded(replace(project, partners=_named(together.get(grant.organisation_id, []))), text)
        for project, (grant, text) in zip(projects, found, strict=True)
    ]


def _worded(project: FundedProject, text: GrantPublication | None) -> FundedProject:
    """With what the office published beside the grant; without the name of a group that is left out."""
    if text is None:
        return project
    told = replace(project, summary=text.summary, legal_basis=text.legal_basis, cv_url=text.cv_url)
    if not (text.is_withheld and project.is_group):
        return told
    return replace(told, recipient=str(LEFT_OUT), recipient_code=None, partners=(), is_withheld=True)


def _named(organisations: Iterable[Organisation]) -> tuple[tuple[str, str | None], ...]:
    return tuple((each.name, entity_code(each.fiscal_code)) for each in organisations)


def _calls(grants: Iterable[Grant]) -> Iterable[Call]:
    return {grant.call_id: grant.call for grant in grants}.values()


def _project(grant: Grant, areas: Areas, paid_cents: int) -> FundedProject:
    call, organisation, application = grant.call, grant.organisation, grant.application
    area = areas[call.id].get(application.area or "")
    return FundedProject(
        grant_id=grant.id, reference=grant.reference, title=application.title, recipient=organisation.name,
        recipient_code=entity_code(organisation.fiscal_code), is_group=organisation.is_informal,
        area_key=area.key if area else None, area=area.name if area else None,
        lat=area.lat if area else None, lon=area.lon if area else None, city=call.authority.name,
        call_slug=call.slug, call_title=call.title, legal_basis=call.design.acts[0].number if call.design.acts else "",
        office=call.design.office["it"] or call.authority.office or "",
        officer=call.design.officer or call.authority.rup or "", authority=call.authority.shown,
        ranking_id=grant.ranking_id, cup=grant.cup,
        act_number=grant.act_number, act_date=grant.act_date, requested_cents=application.requested_cents,
        awarded_cents=grant.granted_cents, paid_cents=paid_cents, starts_on=grant.starts_on, ends_on=grant.ends_on,
        authority_code=call.authority.code, authority_fiscal_code=call.authority.fiscal_code,
        published_at=grant.published_at or grant.awarded_at,
    )  # fmt: skip
