"""Where the documents of organisations are used, for whoever must know of a virus in one (documents.places)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.labels import FACTS
from portal.access.models import OfferedFact, Organisation, VerifiedFact
from portal.access.policy import Tie
from portal.access.queries.people import people_tied
from portal.core.i18n import lazy_
from portal.documents.places import Place


def of_documents(session: Session, file_id: UUID, at: datetime) -> Iterator[Place]:
    """Documents that were handed in or verified: their organisation, and the officers who judged them."""
    offers = session.scalars(
        select(OfferedFact).where(OfferedFact.file_id == file_id).options(joinedload(OfferedFact.organisation))
    )
    judged = {row.organisation_id: (row.kind, row.organisation, {row.decided_by}) for row in offers}
    facts = select(VerifiedFact, Organisation).join(Organisation, Organisation.id == VerifiedFact.organisation_id)
    for fact, organisation in session.execute(facts.where(VerifiedFact.file_id == file_id)):
        known = judged.get(organisation.id, (fact.kind, organisation, set()))
        judged[organisation.id] = (fact.kind, organisation, known[2] | {fact.recorded_by})
    for kind, organisation, officers in judged.values():
        said = {"name": organisation.name, "document": FACTS[kind]}
        path = f"/organisations/{organisation.id}#facts"
        members = people_tied(session, organisation.id, [Tie.OWNER, Tie.EDITOR], at)
        yield Place(
            subject=organisation,
            team=[person.id for person in members],
            team_words=lazy_(
                "%(name)s: a virus was found in the document “%(document)s”, which nobody can open any more. Hand in a"
                " clean copy.",
                **said,
            ),
            team_path=path,
            office=[officer for officer in officers if officer],
            office_words=lazy_(
                "%(name)s: a virus was found in the document “%(document)s”, which nobody can open any more. Its team"
                " was told to hand in a clean copy: verify that.",
                **said,
            ),
            office_path=path,
        )
