"""A group becomes a legal entity before any grant: where the next phase of its call asks for one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.policy import Action
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.documents.rules import FileRules
from portal.grants.models import Incorporation
from portal.grants.operations.becoming import DEED, EntityTyped, NotRecorded, confirm_entity, write_entity
from portal.grants.operations.news import tell_office, tell_team
from portal.grants.queries import group_of, incorporation_of
from portal.grants.rules import local_day


class EntityAlready(Conflict):
    """It is a legal entity."""

    default = lazy_("This applicant is a legal entity already: there is nothing to record.")


class RecordedMeanwhile(Conflict):
    """Somebody of the team recorded it at the same instant."""

    default = lazy_("Somebody else of the team has just recorded the entity. Reload the page.")


violation("uq_incorporation_application_id", RecordedMeanwhile)
violation("incorporation.application_id", RecordedMeanwhile)


def deed_rules_early(session: Session, *, application_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the deed of an entity, to whoever may record it."""
    group_of(session, application_id, actor, Action.INCORPORATION_RECORD)
    return DEED


def record_entity_early(
    session: Session, *, application_id: UUID, typed: EntityTyped, actor: Actor, now: datetime
) -> Incorporation:
    """Record the legal entity that a group admitted to the next phase has become; again until it is confirmed.

    Raises EntityAlready, and Invalid with the field.
    """
    application = _group(session, application_id, actor, Action.INCORPORATION_RECORD)
    incorporation = incorporation_of(session, application_id, locked=True) or _promise(session, application, now)
    before = incorporation.recorded
    write_entity(session, incorporation=incorporation, application=application, typed=typed, actor=actor, now=now)
    record(session, at=now, actor=actor, event=Action.INCORPORATION_RECORD, subject=application, before=before,
           after=incorporation.recorded)  # fmt: skip
    message = lazy_("%(name)s has recorded its legal entity: check the deed.", name=application.organisation.name)
    path = f"/applications/{application.id}/entity"
    tell_office(session, authority_id=application.authority_id, message=message, path=path, now=now)
    return incorporation


def confirm_entity_early(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> Organisation:
    """Confirm it, by another person: the organisation keeps its key, its application and its line in the call.

    Raises NotRecorded, EntityAlready, TwoPeople, OwnOrganisation.
    """
    application = _group(session, application_id, actor, Action.INCORPORATION_CONFIRM)
    incorporation = incorporation_of(session, application_id, locked=True)
    if incorporation is None:
        raise NotRecorded
    organisation = confirm_entity(
        session, incorporation=incorporation, organisation=application.organisation, actor=actor, now=now
    )
    record(session, at=now, actor=actor, event=Action.INCORPORATION_CONFIRM, subject=application,
           after=incorporation.recorded)  # fmt: skip
    message = lazy_("%(name)s is now a legal entity: the next phase is open to it.", name=organisation.name)
    tell_team(session, organisation_id=organisation.id, message=message, path=f"/applications/{application.id}",
              now=now)  # fmt: skip
    return organisation


def _group(session: Session, application_id: UUID, actor: Actor, action: Action) -> Application:
    application = group_of(session, application_id, actor, action)
    if not application.organisation.is_informal:
        raise EntityAlready
    return application


def _promise(session: Session, application: Application, now: datetime) -> Incorporation:
    """To be kept before the next phase closes."""
    later = application.phase.later
    row = Incorporation(application_id=application.id, due_on=local_day(later.closes_at if later else now))
    session.add(row)
    return row
