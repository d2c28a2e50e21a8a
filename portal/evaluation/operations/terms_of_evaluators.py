"""What the office says of an evaluator before applications are given out: how many at most, and what they know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, EvaluatorTerms
from portal.evaluation.operations.assigning import NoCommission
from portal.evaluation.queries.desks import terms_of, topics_known
from portal.evaluation.queries.seats import commission_of


def set_terms(
    session: Session, *, phase_id: UUID, person_id: UUID, most: int | None, topics: Sequence[str], actor: Actor,
    now: datetime,
) -> EvaluatorTerms:  # fmt: skip
    """Write the cap and the topics of somebody who votes; they hold from the next plan on.

    Raises Invalid for a topic that the call does not have, NotFound for somebody who does not sit.
    """
    phase, commission = seated(session, phase_id=phase_id, person_id=person_id, actor=actor)
    strange = set(topics) - {key for key, _name in topics_known(phase.design)}
    if strange:
        raise Invalid(lazy_("Choose among the areas and lines of the call."), "topics")
    if most is not None and most < 0:
        raise Invalid(lazy_("Write 0 or more, or leave it empty for no cap."), "most")
    row = terms_of(session, commission.id).get(person_id)
    before = {"most": row.most, "topics": row.topics} if row else None
    if row is None:
        row = EvaluatorTerms(commission_id=commission.id, person_id=person_id)
        session.add(row)
    row.most, row.topics = most, sorted(topics)
    session.flush()
    record(session, at=now, actor=actor, event="evaluator.terms_set", subject=row, before=before,
           after={"most": row.most, "topics": row.topics})  # fmt: skip
    return row


def seated(session: Session, *, phase_id: UUID, person_id: UUID, actor: Actor) -> tuple[Phase, Commission]:
    """The phase, locked, and its commission, on which this person votes now."""
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    commission = commission_of(session, phase.id)
    if commission is None:
        raise NoCommission
    if person_id not in {each.person_id for each in commission.members}:
        raise NotFound
    return phase, commission
