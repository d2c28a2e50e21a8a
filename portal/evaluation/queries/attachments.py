"""The files of a proposal as the round shows them: while names are hidden, under a code and without who signed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.rules.design import EvaluationRound
from portal.documents.models import StoredFile
from portal.documents.queries import signatures_of
from portal.documents.signatures import signed_listed
from portal.evaluation.masking import files_seen
from portal.evaluation.models import FileRelease
from portal.evaluation.queries.withheld import releases_of


@dataclass(frozen=True, slots=True)
class ProposalFile:
    """A file of the proposal with what the applicant was asked for, and its name as evaluators read it.

    One that cannot lose its author's name is listed and not served while names are hidden, unless the office gave a
    clean copy in its place, or opened it by an act.
    """

    label: Mapping[str, str]
    name: str
    file: StoredFile
    is_nameless: bool
    is_withheld: bool
    signed: Mapping[str, Any]
    """Its signatures in words; who signed is shown where names are."""


def files_of(
    session: Session, application_id: UUID, content: Mapping[str, Any], seen: EvaluationRound, label: str
) -> list[ProposalFile]:
    """The files in the order of the content."""
    found = files_seen(content, seen, label)
    if not found:
        return []
    stored = _stored(session, [UUID(each.file_id) for each in found])
    withheld = {key for key, file in stored.items() if seen.blind and not file.may_lose_names}
    released = {key[1]: row for key, row in releases_of(session, [application_id]).items()} if withheld else {}
    copies = _stored(session, [row.clean_file_id for row in released.values() if row.clean_file_id])
    shown = {key: copies.get(row.clean_file_id or key, file)
             for key, file in stored.items() if (row := released.get(key))}  # fmt: skip
    signatures = signatures_of(session, stored.values())
    return [
        ProposalFile(
            each.label, each.name, shown.get(key, file), seen.blind and not _is_opened(released.get(key)),
            key in withheld and key not in released, signed_listed(file, signatures.get(key, [])),
        )
        for each in found
        if (file := stored.get(key := UUID(each.file_id))) is not None
    ]  # fmt: skip


def _is_opened(release: FileRelease | None) -> bool:
    """Whether an act shows the file as it is."""
    return release is not None and release.clean_file_id is None


def _stored(session: Session, keys: Sequence[UUID]) -> dict[UUID, StoredFile]:
    query = select(StoredFile).where(StoredFile.id.in_(keys)).order_by(StoredFile.id)
    return {file.id: file for file in session.scalars(query)} if keys else {}
