"""Starting an application: who may, once for each phase, with a reference and an empty sheet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.labels import LEGAL_FORMS
from portal.access.models import Organisation
from portal.access.policy import Action, Guard, authorise
from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.applications.operations.refusals import AlreadyApplied, NotEligible, must_be_open
from portal.applications.queries import predecessor_of
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.questionnaires.operations import create_sheet
from portal.register.operations import next_reference

FIRST = 1


class _Applicant:
    """An organisation, as whoever applies for it must be tied to it."""

    def __init__(self, organisation: Organisation) -> None:
        self.guard = Guard(objects=(organisation.id,), is_secret=True)


class _Forms:
    """Legal forms that are named in the reader's language only when they are read."""

    def __init__(self, design: CallDesign) -> None:
        self.forms = list(dict.fromkeys(form for rule in design.applicants for form in rule.forms))

    def __str__(self) -> str:
        return ", ".join(str(LEGAL_FORMS[LegalForm(form)]) for form in self.forms)


def start_application(
    session: Session, *, call: Call, phase: Phase, organisation_id: UUID, actor: Actor, now: datetime
) -> Application:
    """Open a draft of an organisation for a phase. Raises NotEligible, AlreadyApplied, PhaseClosed."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    authorise(actor, Action.APPLICATION_START, _Applicant(organisation))
    must_be_open(phase=phase, at=now)
    _must_be_eligible(call.design, organisation)
    _must_be_the_only_one(session, phase, organisation)
    application = Application(
        authority_id=call.authority_id,
        call_id=call.id,
        phase_id=phase.id,
        organisation_id=organisation.id,
        follows_id=_predecessor(session, call, phase, organisation),
        sheet_id=create_sheet(session, form_revision_id=_form(call), now=now).id,
        reference=next_reference(session, now=now),
        status=ApplicationStatus.DRAFT,
        status_at=now,
        created_at=now,
        created_by=actor.person_id,
    )
    session.add(application)
    after = {"reference": application.reference, "organisation": organisation.name, "call": call.slug}
    record(session, at=now, actor=actor, event=Action.APPLICATION_START, subject=application, after=after)
    return application


def _must_be_eligible(design: CallDesign, organisation: Organisation) -> None:
    if design.rule_for(organisation.kind.value, organisation.legal_form.value) is None:
        raise NotEligible(
            lazy_(
                "%(name)s cannot apply: this call takes %(allowed)s, and it is registered here as %(form)s.",
                name=organisation.name,
                allowed=_Forms(design),
                form=LEGAL_FORMS[organisation.legal_form],
            ),
            "organisation",
        )


def _must_be_the_only_one(session: Session, phase: Phase, organisation: Organisation) -> None:
    query = select(Application.reference).where(
        Application.phase_id == phase.id,
        Application.organisation_id == organisation.id,
        Application.status != ApplicationStatus.WITHDRAWN,
    )
    existing = session.scalar(query)
    if existing is not None:
        raise AlreadyApplied(
            lazy_(
                "%(name)s has an application to this call already: %(reference)s. Open it from your desk.",
                name=organisation.name,
                reference=existing,
            ),
            "organisation",
        )


def _predecessor(session: Session, call: Call, phase: Phase, organisation: Organisation) -> UUID | None:
    if phase.position <= FIRST:
        return None
    earlier = predecessor_of(session, call.id, phase, organisation.id)
    if earlier is None:
        raise NotEligible(lazy_("This phase is open only to those who passed the one before."), "organisation")
    return earlier.id


def _form(call: Call) -> UUID:
    if call.form_revision_id is None:
        raise NotFound
    return call.form_revision_id
