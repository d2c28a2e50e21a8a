"""Applicants come, write and send: some as they should, some too late, with gaps, or without the requirements."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.access.models import Organisation
from portal.access.operations.consortia import agree_to_consortium, form_consortium, invite_partner
from portal.access.operations.organisations import OrganisationProfile, create_organisation
from portal.access.policy import Tie
from portal.access.rules import LegalForm, OrganisationKind
from portal.access.ties import tie
from portal.applications.facts import facts_of
from portal.applications.models import Application
from portal.applications.operations import (
    attach_answer_files,
    attach_file,
    note_refused_attempt,
    save_answers,
    start_application,
    submit_application,
)
from portal.applications.operations.refusals import NotReady
from portal.applications.rules import COST, REQUESTED
from portal.calls.areas import grounds_of
from portal.core.errors import Refusal
from portal.core.i18n import in_language, lazy_
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import FilledForm, Form, Question, QuestionType, Stored, typed_of
from portal.rehearsal.answers import Writer, answer_form, file_ending, wishes_of
from portal.rehearsal.cast import Part, seat_of
from portal.rehearsal.play import Play
from portal.rehearsal.rules import Fate
from portal.rehearsal.saying import Listed, Named, Said

BEFORE_OPENING = timedelta(days=200)
BEGUN, SENT, LATE_BY = 0.3, 0.8, timedelta(minutes=2)
Values = Mapping[str, Stored]


def bring_applicants(play: Play) -> None:
    """Every applicant with its people; a consortium with its organisations."""
    now = play.call.phases[0].opens_at - BEFORE_OPENING
    for part in play.parts.values():
        organisation = _consortium(play, part, now) if part.is_consortium else _found(play, part, part.key, now)
        play.done(
            lazy_("%(name)s: %(members)s people.", name=organisation.name, members=part.members),
            path=f"/organisations/{organisation.id}",
        )  # fmt: skip


def _found(play: Play, part: Part, key: str, now: datetime, kind: OrganisationKind | None = None) -> Organisation:
    play.troupe.invite(key, now=now - timedelta(days=1))
    organisation = create_organisation(
        play.session, profile=_profile(play, part, key, kind or part.kind), actor=play.actor(key, now), now=now
    )
    for number in range(1, part.members):
        member = play.troupe.invite(f"{key}-{number}", now=now)
        tie(
            play.session, person_id=member.id, tie=Tie.EDITOR, object_type="organisation",
            object_id=organisation.id, now=now,
        )  # fmt: skip
    return organisation


def _profile(play: Play, part: Part, key: str, kind: OrganisationKind) -> OrganisationProfile:
    city, postal_code, province = seat_of(play.design)
    form = part.form if kind is part.kind else LegalForm.ASSOCIATION
    code = play.troupe.fiscal_code(key) if kind is OrganisationKind.LEGAL_ENTITY else ""
    name = part.name if key == part.key else f"{part.name.removesuffix(' (ATS)')} {key.rpartition('-')[2]}"
    return OrganisationProfile(
        kind=kind, legal_form=form, name=name, fiscal_code=code, email=key + play.troupe.domain,
        address="via dei Mille 12", city=city, postal_code=postal_code, province=province,
        vat_number=code if form is LegalForm.SOCIAL_COOPERATIVE else "",
    )  # fmt: skip


def _consortium(play: Play, part: Part, now: datetime) -> Organisation:
    """An organisation leads, the others agree; whoever represents the lead represents the consortium."""
    lead = _found(play, part, f"{part.key}-lead", now, OrganisationKind.LEGAL_ENTITY)
    owner = partial(play.actor, f"{part.key}-lead")
    consortium = form_consortium(play.session, lead_id=lead.id, name=part.name, actor=owner(now), now=now)
    for number in range(1, part.partners):
        key = f"{part.key}-partner-{number}"
        partner = _found(play, part, key, now, OrganisationKind.LEGAL_ENTITY)
        invite_partner(
            play.session, consortium_id=consortium.id, fiscal_code=partner.fiscal_code or "", actor=owner(now), now=now
        )
        agree_to_consortium(
            play.session, consortium_id=consortium.id, organisation_id=partner.id, actor=play.actor(key, now), now=now
        )
    return consortium


def send_applications(play: Play) -> None:
    """Each applicant writes its application and presses “send” once."""
    phase = play.call.phases[0]
    term = phase.closes_at - phase.opens_at
    begun = phase.opens_at + term * BEGUN
    for place, part in enumerate(play.parts.values()):
        organisation = play.troupe.organisation(part)
        actor = play.owner_of(organisation.id, begun)
        application = start_application(
            play.session, call=play.call, phase=phase, organisation_id=organisation.id, actor=actor, now=begun
        )
        play.session.flush()
        _write(play, part, application, begun + timedelta(hours=2))
        sent = phase.opens_at + term * SENT + timedelta(minutes=7 * place)
        _send(play, part, application, phase.deadline.last_instant + LATE_BY if part.fate is Fate.LATE else sent)


def _write(play: Play, part: Part, application: Application, now: datetime) -> None:
    actor = play.owner_of(application.organisation_id, now)
    form = form_of(play.session, application.sheet)
    values = _answers(play, part, form, application, now)
    for section in form.sections:
        typed = {
            each.key: typed_of(each, values[each.key])
            for each in section.questions
            if each.key in values and each.type is not QuestionType.FILES
        }
        save_answers(
            play.session, application=application, section_key=section.key, typed=typed, base={}, actor=actor, now=now
        )
    for question in form.questions:
        if question.type is QuestionType.FILES and question.key in values:
            _answer_with_files(play, application, question, actor, now)
    _attach(play, part, application, actor, now)


def _answers(play: Play, part: Part, form: Form, application: Application, now: datetime) -> Values:
    design = play.design
    writer = Writer(
        key=f"{play.rehearsal.id}/{part.key}",
        areas=[area.key for area in design.areas],
        grounds=grounds_of(design.areas),
        facts=facts_of(play.session, application.organisation, now),
        wanted={REQUESTED: part.requested, COST: part.cost},
        wishes=wishes_of([rule.when for rule in design.eligibility]),
    )
    values = answer_form(form, writer)
    if part.fate is Fate.INCOMPLETE:
        values.pop(_first_needed(FilledForm(form, values, writer.facts)), None)
    return values


def _first_needed(filled: FilledForm) -> str:
    """The first answer without which nothing may be sent."""
    return next((each.key for each in filled.questions if each.required and not each.is_computed), "")


def _answer_with_files(play: Play, application: Application, question: Question, actor: Any, now: datetime) -> None:
    if file_ending(question) != "pdf":
        play.impossible(
            lazy_("No file of the kinds asked for could be invented."), place=f"questionnaire.{question.key}"
        )
        return
    paper = play.paper(in_language(question.label)[:80], application.reference)
    attach_answer_files(
        play.session, application=application, question_key=question.key, uploads=[paper], actor=actor, now=now
    )


def _attach(play: Play, part: Part, application: Application, actor: Any, now: datetime) -> None:
    for place, request in enumerate(play.design.documents_requested):
        if part.kind.value not in request.required_for:
            continue
        if request.accept and "pdf" not in request.accept:
            play.impossible(
                lazy_("No file of the kinds asked for could be invented."), place=f"documents_requested.{place}.accept"
            )
            continue
        paper = play.paper(in_language(request.name)[:80], application.reference)
        attach_file(play.session, application=application, document_key=request.key, upload=paper, actor=actor, now=now)


def _send(play: Play, part: Part, application: Application, now: datetime) -> None:
    actor = play.owner_of(application.organisation_id, now)
    refusal = play.attempt(submit_application, application_id=application.id, actor=actor, received_at=now, now=now)
    if refusal is None:
        _tell_sent(play, part, application)
        return
    note_refused_attempt(play.session, application_id=application.id, refusal=refusal, actor=actor, received_at=now)
    _tell_refused(play, part, application, refusal)


def _tell_sent(play: Play, part: Part, application: Application) -> None:
    play.session.refresh(application)
    submission = application.submission
    sent = lazy_(
        "%(name)s sent %(reference)s: registered with number %(number)s.", name=part.name,
        reference=application.reference, number=submission.protocol_entry.label if submission else "–",
    )  # fmt: skip
    play.done(sent, path=f"/applications/{application.id}")
    if part.fate is Fate.INCOMPLETE:
        play.warn(lazy_("An application without any required answer can be sent: the form requires nothing."),
                  place="questionnaire")  # fmt: skip


def _tell_refused(play: Play, part: Part, application: Application, refusal: Refusal) -> None:
    meant = part.fate in (Fate.INCOMPLETE, Fate.LATE)
    tell = play.held if meant else play.impossible
    faults = refusal.assessment.faults if isinstance(refusal, NotReady) else []
    asked = form_of(play.session, application.sheet).by_key
    named = [Named(Said(asked[each.key].label) if each.key in asked else each.key, each.message) for each in faults[:5]]
    reasons = Listed(named, "; ") if named else refusal.message
    tell(
        lazy_("%(name)s could not send %(reference)s: %(reasons)s", name=part.name, reference=application.reference,
              reasons=reasons),
        place="" if meant else "questionnaire",
    )  # fmt: skip
