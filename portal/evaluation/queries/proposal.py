"""What an evaluator reads: the frozen content of the registered submission, and its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.content import file_ids
from portal.applications.models import Submission
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.evaluation.models import Assignment
from portal.evaluation.points import Computed, Entry, Tally, tally_of
from portal.evaluation.queries.assignments import entries_of, next_assignment, own_assignment, readable_assignment
from portal.evaluation.queries.computed import computed_criteria


@dataclass(frozen=True, slots=True)
class ProposalFile:
    """A file of the proposal with what the applicant was asked for."""

    label: Mapping[str, str]
    file: StoredFile


@dataclass(frozen=True, slots=True)
class ScorePage:
    """The proposal beside the sheet; without a declaration there is no proposal."""

    assignment: Assignment
    content: Mapping[str, Any] | None
    files: list[ProposalFile]
    entries: list[Entry]
    computed: list[Computed]
    tally: Tally
    following: Assignment | None


def score_page(session: Session, actor: Actor, assignment_id: UUID) -> ScorePage:
    """Everything on the scoring page, or only who applies to what while a declaration is missing; else NotFound."""
    assignment = own_assignment(session, actor, assignment_id)
    design = assignment.application.design
    if assignment.awaits_declaration:
        return ScorePage(assignment, None, [], [], [], tally_of(design, []), None)
    submission = _submission(session, assignment)
    content = submission.content
    entries = entries_of(session, assignment)
    computed = computed_criteria(session, assignment.application, submission)
    return ScorePage(
        assignment=assignment,
        content=content,
        files=_files(session, content),
        entries=entries,
        computed=computed,
        tally=tally_of(design, entries, computed),
        following=next_assignment(session, actor, assignment),
    )


def proposal_file(session: Session, actor: Actor, assignment_id: UUID, file_id: UUID) -> StoredFile:
    """One file of the proposal of the actor's own assignment; NotFound for every other."""
    assignment = readable_assignment(session, actor, assignment_id)
    found = session.get(StoredFile, file_id)
    if found is None or str(file_id) not in file_ids(_submission(session, assignment).content):
        raise NotFound
    return found


def _submission(session: Session, assignment: Assignment) -> Submission:
    """The last registered submission."""
    query = select(Submission).where(Submission.application_id == assignment.application_id)
    submission = session.scalars(query.order_by(Submission.id.desc())).first()
    if submission is None:
        raise NotFound
    return submission


def _files(session: Session, content: Mapping[str, Any]) -> list[ProposalFile]:
    """The files in the order of the content."""
    query = select(StoredFile).where(StoredFile.id.in_([UUID(each) for each in file_ids(content)]))
    stored = {str(file.id): file for file in session.scalars(query.order_by(StoredFile.id))}
    return [
        ProposalFile(each["label"], stored[each["file_id"]]) for each in content["files"] if each["file_id"] in stored
    ]
