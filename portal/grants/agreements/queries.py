"""Reading agreements: the version in force at an instant, the plan then, and whose signature is expected."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import ExternalIdentity
from portal.core.actor import Actor
from portal.grants.changes.rules import Plan
from portal.grants.models import Agreement, AgreementArticle, AgreementSignature, Grant, LibraryVersion, PlanVersion
from portal.grants.queries import grant_to_read


def agreement_in_force(session: Session, grant_id: UUID, instant: datetime) -> Agreement | None:
    """The version in force at an instant (`rules.in_force_at`); None before both sides had signed the first."""
    query = select(Agreement).where(Agreement.grant_id == grant_id, Agreement.countersigned_at <= instant)
    order = (Agreement.countersigned_at.desc(), Agreement.version.desc())
    return session.scalars(query.order_by(*order).limit(1)).one_or_none()


def plan_in_force(session: Session, grant_id: UUID, instant: datetime) -> Plan | None:
    """The plan in force at an instant; None before the agreement, when only the call has one."""
    query = select(PlanVersion).where(PlanVersion.grant_id == grant_id, PlanVersion.in_force_from <= instant)
    found = session.scalars(query.order_by(PlanVersion.number.desc()).limit(1)).one_or_none()
    return found.plan if found is not None else None


def grant_with_agreements(session: Session, actor: Actor, grant_id: UUID) -> Grant:
    """A grant that the actor may read, with all versions of its agreement, their articles and signatures."""
    grant = grant_to_read(session, actor, grant_id)
    whole = (
        select(Agreement)
        .options(
            selectinload(Agreement.articles).joinedload(AgreementArticle.version).joinedload(LibraryVersion.text),
            selectinload(Agreement.signatures).options(
                joinedload(AgreementSignature.person), joinedload(AgreementSignature.file)
            ),
            joinedload(Agreement.countersigned_file),
        )
        .where(Agreement.grant_id == grant.id)
    )
    session.scalars(whole.execution_options(populate_existing=True)).unique().all()
    return grant


def codes_of(session: Session, people: Collection[UUID | None]) -> frozenset[str]:
    """The codici fiscali of these people, as far as SPID or CIE has told them."""
    query = select(ExternalIdentity.fiscal_number).where(
        ExternalIdentity.person_id.in_([each for each in people if each is not None]),
        ExternalIdentity.fiscal_number.is_not(None),
    )
    return frozenset(code for code in session.scalars(query) if code)


def codes_of_representative(session: Session, grant: Grant) -> frozenset[str]:
    """The codici fiscali of who represents the recipient, of a consortium of its lead; empty where none is known."""
    partners = grant.organisation.partners
    lead = next((place.organisation for place in partners if place.is_lead), grant.organisation)
    return codes_of(session, [lead.representative_id])
