"""After a ranking: observations and replies, the final one, who leaves and who moves up, letters, a judgment."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from portal.access.rules.facts import local_day
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import EdgeRule
from portal.calls.rules.design import EvaluationRules
from portal.core.errors import Closed, Conflict, IllegalMove, NotFound
from portal.core.jobs import Job
from portal.documents.reading import read_file
from portal.evaluation import operations
from portal.evaluation.afterwards import DepartureCause, DisclosureStatus, ObservationKind, RankingCause
from portal.evaluation.checks import broken
from portal.evaluation.letters import make_letter
from portal.evaluation.models import Assignment, OutcomeLetter
from portal.evaluation.operations.publishing import ObservationsOpen, Outdated
from portal.evaluation.points import Entry
from portal.evaluation.queries.changes import changes_of
from portal.evaluation.queries.following import NothingFollows
from portal.evaluation.queries.rankings import run_of
from portal.evaluation.rules import RankingStatus
from tests.factories.base import as_actor, bari_design
from tests.factories.evaluation import (
    actor_for,
    assign,
    compute,
    make_evaluation,
    publish,
    score_everything,
)

DAY = timedelta(days=1)


def scored_world(session, now, **rules):
    """Three scored applications that ask for 15 000, 15 100 and 15 200 euro; there are 30 200."""
    line = replace(bari_design().budget_lines[0], amount=Decimal("30200.00"))
    design = replace(bari_design(), budget_lines=[line], edge_rule=EdgeRule.STOP, evaluation=EvaluationRules(**rules))
    world = make_evaluation(session, now=now, applications=3, design=design)
    assign(session, world, now=now)
    score_everything(session, world, now=now)
    return world


def owner_of(session, world, number, now):
    return as_actor(session, world.owners[number], now=now)


def officer(session, world, now):
    return as_actor(session, world.officer, now=now)


def test_observations_are_registered_replied_to_and_hold_the_final_ranking(session, now):
    world = scored_world(session, now, observation_days=10)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    with pytest.raises(ObservationsOpen):
        publish(session, world, ranking, now=now, final=True)
    mine = world.applications[0]
    sent = operations.send_observation(
        session, application_id=mine.id, kind=ObservationKind.REVIEW, text="Il punteggio non conta gli allegati.",
        actor=owner_of(session, world, 0, now), now=now + DAY,
    )  # fmt: skip
    assert sent.protocol_entry.subject.endswith("Istanza di riesame della graduatoria provvisoria")
    later = now + 15 * DAY
    with pytest.raises(ObservationsOpen, match="1 "):
        publish(session, world, ranking, now=later, final=True)
    with pytest.raises(Closed):
        operations.send_observation(session, application_id=mine.id, kind=ObservationKind.OBSERVATION, text="Tardi.",
                                    actor=owner_of(session, world, 0, later), now=later)  # fmt: skip
    reply = {"session": session, "observation_id": sent.id, "actor": officer(session, world, later), "now": later}
    operations.reply_to_observation(**reply, is_accepted=True, text="Gli allegati vanno contati.")
    with pytest.raises(Conflict):
        operations.reply_to_observation(**reply, is_accepted=False, text="Due volte.")
    with pytest.raises(ObservationsOpen):
        publish(session, world, ranking, now=later, final=True)
    again = publish(session, world, compute(session, world, now=later + DAY), now=later + DAY)
    assert again.version == 2
    assert publish(session, world, again, now=later + 20 * DAY, final=True).is_final


def test_others_cannot_write_on_a_result_that_is_not_theirs(session, now):
    world = scored_world(session, now, observation_days=10)
    publish(session, world, compute(session, world, now=now), now=now)
    with pytest.raises(NotFound):
        operations.send_observation(
            session, application_id=world.applications[0].id, kind=ObservationKind.OBSERVATION, text="Non mia.",
            actor=owner_of(session, world, 1, now), now=now,
        )  # fmt: skip


def final_world(session, now, **rules):
    """Two winners and one that follows, published for good."""
    world = scored_world(session, now, **rules)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    return world, publish(session, world, ranking, now=now, final=True)


def leaves(session, world, number, now, cause=DepartureCause.RENUNCIATION):
    return operations.record_departure(
        session, application_id=world.applications[number].id, cause=cause, reason="Non può più farlo.",
        act_number="2026/77", act_date=local_day(now), actor=officer(session, world, now), now=now,
    )  # fmt: skip


def rectified(session, world, ranking, now):
    return operations.publish_rectified(session, ranking_id=ranking.id, act_number="2026/78", act_date=local_day(now),
                                        actor=officer(session, world, now), now=now)  # fmt: skip


def statuses(session, world):
    session.flush()
    return [each.status for each in world.applications]


def test_who_follows_moves_up_when_a_winner_leaves(session, now):
    world, final = final_world(session, now, validity_months=6)
    assert statuses(session, world)[2] is ApplicationStatus.RESERVE_LIST
    asked = {"phase_id": world.phase.id, "actor": officer(session, world, now), "now": now + DAY}
    with pytest.raises(NothingFollows):
        operations.scroll_down(session, why="Per prova.", **asked)
    leaves(session, world, 1, now)
    with pytest.raises(Closed):
        operations.scroll_down(session, why="Tardi.", **(asked | {"now": now + 200 * DAY}))
    draft = operations.scroll_down(session, why="Una rinuncia: si scorre.", **asked)
    assert (draft.version, draft.cause, draft.follows_id) == (2, RankingCause.SCROLLED, final.id)
    with pytest.raises(IllegalMove):
        publish(session, world, draft, now=now + DAY)
    published = rectified(session, world, draft, now + DAY)
    assert (published.status, final.status) == (RankingStatus.FINAL, RankingStatus.SUPERSEDED)
    assert statuses(session, world) == [
        ApplicationStatus.FUNDED, ApplicationStatus.RENOUNCED, ApplicationStatus.FUNDED
    ]  # fmt: skip
    words = {each.row.application.reference: [str(word) for word in each.words]
             for each in changes_of(session, published)}  # fmt: skip
    assert set(words) == {world.applications[1].reference, world.applications[2].reference}
    assert run_of(published).result_of(str(world.applications[0].id)).awarded_cents == 1_500_000
    assert list(broken(session)) == []


def test_a_version_that_the_data_would_not_give_any_more_is_refused(session, now):
    world, _final = final_world(session, now)
    leaves(session, world, 1, now)
    draft = operations.scroll_down(session, phase_id=world.phase.id, why="Una rinuncia.",
                                   actor=officer(session, world, now), now=now)  # fmt: skip
    leaves(session, world, 0, now, DepartureCause.REVOCATION)
    assert world.applications[0].status is ApplicationStatus.EXCLUDED
    with pytest.raises(Outdated):
        rectified(session, world, draft, now)


def test_only_winners_leave_and_only_once(session, now):
    world, _final = final_world(session, now)
    with pytest.raises(Conflict):
        leaves(session, world, 2, now)
    leaves(session, world, 1, now)
    with pytest.raises(IllegalMove):
        leaves(session, world, 1, now)


def test_after_a_judgment_only_the_reopened_scores_are_new(session, now):
    world, final = final_world(session, now)
    third = world.applications[2]
    opened = session.scalars(select(Assignment).where(Assignment.application_id == third.id)).all()
    asked = {"phase_id": world.phase.id, "judgment": "TAR Puglia 1234/2026", "why": "Due punteggi vanno riassegnati.",
             "actor": officer(session, world, now)}  # fmt: skip
    with pytest.raises(NothingFollows):
        operations.score_now_for_then(session, now=now, **asked)
    later = now + DAY
    for each in opened:
        operations.reopen_scores(session, assignment_id=each.id, criteria=["impact", "innovation"], reason="Sentenza",
                                 act_number="1234/2026", act_date=local_day(later),
                                 actor=officer(session, world, later), now=later)  # fmt: skip
    with pytest.raises(NothingFollows):
        operations.score_now_for_then(session, now=later, **asked)
    for each in opened:
        given = {"assignment_id": each.id, "actor": actor_for(session, each, now=later), "now": later}
        entries = [Entry("impact", 2500, "Dopo la sentenza", 1), Entry("innovation", 2000, "Dopo la sentenza", 1)]
        operations.save_scores(session, entries=entries, **given)
        operations.finalise_scores(session, **given)
    draft = operations.score_now_for_then(session, now=later + DAY, **asked)
    anew, then = run_of(draft).given, run_of(final).given
    changed = [
        (one.candidate, column)
        for one, other in zip(anew.sheets, then.sheets, strict=True)
        for column, pair in enumerate(zip(one.points, other.points, strict=True)) if pair[0] != pair[1]
    ]  # fmt: skip
    assert set(changed) == {(str(third.id), 0), (str(third.id), 1)}
    assert replace(anew, sheets=then.sheets) == then
    published = rectified(session, world, draft, later + DAY)
    assert published.judgment == "TAR Puglia 1234/2026"
    assert statuses(session, world).count(ApplicationStatus.FUNDED) == 2
    assert list(broken(session)) == []


def test_every_applicant_gets_a_registered_letter_once(app, session, now):
    world, final = final_world(session, now)
    asked = session.scalars(select(Job).where(Job.kind == "evaluation.letter")).all()
    assert len(asked) == 3
    mine = world.applications[2]
    letter = make_letter(session, ranking_id=final.id, application_id=mine.id, now=now)
    assert letter is not None
    assert letter.protocol_entry.sha256 == letter.file.sha256
    assert read_file(letter.file).startswith(b"%PDF")
    assert make_letter(session, ranking_id=final.id, application_id=mine.id, now=now) is None
    assert session.scalars(select(OutcomeLetter)).all() == [letter]


def test_documents_are_released_without_persons_and_after_the_others_were_heard(session, now):
    world, _final = final_world(session, now)
    mine, other = world.applications[2], world.applications[0]
    asking = owner_of(session, world, 2, now)
    request = operations.ask_for_documents(session, application_id=mine.id, wants="Le schede e i verbali.",
                                           interest="Sono prima esclusa.", actor=asking, now=now)  # fmt: skip
    assert request.due_on >= local_day(now) + 30 * DAY
    office: dict[str, Any] = {"actor": officer(session, world, now), "now": now}
    notice = operations.tell_counter_interested(session, request_id=request.id, reference=other.reference, **office)
    grant: dict[str, Any] = {"request_id": request.id, "status": DisclosureStatus.GRANTED, "reason": "Un interesse."}
    with pytest.raises(Conflict):
        operations.decide_request(session, **grant, **office)
    operations.object_to_disclosure(session, notice_id=notice.id, text="Contiene dati miei.",
                                    actor=owner_of(session, world, 0, now), now=now)  # fmt: skip
    operations.decide_request(session, **grant, **office)
    with pytest.raises(Conflict):
        operations.decide_request(session, **grant, **office)
    taken = operations.take_bundle(session, request_id=request.id, actor=asking, now=now)
    with ZipFile(BytesIO(read_file(taken))) as bundle:
        files = {name: bundle.read(name).decode("utf-8-sig") for name in bundle.namelist()}
    whole = "\n".join(files.values())
    assert {"LEGGIMI.txt", "schede/punteggi.csv", "graduatoria/ingresso.json", "graduatoria/risultato.json"} <= {*files}
    assert "Commissario 1" in whole
    assert "Motivo di impact" in files["schede/punteggi.csv"]
    secrets = [each.name for each in world.members] + [str(each.id) for each in world.members]
    assert not [each for each in secrets if each in whole]
    assert json.loads(files["graduatoria/risultato.json"])["results"][0]["candidate"] == other.reference
    with pytest.raises(NotFound):
        operations.take_bundle(session, request_id=request.id, actor=owner_of(session, world, 1, now), now=now)
