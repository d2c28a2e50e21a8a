"""Where files of irregularities are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.officers import officers_told
from portal.core.i18n import lazy_
from portal.documents.places import Place
from portal.payments.irregularities.models import Irregularity, IrregularityStep

TEAM = (Tie.OWNER, Tie.EDITOR)


def of_irregularities(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Evidence and files of replies: the team and the officers of the grant."""
    replied = select(IrregularityStep.irregularity_id).where(IrregularityStep.file_id == file_id)
    used = or_(Irregularity.file_id == file_id, Irregularity.id.in_(replied))
    for row in session.scalars(select(Irregularity).where(used)):
        members = people_tied(session, row.grant.organisation_id, TEAM, at)
        path, said = f"/irregularities/{row.id}", {"reference": row.grant.reference}
        yield Place(
            subject=row.grant,
            team=[person.id for person in members],
            team_words=lazy_("%(reference)s: a virus was found in a file of an irregularity, which nobody can open. If"
                             " it is yours, send a clean copy.", **said),
            team_path=path,
            office=[person.id for person in officers_told(session, row.guard, at)],
            office_words=lazy_("%(reference)s: a virus was found in a file of an irregularity, which nobody can open"
                               " any more: decide nothing on it before a clean copy is there.", **said),
            office_path=path,
        )  # fmt: skip
