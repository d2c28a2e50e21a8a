"""What the page of one team shows, and what its log begins with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, allowed
from portal.access.web import current_actor
from portal.coaching import queries
from portal.coaching.agenda.queries import agenda_of, appointment_to_log
from portal.coaching.forms import DisputeForm, SessionForm, WithdrawForm
from portal.coaching.forms.log import OTHER, USUAL
from portal.coaching.labels import LABELS, MODES, READERS, TONES
from portal.coaching.models import Appointment, Engagement
from portal.coaching.next_steps.queries import steps_of
from portal.coaching.notes.forms import NoteForm
from portal.coaching.notes.queries import notes_of
from portal.coaching.rules import ROME
from portal.coaching.topics import topics_of, words_of
from portal.core.clock import now

A_WEEK = timedelta(days=7)


def shown_of(session: Session, engagement_id: UUID, form: SessionForm | None = None) -> dict[str, Any]:
    """Everything that the templates of one team read; `form` is the log that came back."""
    actor, instant = current_actor(), now()
    engagement = queries.engagement_to_read(session, actor, engagement_id)
    members = queries.members_of(session, engagement, instant)
    earlier = queries.minutes_with_earlier_coaches(session, engagement) if engagement.follows_id else 0
    agenda = agenda_of(session, engagement)
    design = engagement.application.design
    return {
        "engagement": engagement,
        "hours": queries.hours_of(engagement, earlier),
        "may_log": engagement.until is None and allowed(actor, Action.SESSION_LOG, engagement),
        "log_form": log_of(session, engagement, members, agenda, form),
        "form": form,
        "steps": steps_of(session, engagement),
        "agenda": agenda,
        "notes": notes_of(session, actor, engagement),
        "note_form": NoteForm(None).offer(is_coach=actor.person_id == engagement.coach_id),
        "readers": READERS,
        "is_coach": actor.person_id == engagement.coach_id,
        "today": instant.astimezone(ROME).date(),
        "instant": instant,
        "topic_words": lambda keys: [str(each) for each in words_of(keys, design)],
        "dispute_forms": {each.id: DisputeForm(None).about(each.id) for each in engagement.sessions},
        "withdraw_forms": {each.id: WithdrawForm(None).about(each.id) for each in engagement.sessions},
        "labels": LABELS,
        "tones": TONES,
        "modes": MODES,
    }


def log_of(
    session: Session,
    engagement: Engagement,
    members: Sequence[Person],
    agenda: Sequence[Appointment],
    form: SessionForm | None = None,
) -> SessionForm | None:
    """The log with what may be chosen, filled in from the meeting that was agreed; None for whoever does not log."""
    actor = current_actor()
    if engagement.until is not None or not allowed(actor, Action.SESSION_LOG, engagement):
        return None
    given = form or SessionForm(None, data=_begins_with(agenda))
    teams = queries.engagements_of(session, actor)
    return given.offer(engagement, members, topics_of(engagement.application.design), teams)


def _begins_with(agenda: Sequence[Appointment]) -> dict[str, Any]:
    later = (now() + A_WEEK).astimezone(ROME).date()
    dues = {"due_1": later, "due_2": later, "due_3": later}
    planned = appointment_to_log(agenda, now())
    if planned is None or planned.starts_at is None:
        then = (now() - timedelta(hours=1)).astimezone(ROME)
        return dues | {"starts_at": then.replace(minute=then.minute - then.minute % 15, second=0, microsecond=0,
                                                 tzinfo=None)}  # fmt: skip
    usual = str(planned.minutes) if str(planned.minutes) in USUAL else OTHER
    return dues | {
        "appointment_id": str(planned.id),
        "starts_at": planned.starts_at.astimezone(ROME).replace(tzinfo=None),
        "minutes": usual,
        "other_minutes": planned.minutes if usual == OTHER else None,
        "mode": planned.mode.value,
    }
