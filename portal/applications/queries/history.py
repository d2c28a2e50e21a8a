"""What an answer of a draft said before: who wrote it, when, and whether it may come back. For the team alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application, DraftRebase
from portal.applications.queries.reading import OpenDraft, names_of
from portal.core.errors import NotFound
from portal.questionnaires.fields import AnswerRead, Setting, answer_read
from portal.questionnaires.models import AnswerVersion
from portal.questionnaires.operations.restoring import MADE_BY_HAND
from portal.questionnaires.queries import form_of, form_revised, history_of
from portal.questionnaires.rules import Form, Question, Section
from portal.questionnaires.rules.history import Went, in_one_go

MOST_TOLD = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One version in words: `count` versions were written in one go, this is the last of them."""

    version: int
    at: datetime
    by: str | None
    count: int
    answer: AnswerRead
    is_present: bool


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """One answer with its versions, the newest first."""

    opened: OpenDraft
    section: Section
    question: Question
    told: Sequence[Told]
    is_cut: bool
    is_hand_made: bool
    """Whether what was said can only be said anew."""

    @property
    def present(self) -> int:
        """The number of the present version."""
        answer = self.opened.answers.get(self.question.key)
        return answer.version if answer else 0


@dataclass(frozen=True, slots=True)
class Wordings:
    """The forms that a draft answered one after the other: each with the instant until which it did."""

    until: Sequence[tuple[datetime, Form]]
    form: Form

    @classmethod
    def of(cls, session: Session, application: Application) -> "Wordings":
        """Read them; one statement while the form was never revised."""
        query = select(DraftRebase).where(DraftRebase.application_id == application.id).order_by(DraftRebase.id)
        rebases = session.scalars(query).all()
        earlier = [(each.at, form_revised(session, each.form_before)) for each in rebases]
        return cls(earlier, form_of(session, application.sheet))

    def form_at(self, instant: datetime) -> Form:
        """The form that was answered at an instant."""
        return next((form for at, form in self.until if instant < at), self.form)

    def asked_at(self, question: Question, instant: datetime) -> Question:
        """A question as it was asked at an instant."""
        return self.form_at(instant).question(question.key) or question


def answer_history(
    session: Session, opened: OpenDraft, key: str, setting: Setting, *, every: bool = False
) -> AnswerHistory:
    """What an answer said before; of what somebody wrote in one go the last version, unless `every` one is wanted."""
    form = opened.draft.form
    question, section = form.question(key), form.section_of.get(key)
    if question is None or section is None or question.is_computed:
        raise NotFound
    versions = history_of(session, opened.application.sheet_id, key)
    went = [Went(each.version, 1) for each in reversed(versions)] if every else in_one_go(versions)
    shown = went[:MOST_TOLD]
    rows = {each.version: each for each in versions}
    names = names_of(session, {rows[each.version].saved_by for each in shown})
    wordings = Wordings.of(session, opened.application)
    answer = opened.answers.get(key)
    told = []
    for each in shown:
        row = rows[each.version]
        told.append(Told(
            version=row.version, at=row.saved_at, by=names.get(row.saved_by) if row.saved_by else None,
            count=each.count, answer=_read(opened, question, row, wordings, setting),
            is_present=answer is not None and row.version == answer.version,
        ))  # fmt: skip
    return AnswerHistory(opened, section, question, told, len(went) > MOST_TOLD, question.type in MADE_BY_HAND)


def _read(
    opened: OpenDraft, question: Question, row: AnswerVersion, wordings: Wordings, setting: Setting
) -> AnswerRead:
    """A version as its question was asked then."""
    form = wordings.form_at(row.saved_at)
    asked = form.question(question.key) or question
    filled = opened.draft.filled.with_answers({question.key: row.value}, form)
    return answer_read(filled, asked, filled.stored(asked) or row.value, setting)
