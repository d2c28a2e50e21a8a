"""Before the agreement: an entity is verified, an informal group becomes one and keeps its identity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.policy import Action, authorise
from portal.access.rules import LegalForm
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.documents.operations import Arrived
from portal.documents.rules import FileRules
from portal.grants.models import Grant, Incorporation
from portal.grants.operations.becoming import DEED, EntityTyped, NotRecorded, confirm_entity, write_entity
from portal.grants.operations.news import tell_grant_team, tell_office
from portal.grants.operations.stepping import require_steps
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import CHECK_ENTITY, CONFIRM_INCORPORATION, GrantStatus, require

INCORPORATING = frozenset({GrantStatus.INCORPORATING})


def deed_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the deed of an entity, to whoever may record it."""
    authorise(actor, Action.INCORPORATION_RECORD, grant_to_read(session, actor, grant_id))
    return DEED


def record_incorporation(
    session: Session,
    *,
    grant_id: UUID,
    name: str,
    legal_form: LegalForm,
    fiscal_code: str,
    incorporated_on: date,
    deed: Arrived | None,
    people_joined: int | None = None,
    people_left: int | None = None,
    actor: Actor,
    now: datetime,
) -> Incorporation:
    """Record the legal entity that the group has become, with its deed; until confirmed it may be recorded again.

    Raises Invalid with the field for a wrong fiscal code, form, name or date.
    """
    grant = grant_to_change(session, actor, Action.INCORPORATION_RECORD, grant_id)
    require("record_incorporation", INCORPORATING, grant.status)
    incorporation = _incorporation(grant)
    before = incorporation.recorded
    typed = EntityTyped(name, legal_form, fiscal_code, incorporated_on, deed, people_joined, people_left)
    write_entity(session, incorporation=incorporation, application=grant.application, typed=typed, actor=actor, now=now)
    record(
        session, at=now, actor=actor, event=Action.INCORPORATION_RECORD, subject=grant, before=before,
        after=incorporation.recorded,
    )  # fmt: skip
    message = lazy_("%(name)s has recorded its legal entity: check the deed.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}", now=now)
    return incorporation


def confirm_incorporation(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Organisation:
    """Confirm it, by another person: the organisation keeps its key and becomes a legal entity.

    Where the call declares checks they follow; else the grant is ready for its agreement.
    Raises NotRecorded, StepsOpen, TwoPeople, OwnOrganisation or IllegalMove; then nothing has changed.
    """
    grant = grant_to_change(session, actor, Action.INCORPORATION_CONFIRM, grant_id)
    require("confirm_incorporation", INCORPORATING, grant.status)
    incorporation = _incorporation(grant)
    require_steps(session, grant=grant)
    organisation = confirm_entity(
        session, incorporation=incorporation, organisation=grant.organisation, actor=actor, now=now
    )
    before = grant.status
    grant.make(CHECK_ENTITY if grant.application.design.award.checks else CONFIRM_INCORPORATION, at=now)
    record(
        session, at=now, actor=actor, event=Action.INCORPORATION_CONFIRM, subject=grant,
        before={"status": before}, after={"status": grant.status},
    )  # fmt: skip
    message = lazy_("%(name)s is now a legal entity: the page of the grant says what follows.", name=organisation.name)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/incorporated")
    return organisation


def _incorporation(grant: Grant) -> Incorporation:
    if grant.incorporation is None:
        raise NotRecorded
    return grant.incorporation
