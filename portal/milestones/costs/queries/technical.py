"""Reading the technical part of a report: its form filled in, what is missing, its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.facts import facts_named, facts_of
from portal.calls.areas import grounds_of
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import in_language
from portal.documents.models import StoredFile
from portal.grants.rules import end_of_day
from portal.milestones.costs.models import CostReport, CostReportVersion
from portal.milestones.costs.queries.reports import report_to_read
from portal.questionnaires.models import Answer, AnswerFile, AnswerSheet
from portal.questionnaires.queries import answers_of, form_of, live_answer_files, values_of
from portal.questionnaires.rules import Facts, FilledForm, Form, Ground, QuestionType, check_filled

Asked = tuple[str, str, object]
"""The key of a question, what it asks, what is missing."""


@dataclass(frozen=True)
class Technical:
    """The technical part of one report as it stands."""

    report: CostReport
    sheet: AnswerSheet
    form: Form
    answers: Mapping[str, Answer]
    facts: Facts
    files: Sequence[AnswerFile]
    """Those that its answers hold now; none are looked for where the form asks for none."""

    @cached_property
    def filled(self) -> FilledForm:
        """The form with its answers: what is hidden or computed, worked out once."""
        return FilledForm(self.form, values_of(self.answers), self.facts)

    @property
    def areas(self) -> dict[str, str]:
        """The names of the target areas by key."""
        return {area.key: area.name for area in self.report.grant.application.design.areas}

    @cached_property
    def grounds(self) -> list[Ground]:
        """The target areas on the ground."""
        return grounds_of(self.report.grant.application.design.areas)

    @cached_property
    def missing(self) -> dict[str, object]:
        """Everything that keeps it from being sent, by question, in the order of the form."""
        return check_filled(self.filled, self.grounds)

    @property
    def to_mend(self) -> list[Asked]:
        """The same with the name of each question."""
        by_key = self.form.by_key
        return [(key, in_language(by_key[key].label), words) for key, words in self.missing.items()]


def technical_of(session: Session, report: CostReport) -> Technical | None:
    """What a report answers, its recipient as known at the end of the period; None where nothing was asked."""
    if report.sheet is None:
        return None
    form = form_of(session, report.sheet)
    named = facts_named(form, report.grant.application.design)
    facts = facts_of(session, report.grant.organisation, end_of_day(report.until_on), named)
    asks_files = any(question.type is QuestionType.FILES for question in form.questions)
    files = live_answer_files(session, report.sheet.id) if asks_files else ()
    return Technical(report, report.sheet, form, answers_of(session, report.sheet.id), facts, files)


def technical_to_read(session: Session, actor: Actor, report_id: UUID) -> Technical:
    """The same of a report that the actor may read; NotFound where there is none."""
    found = technical_of(session, report_to_read(session, actor, report_id))
    if found is None:
        raise NotFound
    return found


def answer_to_read(session: Session, actor: Actor, report_id: UUID, file_id: UUID) -> StoredFile:
    """A file that the report holds now, or held when it was sent; NotFound otherwise (P13)."""
    report = report_to_read(session, actor, report_id)
    sent_with_it = select(CostReportVersion.id).where(
        CostReportVersion.report_id == report.id, CostReportVersion.sent_at >= AnswerFile.added_at,
        CostReportVersion.sent_at <= AnswerFile.removed_at,
    )  # fmt: skip
    query = (
        select(StoredFile)
        .join(AnswerFile, AnswerFile.file_id == StoredFile.id)
        .where(StoredFile.id == file_id, AnswerFile.sheet_id == report.sheet_id,
               AnswerFile.removed_at.is_(None) | sent_with_it.exists())
    )  # fmt: skip
    file = session.scalars(query).first()
    if file is None:
        raise NotFound
    return file
