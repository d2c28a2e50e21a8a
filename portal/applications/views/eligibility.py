"""Two minutes: may I take part? Asked of anybody, stored nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.access.policy import Action
from portal.access.queries import organisations_of
from portal.access.rules.facts import local_day
from portal.access.web import current_actor, declares
from portal.applications.asking import answered, kind_of, questions_to_ask
from portal.applications.eligibility import VERDICTS, Verdict, duties, judge, takes
from portal.applications.queries.entry import Entry, entries_of
from portal.applications.views.blueprint import bp
from portal.applications.views.told import query_told
from portal.calls.areas import grounds_of
from portal.calls.models import Phase
from portal.calls.phases import entry_told
from portal.calls.queries import call_by_slug
from portal.calls.rules import ApplicantRule, CallDesign
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.questionnaires.fields import Setting, State, fields_of
from portal.questionnaires.forms import sent_section
from portal.questionnaires.rules import Question, Stored, Typed, stored_answer


@bp.get("/calls/<slug>/eligibility")
@declares(Action.PUBLIC_READ)
def eligibility(slug: str) -> ResponseReturnValue:
    """The questions that the rules need; once answered, each rule with its verdict."""
    instant = now()
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        phase = call.shown_phase(instant)
        design = phase.design
        questions = questions_to_ask(design)
        typed = sent_section(questions, MultiDict(request.args)).typed
        values = _values(questions, typed, [area.key for area in design.areas])
        filled = answered(questions, values, local_day(instant))
        form = filled.facts.get("applicant.form")
        entry = takes(design, kind_of(str(form)).value if form else None, str(form) if form else None)
        judged = judge(design.eligibility, filled)
        rule = _rule(design, form)
        asks = duties(rule, filled.facts) if rule else []
        setting = Setting({area.key: area.name for area in design.areas}, grounds_of(design.areas))
        fields = fields_of(filled, questions, {}, setting, State(typed=typed))
        return page(
            "applications/eligibility.html", call=call, is_asked=bool(request.args.keys() - {"lang"}), entry=entry,
            fields=[replace(each, version=None) for each in fields], judged=judged, verdicts=VERDICTS,
            overall=_overall([entry, *(each.verdict for each in judged), *(each.verdict for each in asks)]),
            duties=asks, rule=rule, phase=phase, enter=list(entry_told(call.design, phase.key)),
            entries=_entries(session, phase), carried=query_told(design, request.args),
            is_open=phase is not None and phase.is_open(instant),
        )  # fmt: skip


def _entries(session: Session, phase: Phase) -> list[Entry]:
    """The reader's own organisations at the gates of a later phase."""
    actor = current_actor()
    if actor.is_anonymous or phase.earlier is None:
        return []
    return entries_of(session, phase, organisations_of(session, actor))


def _values(questions: list[Question], typed: Mapping[str, Typed], areas: list[str]) -> dict[str, Stored]:
    return {each.key: stored_answer(each, typed.get(each.key), areas=areas) for each in questions}


def _overall(verdicts: Sequence[Verdict | None]) -> Verdict:
    """No where one rule is not met, yes where all are, else not told yet; what the list tells later counts nothing."""
    if Verdict.NOT_MET in verdicts:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.MET


def _rule(design: CallDesign, form: object) -> ApplicantRule | None:
    return design.rule_for(kind_of(str(form)).value, str(form)) if form else None
