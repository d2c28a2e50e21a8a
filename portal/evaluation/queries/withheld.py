"""Files that evaluators are not shown while names are hidden, since they would tell who applies; and what was done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.applications.models import Application, ApplicationFile, Submission
from portal.applications.rules import UNDER_EVALUATION
from portal.calls.models import Phase
from portal.calls.rules.design import EvaluationRound
from portal.documents.models import StoredFile
from portal.documents.rules import KINDS
from portal.evaluation.masking import file_labels, hidden_keys
from portal.evaluation.models import FileRelease
from portal.evaluation.queries.rounds import rounds_in_force
from portal.questionnaires.models import AnswerFile


@dataclass(frozen=True, slots=True)
class WithheldFile:
    """One file of a proposal, as it was asked for, and how it came to be shown after all, where it did."""

    application: Application
    label: Mapping[str, str]
    file: StoredFile
    release: FileRelease | None

    @property
    def waits(self) -> bool:
        """Whether nothing was done about it yet."""
        return self.release is None


def withheld_files(
    session: Session, phases: Collection[Phase], *, without: Collection[UUID] = ()
) -> list[WithheldFile]:  # fmt: skip
    """The files withheld in the rounds in force, by reference: at most four statements, none where names are shown."""
    rounds = rounds_in_force(session, phases)
    blind = {each.id: rounds[each.id] for each in phases if rounds[each.id].blind}
    pairs = [each for each in _signed_inside(session, blind) if each[0].id not in without] if blind else []
    if not pairs:
        return []
    contents = _contents(session, {application.id for application, _file in pairs})
    released = releases_of(session, {application.id for application, _file in pairs})
    found = []
    for application, file in pairs:
        label = _label(application, contents.get(application.id, {}), blind[application.phase_id], file)
        if label is not None:
            found.append(WithheldFile(application, label, file, released.get((application.id, file.id))))
    return sorted(found, key=lambda each: (each.application.reference, each.file.name, each.file.id))


def releases_of(session: Session, applications: Collection[UUID]) -> dict[tuple[UUID, UUID], FileRelease]:
    """What was done about withheld files of these applications: the last of each counts."""
    query = select(FileRelease).where(FileRelease.application_id.in_(applications))
    return {(each.application_id, each.file_id): each
            for each in session.scalars(query.order_by(FileRelease.at, FileRelease.id))}  # fmt: skip


def _signed_inside(session: Session, phases: Collection[UUID]) -> Sequence[tuple[Application, StoredFile]]:
    """Applications under evaluation with the files attached to them that cannot lose names."""
    attached = select(ApplicationFile.application_id, ApplicationFile.file_id)
    answered = select(Application.id, AnswerFile.file_id).join(AnswerFile, AnswerFile.sheet_id == Application.sheet_id)
    files = attached.union(answered).subquery()
    query = (
        select(Application, StoredFile)
        .join(files, files.c.application_id == Application.id)
        .join(StoredFile, StoredFile.id == files.c.file_id)
        .where(Application.phase_id.in_(phases), Application.status.in_(UNDER_EVALUATION))
        .where(StoredFile.is_signed, StoredFile.media_type == KINDS["pdf"].media_type)
        .options(joinedload(Application.phase), joinedload(Application.call))
    )
    return [(application, file) for application, file in session.execute(query)]


def _contents(session: Session, applications: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The last registered content of each."""
    query = select(Submission.application_id, Submission.content).where(Submission.application_id.in_(applications))
    return {key: content for key, content in session.execute(query.order_by(Submission.id))}  # noqa: C416


def _label(
    application: Application, content: Mapping[str, Any], seen: EvaluationRound, file: StoredFile
) -> Mapping[str, str] | None:
    """What the file was asked for as, if the proposal holds it and the round does not hide it anyway."""
    return file_labels(content, hidden_keys(application.design, seen)).get(str(file.id)) if content else None
