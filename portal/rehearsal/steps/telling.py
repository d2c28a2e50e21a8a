"""The technical part of a report in a rehearsal: every question answered, files attached where they are asked for."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.i18n import in_language
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations import attach_technical, save_technical
from portal.milestones.costs.queries import technical_of
from portal.questionnaires.rules import QuestionType, typed_of
from portal.rehearsal.answers import Writer, answer_form, file_ending
from portal.rehearsal.play import Play


def tell_what_was_done(play: Play, report: CostReport, actor: Actor, now: datetime) -> None:
    """Answer what the call asks of its reports; nothing where it asks nothing."""
    technical = technical_of(play.session, report)
    if technical is None:
        return
    key = f"{report.grant.reference}/{report.number}"
    writer = Writer(key, areas=list(technical.areas), grounds=technical.grounds, facts=technical.facts)
    values = answer_form(technical.form, writer)
    for section in technical.form.sections:
        typed = {each.key: typed_of(each, values[each.key]) for each in section.questions
                 if each.key in values and each.type is not QuestionType.FILES}  # fmt: skip
        save_technical(play.session, report_id=report.id, section_key=section.key, typed=typed, base={}, actor=actor,
                       now=now)  # fmt: skip
    for question in technical.form.questions:
        if question.type is QuestionType.FILES and question.key in values and file_ending(question) == "pdf":
            paper = play.paper(in_language(question.label)[:80], report.grant.reference)
            attach_technical(play.session, report_id=report.id, question_key=question.key, uploads=[paper],
                             actor=actor, now=now)  # fmt: skip
