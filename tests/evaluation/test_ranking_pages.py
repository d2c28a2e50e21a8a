"""The pages of what follows a ranking: observations and replies, files, versions, access to documents."""

import json
from datetime import timedelta

from portal.access.rules.facts import local_day
from portal.evaluation.letters import make_letter
from tests.evaluation.test_ranking_afterwards import final_world, scored_world
from tests.factories.base import sign_in
from tests.factories.evaluation import compute, publish

DAY = timedelta(days=1)


def test_an_applicant_writes_and_the_office_replies(store, page, clock, now):
    with store() as session:
        world = scored_world(session, now, observation_days=10)
        ranking = publish(session, world, compute(session, world, now=now), now=now)
    clock.set(now + DAY)
    sign_in(page, world.owners[0].email)
    page.get(f"/applications/{world.applications[0].id}/outcome")
    page.submit("#observe", text="", expect=422)
    page.submit("#observe", kind="review", text="Gli allegati non sono stati letti.")
    assert page.shows("Gli allegati non sono stati letti.")
    sign_in(page, world.owners[1].email)
    page.get(f"/applications/{world.applications[1].id}/outcome")
    assert not page.shows("Gli allegati non sono stati letti.")
    sign_in(page, world.officer.email)
    page.get(f"/manage/phases/{world.phase.id}/after-the-ranking")
    page.click(world.applications[0].reference)
    page.submit("#reply", decision="no", text="Sono stati letti: pagina 3 del verbale.")
    assert page.shows("Sono stati letti")
    page.get(f"/rankings/{ranking.id}")
    assert page.shows("Ammesse con riserva") or page.shows("Ammessa con riserva")


def test_a_ranking_is_a_file_for_everybody_without_who_is_below_the_minimum(store, page, now):
    with store() as session:
        world, final = final_world(session, now)
    address = f"/rankings/{final.id}/file"
    found = json.loads(page.client.get(f"{address}?format=json").data)
    assert set(found["lists"]) >= {"funded", "funded_partially", "suitable_not_funded", "with_reserve",
                                   "not_suitable", "inadmissible"}  # fmt: skip
    assert [each["list"] for each in found["results"]] == ["funded", "funded", "suitable_not_funded"]
    assert found["results"][0]["applicant"]
    assert found["ranking_act"] == "2026/9"
    text = page.client.get(f"{address}?format=csv").data.decode("utf-8-sig")
    assert world.applications[0].reference in text
    assert not [each.name for each in (*world.members, *world.owners) if each.name in text]
    assert page.client.get(f"{address}?format=xlsx").data.startswith(b"PK")


def test_the_office_records_who_leaves_and_publishes_the_next_version(store, page, clock, now):
    with store() as session:
        world, final = final_world(session, now, validity_months=6)
    clock.set(now + DAY)
    sign_in(page, world.officer.email)
    page.get(f"/manage/phases/{world.phase.id}/after-the-ranking")
    page.submit("#scroll", why="Per prova", expect=409)
    day = local_day(now).isoformat()
    page.submit("#depart", reference=str(world.applications[1].id), cause="renunciation", reason="Rinuncia.",
                act_number="2026/77", act_date=day)  # fmt: skip
    page.submit("#scroll", why="Rinuncia della seconda: si scorre.")
    page.submit("#rectify", rectified_act_number="2026/78", rectified_act_date=day)
    page.click("Graduatoria definitiva, versione 2")
    assert page.shows("Rinuncia della seconda: si scorre.")
    page.get(f"/rankings/{final.id}")
    assert page.shows("sostituita")


def test_an_applicant_takes_the_letter_and_the_documents_it_was_granted(app, store, page, clock, now):
    with store() as session:
        world, final = final_world(session, now)
        mine = world.applications[2]
        letter = make_letter(session, ranking_id=final.id, application_id=mine.id, now=now)
        assert letter is not None
    clock.set(now + DAY)
    sign_in(page, world.owners[2].email)
    page.get(f"/applications/{mine.id}/outcome")
    assert page.shows("60 giorni")
    assert page.client.get(f"/outcomes/letters/{letter.id}").data.startswith(b"%PDF")
    page.get(f"/applications/{mine.id}/documents-of-the-evaluation")
    page.submit("#ask", wants="Le schede", interest="Un ricorso")
    sign_in(page, world.officer.email)
    page.get(f"/manage/phases/{world.phase.id}/after-the-ranking")
    page.click(mine.reference)
    page.submit("#decide", decision="granted", reason="Interesse diretto e attuale.")
    sign_in(page, world.owners[2].email)
    page.get(f"/applications/{mine.id}/documents-of-the-evaluation")
    assert page.shows("Interesse diretto e attuale.")
