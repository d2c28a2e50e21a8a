"""How a group becomes a legal entity: what it records, checked, and the office's confirmation by another person.

The same before the agreement of a grant and before a later phase of a call; the organisation keeps its key.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from portal.access.models import Organisation
from portal.access.queries.organisations import hold_organisation
from portal.access.rules import ENTITY_FORMS, LegalForm, OrganisationBecameEntity, OrganisationKind
from portal.applications.models import Application
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.instants import Day
from portal.core.text import clean_line
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import stand_apart
from portal.grants.models import Incorporation
from portal.grants.queries import organisation_with_fiscal_code
from portal.grants.rules import AGREEMENT_TYPES, LARGEST_FILE, local_day

OLDEST_DEED = date(1900, 1, 1)
DEED = FileRules(AGREEMENT_TYPES, LARGEST_FILE, field="deed")


class NotRecorded(Conflict):
    """There is nothing to confirm yet."""

    default = lazy_("The group has not recorded its legal entity yet.")


@dataclass(frozen=True, slots=True)
class EntityTyped:
    """The legal entity as its group wrote it down."""

    name: str
    legal_form: LegalForm
    fiscal_code: str
    incorporated_on: date
    deed: Arrived | None
    people_joined: int | None = None
    people_left: int | None = None


def write_entity(
    session: Session, *, incorporation: Incorporation, application: Application, typed: EntityTyped, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Write what the group recorded, with its deed; Invalid with the field for a wrong code, form, name or date."""
    incorporation.name = _checked_name(typed.name)
    incorporation.legal_form = _checked_form(application.design, typed.legal_form)
    incorporation.fiscal_code = _checked_fiscal_code(session, application.organisation_id, typed.fiscal_code)
    incorporation.incorporated_on = _checked_day(application, typed.incorporated_on, now)
    incorporation.people_joined, incorporation.people_left = _checked_people(application.design, typed)
    file = store_upload(session, upload=typed.deed, rules=DEED, actor=actor, now=now)
    incorporation.deed_file_id = file.id
    incorporation.recorded_by, incorporation.recorded_at = actor.person_id, now


def confirm_entity(
    session: Session, *, incorporation: Incorporation, organisation: Organisation, actor: Actor, now: datetime
) -> Organisation:
    """Let the organisation be the entity that was recorded. Raises NotRecorded, TwoPeople, OwnOrganisation."""
    if incorporation.recorded_at is None or incorporation.legal_form is None:
        raise NotRecorded
    stand_apart(actor=actor, organisation_id=organisation.id, not_again=incorporation.recorded_by)
    incorporation.confirmed_by, incorporation.confirmed_at = actor.person_id, now
    found = _become_entity(session, organisation, incorporation, actor=actor, now=now)
    announce(session, OrganisationBecameEntity(organisation_id=found.id, at=now))
    return found


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


def _checked_name(name: str) -> str:
    name = clean_line(name)
    if not name or len(name) > 200:
        raise Invalid(lazy_("Write the name of the entity as in its deed, at most 200 characters."), "name")
    return name


def _checked_form(design: CallDesign, form: LegalForm) -> LegalForm:
    if form not in ENTITY_FORMS:
        raise Invalid(lazy_("Choose the legal form that the deed says: an informal group is not one."), "legal_form")
    entities = [rule for rule in design.applicants if rule.kind == OrganisationKind.LEGAL_ENTITY]
    if entities and not any(form in rule.forms for rule in entities):
        raise Invalid(
            lazy_("The call does not admit this legal form. Its text says which ones it admits."), "legal_form"
        )
    return form


def _checked_people(design: CallDesign, typed: EntityTyped) -> tuple[int | None, int | None]:
    """Where the people of a group are fixed: nobody left, and no more joined than the call lets."""
    if not design.participation.frozen_composition:
        return None, None
    most = design.award.added_at_incorporation
    if typed.people_joined is None or not 0 <= typed.people_joined <= most:
        raise Invalid(
            lazy_("Write how many founders were not of the group: the call lets at most %(most)d join.", most=most),
            "people_joined",
        )
    if typed.people_left != 0:
        raise Invalid(
            lazy_("The call fixes the people of the group: everybody founds the entity. Write 0, or ask the office."),
            "people_left",
        )
    return typed.people_joined, typed.people_left


def _checked_fiscal_code(session: Session, organisation_id: UUID, text: str) -> str:
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
    if owner is not None and owner.id != organisation_id:
        raise Invalid(
            lazy_("Another organisation here has this fiscal code. Check the certificate, or write to the office."),
            "fiscal_code",
        )
    return code


def _checked_day(application: Application, day: date, now: datetime) -> date:
    if day > local_day(now):
        raise Invalid(lazy_("The deed cannot have a date in the future."), "incorporated_on")
    if day < OLDEST_DEED:
        raise Invalid(lazy_("Check the year of the deed."), "incorporated_on")
    earliest = application.new_entity_since
    if earliest is not None and day < earliest:
        raise Invalid(
            lazy_(
                "This call wants a new entity: its deed is of %(day)s, when you applied, or later. An entity that was"
                " there before cannot stand in for the group.",
                day=Day(earliest),
            ),
            "incorporated_on",
        )
    return day
