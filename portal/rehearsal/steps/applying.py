"""Applicants come, write and send: some as they should, some too late, with gaps, or without the requirements."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.operations.consortia import agree_to_consortium, form_consortium, invite_partner
from portal.access.operations.organisations import OrganisationProfile, create_organisation
from portal.access.policy import Tie
from portal.access.rules import LegalForm, OrganisationKind
from portal.access.ties import tie
from portal.applications.duties import day_of_term
from portal.applications.facts import facts_of
from portal.applications.models import Application
from portal.applications.operations import (
    attach_answer_files,
    attach_file,
    note_refused_attempt,
    save_answers,
    start_application,
    submit_with_everything,
)
from portal.applications.operations.refusals import NotReady
from portal.applications.rules import ApplicationStatus
from portal.calls.areas import grounds_of
from portal.calls.rules.pricing import pricing_of
from portal.core.errors import Refusal
from portal.core.i18n import in_language, lazy_
from portal.questionnaires.models import Answer
from portal.questionnaires.queries import answers_of, form_of
from portal.questionnaires.rules import Facts, FilledForm, Question, QuestionType, Stored, typed_of
from portal.rehearsal.answers import Writer, answer_form, file_ending, wishes_of
from portal.rehearsal.cast import Part, seat_of, unwanted_of, wanted_of
from portal.rehearsal.labels import BREACH, FATE
from portal.rehearsal.people import people_of
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.rules import MEANT_TO_FAIL, Fate
from portal.rehearsal.saying import Listed, Named, Said

BEFORE_OPENING = timedelta(days=200)
BEGUN, SENT, LATE_BY = 0.3, 0.8, timedelta(minutes=2)
LEFT_BETWEEN = (Fate.ABSENT, Fate.STILL_INFORMAL)
Values = Mapping[str, Stored]


def bring_applicants(play: Play) -> None:
    """Every applicant with its people; a consortium with its organisations."""
    now = play.call.phases[0].opens_at - BEFORE_OPENING
    for part in play.parts.values():
        organisation = _consortium(play, part, now) if part.is_consortium else _found(play, part, part.key, now)
        play.done(
            lazy_("%(name)s, %(members)s people: %(purpose)s.", name=organisation.name, members=part.members,
                  purpose=_purpose(part)),
            path=f"/organisations/{organisation.id}",
        )  # fmt: skip


def _purpose(part: Part) -> object:
    words = FATE[part.fate]
    return words if part.breach is None else Named(words, BREACH[part.breach])


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
    """Each applicant writes its application and presses “send” once; in a later phase, whoever was admitted to it."""
    begun = play.phase.opens_at + (play.phase.closes_at - play.phase.opens_at) * BEGUN
    coming = _coming(play)
    if not coming:
        play.impossible(lazy_("The phase before admitted nobody: this one cannot be played."),
                        place=play.place("phases"))  # fmt: skip
        raise CannotGoOn
    for place, part in enumerate(coming):
        application = _started(play, part, begun)
        if application is not None:
            _write(play, part, application, begun + timedelta(hours=2))
            _send(play, part, application, place)


def _coming(play: Play) -> list[Part]:
    """Everybody, or those whom the ranking of the phase before admitted."""
    before = play.phase.earlier
    if before is None:
        return list(play.parts.values())
    query = select(Application).where(
        Application.phase_id == before.id, Application.status == ApplicationStatus.SELECTED
    )
    return [play.part_of(each) for each in play.session.scalars(query.order_by(Application.id))]


def _started(play: Play, part: Part, now: datetime) -> Application | None:
    organisation = play.troupe.organisation(part)
    refusal = play.attempt(
        start_application, call=play.call, phase=play.phase, organisation_id=organisation.id,
        actor=play.owner_of(organisation.id, now), now=now,
    )  # fmt: skip
    if refusal is not None:
        tell = play.held if part.fate in LEFT_BETWEEN else play.impossible
        tell(lazy_("%(name)s may not apply: %(reasons)s", name=organisation.name, reasons=refusal.message))
        return None
    play.session.flush()
    mine = select(Application).where(
        Application.phase_id == play.phase.id, Application.organisation_id == organisation.id
    )
    application = play.session.scalars(mine).one()
    if application.follows is not None:
        told = lazy_("%(name)s begins %(reference)s: %(count)s answers came over from %(earlier)s.",
                     name=organisation.name, reference=application.reference, count=len(application.carried),
                     earlier=application.follows.reference)  # fmt: skip
        play.done(told, path=f"/applications/{application.id}")
    return application


def _write(play: Play, part: Part, application: Application, now: datetime) -> None:
    """Answer what is not answered yet, and mend what does not add up; what came over stays."""
    actor = play.owner_of(application.organisation_id, now)
    form = form_of(play.session, application.sheet)
    there = answers_of(play.session, application.sheet_id)
    values = answer_form(form, _writer(play, part, application, {key: each.value for key, each in there.items()}, now))
    if part.fate_in(play.phase.key) is Fate.INCOMPLETE:
        values.pop(_first_needed(FilledForm(form, values, _facts(play, application, now))), None)
    for section in form.sections:
        typed = {
            each.key: typed_of(each, values[each.key])
            for each in section.questions
            if each.key in values and each.type is not QuestionType.FILES and not _is_there(there, each.key, values)
        }
        if typed:
            save_answers(
                play.session, application=application, section_key=section.key, typed=typed,
                base={key: there[key].version for key in typed if key in there}, actor=actor, now=now,
            )  # fmt: skip
    for question in form.questions:
        if question.type is QuestionType.FILES and question.key in values:
            _answer_with_files(play, application, question, actor, now)
    _attach(play, application, actor, now)


def _is_there(there: Mapping[str, Answer], key: str, values: Values) -> bool:
    return key in there and there[key].value == values[key]


def _facts(play: Play, application: Application, now: datetime) -> Facts:
    return facts_of(play.session, application.organisation, now)


def _writer(play: Play, part: Part, application: Application, known: Values, now: datetime) -> Writer:
    design, key = play.design, f"{play.rehearsal.id}/{part.key}"
    terms = [day_of_term(each.deadline.closes_at, each.deadline.zone) for each in play.call.phases]
    return Writer(
        key=key,
        areas=[area.key for area in design.areas],
        grounds=grounds_of(design.areas),
        facts=_facts(play, application, now),
        wanted=wanted_of(design, part),
        wishes=wishes_of([rule.when for rule in design.eligibility]),
        people=people_of(part.rule, part.breach, part.members, key, (terms[0], terms[-1])),
        unwanted=unwanted_of(design.costs),
        known=known,
        pricing=pricing_of(design.costs, form_of(play.session, application.sheet)),
    )


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


def _attach(play: Play, application: Application, actor: Any, now: datetime) -> None:
    """The documents that are asked of the applicant as it is now."""
    kind = application.organisation.kind.value
    for place, request in enumerate(play.design.documents_requested):
        if kind not in request.required_for:
            continue
        if request.accept and "pdf" not in request.accept:
            play.impossible(
                lazy_("No file of the kinds asked for could be invented."), place=f"documents_requested.{place}.accept"
            )
            continue
        paper = play.paper(in_language(request.name)[:80], application.reference, strip=request.strip_metadata)
        attach_file(play.session, application=application, document_key=request.key, upload=paper, actor=actor, now=now)


def _send(play: Play, part: Part, application: Application, place: int) -> None:
    phase, fate = play.phase, part.fate_in(play.phase.key)
    now = phase.opens_at + (phase.closes_at - phase.opens_at) * SENT + timedelta(minutes=7 * place)
    if fate is Fate.LATE:
        now = phase.deadline.last_instant + LATE_BY
    actor = play.owner_of(application.organisation_id, now)
    refusal = play.attempt(submit_with_everything, application_id=application.id, actor=actor, received_at=now, now=now)
    if refusal is None:
        _tell_sent(play, part, application)
        return
    note_refused_attempt(play.session, application_id=application.id, refusal=refusal, actor=actor, received_at=now)
    _tell_refused(play, part, application, refusal)


def _tell_sent(play: Play, part: Part, application: Application) -> None:
    play.session.refresh(application)
    submission, fate = application.submission, part.fate_in(play.phase.key)
    sent = lazy_(
        "%(name)s sent %(reference)s: registered with number %(number)s.", name=application.organisation.name,
        reference=application.reference, number=submission.protocol_entry.label if submission else "–",
    )  # fmt: skip
    play.done(sent, path=f"/applications/{application.id}")
    if fate is Fate.INCOMPLETE:
        play.warn(lazy_("An application without any required answer can be sent: the form requires nothing."),
                  place="questionnaire")  # fmt: skip
    if fate is Fate.UNFIT and part.breach is not None:
        play.warn(lazy_("%(name)s does not keep a duty (%(breach)s) and could send all the same: the form does not show"
                        " it.", name=application.organisation.name, breach=BREACH[part.breach]),
                  place="applicants")  # fmt: skip


def _tell_refused(play: Play, part: Part, application: Application, refusal: Refusal) -> None:
    meant = part.fate_in(play.phase.key) in MEANT_TO_FAIL
    tell = play.held if meant else play.impossible
    faults = refusal.assessment.faults if isinstance(refusal, NotReady) else []
    asked = form_of(play.session, application.sheet).by_key
    named = [Named(Said(asked[each.key].label), each.message) if each.key in asked else each.message
             for each in faults[:5]]  # fmt: skip
    reasons = Listed(named, "; ") if named else refusal.message
    tell(
        lazy_("%(name)s could not send %(reference)s: %(reasons)s", name=application.organisation.name,
              reference=application.reference, reasons=reasons),
        place="" if meant else "questionnaire",
    )  # fmt: skip
