"""The files of a proposal as the round shows them: while names are hidden, under a code and without who signed them."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class ProposalFile:
    """A file of the proposal with what the applicant was asked for, and its name as evaluators read it.

    One that cannot lose its author's name is listed and not served while names are hidden.
    """

    label: Mapping[str, str]
    name: str
    file: StoredFile
    is_nameless: bool
    is_withheld: bool
    signed: Mapping[str, Any]
    """Its signatures in words; who signed is shown where names are."""


def files_of(session: Session, content: Mapping[str, Any], seen: EvaluationRound, label: str) -> list[ProposalFile]:
    """The files in the order of the content."""
    found = files_seen(content, seen, label)
    if not found:
        return []
    query = select(StoredFile).where(StoredFile.id.in_([UUID(each.file_id) for each in found]))
    stored = {str(file.id): file for file in session.scalars(query.order_by(StoredFile.id))}
    signatures = signatures_of(session, stored.values())
    return [
        ProposalFile(each.label, each.name, file, seen.blind, seen.blind and not file.may_lose_names,
                     signed_listed(file, signatures.get(file.id, [])))
        for each in found
        if (file := stored.get(each.file_id)) is not None
    ]  # fmt: skip
