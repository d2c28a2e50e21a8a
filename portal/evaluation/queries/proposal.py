"""What an evaluator reads: the frozen content of the registered submission and its files, as the round shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Submission
from portal.calls.rules import Criterion
from portal.calls.rules.design import EvaluationRound
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.agreeing import may_have_to_agree
from portal.evaluation.beside import Answer, answers_beside, readers_of
from portal.evaluation.masking import as_seen, hidden_keys
from portal.evaluation.models import Assignment, ScoreReopening
from portal.evaluation.points import Computed, Entry, Tally, tally_of
from portal.evaluation.queries.asked import Asked, asked_of
from portal.evaluation.queries.assignments import (
    Following,
    entries_of,
    next_assignment,
    own_assignment,
    readable_assignment,
    reopening_of,
)
from portal.evaluation.queries.attachments import ProposalFile, files_of
from portal.evaluation.queries.computed import computed_criteria
from portal.evaluation.queries.opinions import opinions_of
from portal.evaluation.queries.others import Opinion, others_opinions
from portal.evaluation.queries.rounds import label_of, round_of
from portal.questionnaires.rules.formulas import names_in


@dataclass(frozen=True, slots=True)
class ScorePage:
    """The proposal beside the sheet; without a declaration there is no proposal."""

    assignment: Assignment
    round: EvaluationRound
    label: str
    content: Mapping[str, Any] | None
    files: list[ProposalFile]
    entries: list[Entry]
    computed: list[Computed]
    tally: Tally
    following: Following | None
    reopening: ScoreReopening | None = None
    others: Mapping[str, Sequence[Opinion]] | None = None
    asked: Sequence[Asked] = ()
    may_discuss: bool = False

    @property
    def applicant(self) -> str | None:
        """Who applies, unless names are hidden."""
        return None if self.round.blind else self.assignment.application.organisation.name

    def is_open(self, criterion: str) -> bool:
        """Whether the evaluator may still write under a criterion."""
        if self.assignment.is_final:
            return False
        return self.reopening is None or criterion in self.reopening.criteria

    def beside(self, criterion: Criterion) -> list[Answer]:
        """The answers that stand beside a criterion."""
        return answers_beside(criterion, self.content) if self.content is not None else []

    @property
    def readers(self) -> Mapping[str, Sequence[Criterion]]:
        """The open criteria beside which an answer stands, by its question."""
        criteria = self.assignment.application.design.criteria
        return readers_of(criteria, {each.key for each in criteria if each.is_scored and self.is_open(each.key)})


def score_page(session: Session, actor: Actor, assignment_id: UUID) -> ScorePage:
    """Everything on the scoring page, or only that there is something while a declaration is missing; else NotFound."""
    assignment = own_assignment(session, actor, assignment_id)
    application = assignment.application
    design, seen = application.design, round_of(session, application.phase)
    label = label_of(application, seen)
    if assignment.awaits_declaration:
        return ScorePage(assignment, seen, label, None, [], [], [], tally_of(design, []), None)
    submission = _submission(session, assignment)
    hidden = hidden_keys(design, seen)
    content = as_seen(submission.content, seen, hidden, label)
    entries = entries_of(session, assignment)
    computed = _without(computed_criteria(session, application, submission), submission.content, hidden)
    return ScorePage(
        assignment=assignment,
        round=seen,
        label=label,
        content=content,
        files=files_of(session, application.id, content, seen, label),
        entries=entries,
        computed=computed,
        tally=tally_of(design, entries, computed),
        following=next_assignment(session, actor, assignment, seen),
        reopening=reopening_of(session, assignment),
        others=others_opinions(session, assignment, seen),
        asked=asked_of(session, application.id, submission.content, seen),
        may_discuss=assignment.is_final
        and may_have_to_agree(design)
        and bool(opinions_of(session, application).to_agree),
    )


def proposal_file(session: Session, actor: Actor, assignment_id: UUID, file_id: UUID) -> ProposalFile:
    """One file of the proposal of the actor's own assignment, if the round shows it; NotFound for every other."""
    assignment = readable_assignment(session, actor, assignment_id)
    seen = round_of(session, assignment.application.phase)
    hidden = hidden_keys(assignment.application.design, seen)
    label = label_of(assignment.application, seen)
    content = as_seen(_submission(session, assignment).content, seen, hidden, label)
    found = next(
        (
            each
            for each in files_of(session, assignment.application_id, content, seen, label)
            if each.file.id == file_id
        ),
        None,
    )
    if found is None or found.is_withheld:
        raise NotFound
    return found


def _submission(session: Session, assignment: Assignment) -> Submission:
    """The last registered submission."""
    query = select(Submission).where(Submission.application_id == assignment.application_id)
    submission = session.scalars(query.order_by(Submission.id.desc()).limit(1)).first()
    if submission is None:
        raise NotFound
    return submission


def _without(computed: list[Computed], content: Mapping[str, Any], hidden: frozenset[str]) -> list[Computed]:
    """The computed criteria that tell nothing of a hidden answer."""
    tags = {
        tag
        for section in content["sections"]
        for answer in section["answers"]
        if answer["key"] in hidden
        for tag in (answer.get("tag"), *answer.get("tags", {}).values())
    }
    return [each for each in computed if not tags & {each.criterion.tag, *names_in(each.criterion.formula)} - {None}]
