"""What the public page of a call shows beside the call itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.calls.appointments import Appointment, appointments_of
from portal.calls.models import Call, CallDocument, CallEvent, CallQuestion, CallSubscription
from portal.calls.queries import LineBalance, remaining_budget
from portal.calls.queries.publication import (
    SHOWN_ON_THE_PAGE,
    answered_questions,
    documents_of,
    events_of,
    subscriptions_around,
)
from portal.calls.rules.publication import CallEventKind
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The parts of the page that are not in the design."""

    lines: list[LineBalance]
    documents: Sequence[CallDocument]
    questions: Sequence[CallQuestion]
    has_more_questions: bool
    events: Sequence[CallEvent]
    follows: dict[str, CallSubscription]
    appointments: list[Appointment]

    @property
    def cancelled(self) -> CallEvent | None:
        """The act that cancelled the call."""
        return next((event for event in self.events if event.kind is CallEventKind.CANCELLED), None)


def public_page(session: Session, call: Call, actor: Actor, now: datetime) -> PublicPage:
    """Budget, documents, the latest answers, the public history, and what the reader follows."""
    questions = answered_questions(session, call, most=SHOWN_ON_THE_PAGE + 1)
    return PublicPage(
        lines=remaining_budget(session, call),
        documents=documents_of(session, call.id),
        questions=questions[:SHOWN_ON_THE_PAGE],
        has_more_questions=len(questions) > SHOWN_ON_THE_PAGE,
        events=events_of(session, call, public=True),
        follows=subscriptions_around(session, actor, call),
        appointments=appointments_of(session, call, now),
    )
