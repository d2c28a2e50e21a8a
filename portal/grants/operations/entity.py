"""Before the agreement: an entity is verified, an informal group becomes one and keeps its identity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from portal.access.models import Organisation
from portal.access.policy import Action
from portal.access.queries.organisations import hold_organisation
from portal.access.rules import ENTITY_FORMS, LegalForm, OrganisationBecameEntity, OrganisationKind
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.documents.operations import Upload, store_upload
from portal.grants.models import Grant, Incorporation
from portal.grants.operations.apart import stand_apart
from portal.grants.operations.news import tell_grant_team, tell_office
from portal.grants.queries import grant_to_change, organisation_with_fiscal_code
from portal.grants.rules import (
    AGREEMENT_TYPES,
    CONFIRM_INCORPORATION,
    CONFIRM_VERIFICATION,
    LARGEST_FILE,
    GrantStatus,
    local_day,
    require,
)

INCORPORATING = frozenset({GrantStatus.INCORPORATING})
OLDEST_DEED = date(1900, 1, 1)


class NotRecorded(Conflict):
    """There is nothing to confirm yet."""

    default = lazy_("The group has not recorded its legal entity yet.")


def confirm_verification(
    session: Session, *, grant_id: UUID, checks: tuple[str, ...], actor: Actor, now: datetime
) -> Grant:
    """State that the recipient's declarations were checked: the grant is ready for its agreement."""
    grant = grant_to_change(session, actor, Action.INCORPORATION_CONFIRM, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    before = grant.status
    grant.make(CONFIRM_VERIFICATION, at=now)
    record(
        session, at=now, actor=actor, event="grant.verification_confirmed", subject=grant,
        before={"status": before}, after={"status": grant.status, "checks": list(checks)},
    )  # fmt: skip
    return grant


def record_incorporation(
    session: Session,
    *,
    grant_id: UUID,
    name: str,
    legal_form: LegalForm,
    fiscal_code: str,
    incorporated_on: date,
    deed: Upload | None,
    actor: Actor,
    now: datetime,
) -> Incorporation:
    """Record the legal entity that the group has become, with its deed; until confirmed it may be recorded again.

    Raises Invalid with the field for a wrong fiscal code, form, name or date.
    """
    grant = grant_to_change(session, actor, Action.INCORPORATION_RECORD, grant_id)
    require("record_incorporation", INCORPORATING, grant.status)
    incorporation = _incorporation(grant)
    before = _seen(incorporation)
    incorporation.name = _checked_name(name)
    incorporation.legal_form = _checked_form(grant, legal_form)
    incorporation.fiscal_code = _checked_fiscal_code(session, grant, fiscal_code)
    incorporation.incorporated_on = _checked_day(incorporated_on, now)
    file = store_upload(
        session, upload=deed, accept=AGREEMENT_TYPES, max_bytes=LARGEST_FILE, actor=actor, now=now, field="deed"
    )
    incorporation.deed_file_id = file.id
    incorporation.recorded_by, incorporation.recorded_at = actor.person_id, now
    record(
        session, at=now, actor=actor, event=Action.INCORPORATION_RECORD, subject=grant, before=before,
        after=_seen(incorporation),
    )  # fmt: skip
    message = lazy_("%(name)s has recorded its legal entity: check the deed.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}", now=now)
    return incorporation


def confirm_incorporation(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Organisation:
    """Confirm it, by another person: the organisation keeps its key and becomes a legal entity.

    Raises NotRecorded, TwoPeople, OwnOrganisation or IllegalMove; then nothing has changed.
    """
    grant = grant_to_change(session, actor, Action.INCORPORATION_CONFIRM, grant_id)
    require("confirm_incorporation", INCORPORATING, grant.status)
    incorporation = _incorporation(grant)
    if incorporation.recorded_at is None or incorporation.legal_form is None:
        raise NotRecorded
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=incorporation.recorded_by)
    incorporation.confirmed_by, incorporation.confirmed_at = actor.person_id, now
    organisation = _become_entity(session, grant.organisation, incorporation, actor=actor, now=now)
    before = grant.status
    grant.make(CONFIRM_INCORPORATION, at=now)
    record(
        session, at=now, actor=actor, event=Action.INCORPORATION_CONFIRM, subject=grant,
        before={"status": before}, after={"status": grant.status},
    )  # fmt: skip
    announce(session, OrganisationBecameEntity(organisation_id=organisation.id, at=now))
    message = lazy_("%(name)s is now a legal entity: the agreement follows.", name=organisation.name)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/incorporated")
    return organisation


def _become_entity(
    session: Session, organisation: Organisation, incorporation: Incorporation, *, actor: Actor, now: datetime
) -> Organisation:
    organisation = hold_organisation(session, organisation.id)
    before = _identity(organisation)
    organisation.version += 1
    organisation.kind = OrganisationKind.LEGAL_ENTITY
    organisation.legal_form = incorporation.legal_form or organisation.legal_form
    organisation.name = incorporation.name or organisation.name
    organisation.fiscal_code = incorporation.fiscal_code
    organisation.incorporated_on = incorporation.incorporated_on
    record(
        session, at=now, actor=actor, event="organisation.became_entity", subject=organisation, before=before,
        after=_identity(organisation),
    )  # fmt: skip
    return organisation


def _identity(organisation: Organisation) -> dict[str, object]:
    names = ("kind", "legal_form", "name", "fiscal_code", "incorporated_on")
    return {name: getattr(organisation, name) for name in names}


def _seen(incorporation: Incorporation) -> dict[str, object]:
    names = ("name", "legal_form", "fiscal_code", "incorporated_on")
    return {name: getattr(incorporation, name) for name in names}


def _incorporation(grant: Grant) -> Incorporation:
    if grant.incorporation is None:
        raise NotRecorded
    return grant.incorporation


def _checked_name(name: str) -> str:
    name = clean_line(name)
    if not name or len(name) > 200:
        raise Invalid(lazy_("Write the name of the entity as in its deed, at most 200 characters."), "name")
    return name


def _checked_form(grant: Grant, form: LegalForm) -> LegalForm:
    if form not in ENTITY_FORMS:
        raise Invalid(lazy_("Choose the legal form that the deed says: an informal group is not one."), "legal_form")
    entities = [rule for rule in grant.call.design.applicants if rule.kind == OrganisationKind.LEGAL_ENTITY]
    if entities and not any(form in rule.forms for rule in entities):
        raise Invalid(
            lazy_("The call does not admit this legal form. Its text says which ones it admits."), "legal_form"
        )
    return form


def _checked_fiscal_code(session: Session, grant: Grant, text: str) -> str:
    try:
        code = str(iva.validate(text))
    except ValidationError:
        raise Invalid(
            lazy_(
                "The fiscal code of an entity has 11 digits, the last of them a check. Copy it from the certificate."
            ),
            "fiscal_code",
        ) from None
    owner = organisation_with_fiscal_code(session, code)
    if owner is not None and owner.id != grant.organisation_id:
        raise Invalid(
            lazy_("Another organisation here has this fiscal code. Check the certificate, or write to the office."),
            "fiscal_code",
        )
    return code


def _checked_day(day: date, now: datetime) -> date:
    if day > local_day(now):
        raise Invalid(lazy_("The deed cannot have a date in the future."), "incorporated_on")
    if day < OLDEST_DEED:
        raise Invalid(lazy_("Check the year of the deed."), "incorporated_on")
    return day
