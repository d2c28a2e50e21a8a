"""The questions of a phase as chair and office meet them, with what the applicants wrote since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application, ApplicationMessage
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Clarification
from portal.evaluation.queries.clarifications import clarifications_of_phase, messages_after
from portal.evaluation.queries.matters import matter_for
from portal.evaluation.queries.progress import seated
from portal.evaluation.queries.rounds import is_kept_from, label_of, round_of


@dataclass(frozen=True, slots=True)
class ClarificationsPage:
    """Every question of a phase, what its reader calls each application, and the messages that may answer."""

    phase: Phase
    clarifications: Sequence[Clarification]
    labels: Mapping[UUID, str]
    messages: Mapping[UUID, Sequence[ApplicationMessage]]


def clarifications_page(session: Session, actor: Actor, slug: str, phase_key: str | None) -> ClarificationsPage:
    """The questions of a phase; what a team wrote is kept from whoever votes while names are hidden."""
    phase, commission = seated(session, actor, slug, phase_key, Action.CLARIFICATION_DECIDE)
    seen = round_of(session, phase)
    hides = is_kept_from(actor, commission.id, seen)
    found = clarifications_of_phase(session, actor, phase.id)
    labels = {
        each.id: label_of(each.application, seen)
        if hides
        else f"{each.application.reference} · {each.application.organisation.name}"
        for each in found
    }
    return ClarificationsPage(phase, found, labels, {} if hides else messages_after(session, found))


def place_of(session: Session, actor: Actor, clarification_id: UUID) -> tuple[str, str]:
    """The call and the phase of a question, for the way back; NotFound for whoever may not decide on it."""
    query = (
        select(Clarification.application_id, Call.slug, Phase.key)
        .join(Application, Application.id == Clarification.application_id)
        .join(Phase, Phase.id == Application.phase_id)
        .join(Call, Call.id == Application.call_id)
    )
    found = session.execute(query.where(Clarification.id == clarification_id)).one_or_none()
    if found is None:
        raise NotFound
    matter_for(session, found[0], actor, Action.CLARIFICATION_DECIDE)
    return found[1], found[2]
