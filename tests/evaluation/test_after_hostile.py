"""Afterwards, read by whoever means ill or comes late: the last second, forged numbers, results that are not theirs."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from portal.access.policy import Role
from portal.core.errors import Closed
from portal.core.i18n import speaking
from portal.documents.reading import read_file
from portal.evaluation import operations
from portal.evaluation.afterwards import DepartureCause, ObservationKind
from portal.evaluation.letters import make_letter
from portal.evaluation.queries.outcomes import outcome_page
from portal.evaluation.terms import remedies_from
from tests.evaluation.test_scroll_causes import act, final_world, office, scored_world, scrolled
from tests.factories.base import as_actor, make_authority, make_staff, sign_in
from tests.factories.evaluation import compute, publish

ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@on_sqlite
def test_the_last_second_is_in_time_and_the_next_one_is_not(session, now):
    world = scored_world(session, now, observation_days=10)
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    assert ranking.observations_until is not None
    last = datetime.combine(ranking.observations_until, time(23, 59, 59, 999_999), ROME)
    said = {"application_id": world.applications[0].id, "kind": ObservationKind.OBSERVATION, "text": "Un errore.",
            "actor": as_actor(session, world.owners[0], now=now)}  # fmt: skip
    assert operations.send_observation(session, **said, now=last).sent_at == last
    after = last + timedelta(microseconds=1)
    with pytest.raises(Closed):
        operations.send_observation(session, **said, now=after)
    waited = operations.send_observation(session, **said, now=after + timedelta(seconds=2), received_at=last)
    assert waited.sent_at == last


@on_sqlite
def test_a_version_that_repeats_a_result_opens_no_new_term_for_it(session, now):
    world = final_world(session, now)
    later = now + 40 * DAY
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(later), **office(session, world, later))  # fmt: skip
    scrolled(session, world, later)
    pages = [outcome_page(session, as_actor(session, each, now=later), application.id)
             for each, application in zip(world.owners, world.applications, strict=True)]  # fmt: skip
    assert [each.is_unchanged for each in pages] == [True, False, False]
    assert pages[0].remedies == remedies_from(now)
    assert pages[2].remedies == remedies_from(later)


@on_sqlite
def test_what_runs_down_again_explains_the_money_there_is(session, now):
    world = final_world(session, now)
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    scrolled(session, world, now)
    with speaking("it"):
        page = outcome_page(session, as_actor(session, world.owners[2], now=now), world.applications[2].id)
    said = next(line for line in page.lines if line.startswith("Linea"))
    assert "EUR 15.000,00 restano a chi ha già vinto, EUR 15.200,00 a chi segue" in said


@on_sqlite
def test_the_letter_is_tagged_and_says_from_when_and_until_when(app, session, now):
    world = final_world(session, now)
    letter = make_letter(session, ranking_id=world.ranking.id, application_id=world.applications[2].id, now=now)
    assert letter is not None
    with pikepdf.open(BytesIO(read_file(letter.file))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("it")
        assert "/StructTreeRoot" in pdf.Root
        assert "/ViewerPreferences" in pdf.Root
        meta = pdf.open_metadata()
        assert meta.get("pdfuaid:part") == "1"
        assert world.members[0].name not in str(pdf.docinfo)


@pytest.fixture
def published(store, now):
    """A final ranking; the second application is not suitable, and somebody is an officer elsewhere."""
    with store() as session:
        world = final_world(session, now)
        torino = make_authority(session, code="torino", name="Torino")
        world.known["foreign"] = make_staff(session, torino, Role.OFFICER, now=now).email
        world.known["letter"] = make_letter(session, ranking_id=world.ranking.id,
                                            application_id=world.applications[0].id, now=now)  # fmt: skip
        request = operations.ask_for_documents(session, application_id=world.applications[0].id, wants="Tutto.",
                                               interest="Sì.", actor=as_actor(session, world.owners[0], now=now),
                                               now=now)  # fmt: skip
        world.known["request"] = request.id
        world.known["phase"] = world.phase.id
    return world


def test_nobody_else_finds_a_result_a_letter_or_a_request(published, page):
    mine, letter = published.applications[0].id, published.known["letter"].id
    paths = (f"/applications/{mine}/outcome", f"/applications/{mine}/documents-of-the-evaluation",
             f"/outcomes/letters/{letter}", f"/disclosures/{published.known['request']}",
             f"/rankings/{published.ranking.id}/results/{mine}",
             f"/manage/phases/{published.known['phase']}/after-the-ranking")  # fmt: skip
    for email in (published.owners[1].email, published.members[0].email, published.known["foreign"]):
        sign_in(page, email)
        for path in paths:
            nowhere = re.sub(r"[0-9a-f-]{36}", str(uuid4()), path)
            refused, unknown = (page.client.get(each).status_code for each in (path, nowhere))
            assert refused in ((403, 404) if "manage" in path else (unknown,)), (email, path)
            assert refused >= 403
