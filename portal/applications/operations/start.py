"""Starting an application: who may, once for each phase, with a reference and an empty sheet."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.labels import LEGAL_FORMS
from portal.access.models import Organisation
from portal.access.policy import Action, Guard, authorise
from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.applications.operations.carry import carry_answers, carry_told
from portal.applications.operations.refusals import AlreadyApplied, NotAdmitted, NotEligible, must_be_open
from portal.applications.operations.write import repeat_tagged
from portal.applications.queries.entry import Entry, entry_locked
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.questionnaires.operations import create_sheet
from portal.questionnaires.rules import Typed
from portal.register.operations import next_reference

FIRST = 1
NOTHING: Mapping[str, Typed] = {}


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
    session: Session, *, call: Call, phase: Phase, organisation_id: UUID, actor: Actor, now: datetime,
    told: Mapping[str, Typed] = NOTHING,
) -> Application:  # fmt: skip
    """Open a draft of an organisation for a phase; in a later one it follows the application of the phase before.

    It then begins with what that one said, and with what was `told` on the page of eligibility. Raises NotEligible,
    NotAdmitted with every closed gate, AlreadyApplied, PhaseClosed.
    """
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    authorise(actor, Action.APPLICATION_START, _Applicant(organisation))
    must_be_open(phase=phase, at=now)
    ordinal = _next_of_them(session, phase, organisation)
    entry = _admitted(session, phase, organisation)
    kind, form = _entered_as(entry)
    application = Application(
        authority_id=call.authority_id, call_id=call.id, phase_id=phase.id, organisation_id=organisation.id,
        ordinal=ordinal, follows=entry.earlier, entered_kind=kind, entered_form=form,
        sheet_id=create_sheet(session, form_revision_id=_form(phase), now=now).id,
        reference=next_reference(session, now=now), status=ApplicationStatus.DRAFT, status_at=now, created_at=now,
        created_by=actor.person_id,
    )  # fmt: skip
    session.add(application)
    session.flush()
    after = {"reference": application.reference, "organisation": organisation.name, "call": call.slug,
             "follows": entry.earlier.reference if entry.earlier else None}  # fmt: skip
    record(session, at=now, actor=actor, event=Action.APPLICATION_START, subject=application, after=after)
    _begin_with(session, application, told, actor, now)
    return application


def _admitted(session: Session, phase: Phase, organisation: Organisation) -> Entry:
    """The applicant at the gates of the phase, which are all open to it."""
    entry = entry_locked(session, phase, organisation)
    if entry.earlier is None:
        _must_be_eligible(phase.design, organisation)
    if not entry.is_open:
        raise NotAdmitted(entry.missing)
    return entry


def _begin_with(
    session: Session, application: Application, told: Mapping[str, Typed], actor: Actor, now: datetime
) -> None:
    came = carry_answers(session, application=application, actor=actor, now=now)
    carry_told(session, application=application, told=told, actor=actor, now=now)
    if came or told:
        repeat_tagged(session, application=application)


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


def _next_of_them(session: Session, phase: Phase, organisation: Organisation) -> int:
    """Which application of this organisation it will be: the first, unless the call takes several of one applicant."""
    query = select(Application.reference, Application.ordinal).where(
        Application.phase_id == phase.id,
        Application.organisation_id == organisation.id,
        Application.status != ApplicationStatus.WITHDRAWN,
    )
    existing = session.execute(query.order_by(Application.ordinal.desc()).limit(1)).one_or_none()
    if existing is None:
        return FIRST
    if phase.design.participation.one_application_only:
        raise AlreadyApplied(
            lazy_(
                "%(name)s has an application to this call already: %(reference)s. Open it from your desk.",
                name=organisation.name,
                reference=existing.reference,
            ),
            "organisation",
        )
    return int(existing.ordinal) + 1


def _entered_as(entry: Entry) -> tuple[str, str]:
    """What decides amounts and line in every phase: the kind as which it entered the first one."""
    if entry.earlier is not None:
        return entry.earlier.entered_as
    return entry.organisation.kind.value, entry.organisation.legal_form.value


def _form(phase: Phase) -> UUID:
    if phase.form_revision_id is None:
        raise NotFound
    return phase.form_revision_id
