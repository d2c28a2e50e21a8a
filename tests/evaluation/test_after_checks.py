"""`portal check` over what follows a ranking: each thing that could be wrong is made wrong once, and found."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.evaluation import after_checks, disclosure_checks, following_checks, operations
from portal.evaluation.afterwards import DepartureCause, DisclosureStatus, ObservationKind
from portal.evaluation.letters import make_letter
from portal.evaluation.models import (
    DisclosureNotice,
    DisclosureRequest,
    Observation,
    ObservationReply,
    OutcomeLetter,
    Ranking,
    RankingDeparture,
    RankingRow,
)
from portal.evaluation.ranking import Outcome
from portal.evaluation.rules import RankingStatus
from tests.evaluation.test_scroll_causes import act, final_world, office, scored_world
from tests.factories.base import as_actor
from tests.factories.evaluation import compute, publish

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
Break = tuple[type[Any], dict[str, Any]]


def found_broken(
    session: Session, broken: Callable[[Session], Iterator[str]], breaks: dict[str, Break]
) -> dict[str, list[str]]:
    """What the check says of each break, made by itself in a database without guards."""
    assert list(broken(session)) == []
    triggers = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in triggers.scalars().all():
        session.execute(text(f'DROP TRIGGER "{name}"'))
    said = {}
    for words, (model, values) in breaks.items():
        with session.begin_nested() as savepoint:
            where = values.pop("where", True)
            session.execute(update(model).where(where).values(**values).execution_options(synchronize_session=False))
            session.expire_all()
            said[words] = list(broken(session))
            savepoint.rollback()
        session.expire_all()
    return said


def all_found(said: dict[str, list[str]]) -> None:
    for words, lines in said.items():
        assert any(words in line for line in lines), (words, lines)


def observed_world(session: Session, now: Any) -> Any:
    """A ranking on which somebody wrote in its days, was replied to, and that is final since."""
    world = scored_world(session, now, observation_days=10)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    sent = operations.send_observation(
        session, application_id=world.applications[0].id, kind=ObservationKind.REVIEW, text="Mancano dei punti.",
        actor=as_actor(session, world.owners[0], now=now), now=now + DAY,
    )  # fmt: skip
    operations.reply_to_observation(session, observation_id=sent.id, is_accepted=False, text="No.",
                                    **office(session, world, now + 2 * DAY))  # fmt: skip
    world.known["ranking"] = publish(session, world, ranking, now=now + 20 * DAY, final=True)
    world.known["sent"] = sent
    return world


def test_observations_replies_and_letters(app, session, now):
    world = observed_world(session, now)
    sent, at = world.known["sent"], now + 20 * DAY
    letter = make_letter(session, ranking_id=world.ranking.id, application_id=world.applications[0].id, now=at)
    assert letter is not None
    all_found(
        found_broken(
            session,
            after_checks.broken,
            {
                "does not say what was registered": (Observation, {"text": "Altro."}),
                "outside the days": (Observation, {"sent_at": now + 40 * DAY}),
                "a reply that is not the registered one": (ObservationReply, {"is_accepted": True}),
                "replied to before it was sent": (ObservationReply, {"replied_at": now}),
                "had no reply when": (ObservationReply, {"replied_at": now + 400 * DAY}),
                "is not the registered file": (OutcomeLetter, {"protocol_entry_id": sent.protocol_entry_id}),
                "was not final, or of another": (OutcomeLetter, {"made_at": now}),
            },
        )
    )


def test_requests_for_documents_and_their_clocks(session, now):
    world = final_world(session, now)
    mine, other = world.applications[2], world.applications[0]
    owner = as_actor(session, world.owners[2], now=now)
    request = operations.ask_for_documents(session, application_id=mine.id, wants="Le schede.", interest="Esclusa.",
                                           actor=owner, now=now)  # fmt: skip
    notice = operations.tell_counter_interested(session, request_id=request.id, reference=other.reference,
                                                **office(session, world, now))  # fmt: skip
    operations.object_to_disclosure(session, notice_id=notice.id, text="No.", now=now,
                                    actor=as_actor(session, world.owners[0], now=now))  # fmt: skip
    operations.decide_request(session, request_id=request.id, status=DisclosureStatus.GRANTED, reason="Un interesse.",
                              **office(session, world, now + DAY))  # fmt: skip
    session.flush()
    silent = {"objection": None, "objected_at": None, "objected_by": None}
    all_found(
        found_broken(
            session,
            disclosure_checks.broken,
            {
                "does not ask what was registered": (DisclosureRequest, {"wants": "Tutto."}),
                "not when its days end": (DisclosureRequest, {"due_on": date(2030, 1, 1)}),
                "its documents say otherwise": (DisclosureRequest, {"bundle_id": None}),
                "a decision that is not the registered one": (DisclosureRequest, {"reason": "Altro."}),
                "decided before it was asked": (DisclosureRequest, {"decided_at": now - DAY}),
                "who was told on": (DisclosureNotice, {"due_on": date(2030, 1, 1)}),
                "objected after its days": (DisclosureNotice, {"objected_at": now + 40 * DAY}),
                "while somebody could still object": (DisclosureNotice, silent),
            },
        )
    )


def test_departures_and_the_versions_that_follow(session, now):
    world = final_world(session, now, validity_months=6)
    first, second, third = world.applications
    operations.record_departure(session, application_id=second.id, cause=DepartureCause.RENUNCIATION, reason="Atto.",
                                **act(now), **office(session, world, now))  # fmt: skip
    draft = operations.scroll_down(
        session, phase_id=world.phase.id, why="Si scorre.", **office(session, world, now + DAY)
    )
    later = operations.publish_rectified(session, ranking_id=draft.id, **act(now), **office(session, world, now + DAY))
    session.flush()
    row = (RankingRow.ranking_id == later.id) & (RankingRow.application_id == second.id)
    kept = (RankingRow.ranking_id == later.id) & (RankingRow.application_id == first.id)
    this, old = Ranking.id == later.id, Ranking.id == later.follows_id
    all_found(
        found_broken(
            session,
            following_checks.broken,
            {
                "more than one final ranking": (Ranking, {"where": old, "status": RankingStatus.FINAL}),
                "of no winner of a final ranking": (RankingDeparture, {"application_id": third.id}),
                "left, and still counts": (Application, {"where": Application.id == second.id,
                                                         "status": ApplicationStatus.FUNDED}),
                "stands in a version after it left": (RankingRow, {"where": row, "outcome": Outcome.FUNDED}),
                "no act says why": (Application, {"where": Application.id == first.id,
                                                  "status": ApplicationStatus.EXCLUDED}),
                "follows no final version": (Ranking, {"where": old, "final_at": None}),
                "the end of the validity": (Ranking, {"where": this, "final_at": now + 400 * DAY}),
                "what it had": (RankingRow, {"where": kept, "awarded_cents": 1}),
            },
        )
    )  # fmt: skip
