"""The history of an object and the trail of an authority: everybody reads what they may, in words."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.core.audit import AuditEvent, record, verify, verify_kept
from portal.evaluation.models import Ranking
from portal.grants.models import Grant
from portal.reporting.trail.operations import anchor_trail
from portal.reporting.trail.rules import SECURITY_SUBJECTS
from tests.engines import both_engines
from tests.factories.base import as_actor, join, make_authority, make_person, make_staff, sign_in
from tests.factories.evaluation import assign, compute, make_evaluation, publish, score_everything
from tests.factories.payments import make_finance


@pytest.fixture
def finance(store, now):
    """A grant whose first tranche was released; ids by name."""
    with store() as session:
        made = make_finance(session, now=now)
        made.release(made.first)
        auditor = make_staff(session, made.world.authority, Role.AUDITOR, now=now, name="Bruno Revisore")
        administrator = make_staff(session, made.world.authority, Role.ADMINISTRATOR, now=now)
        viewer = make_person(session, now=now)
        join(session, viewer, made.world.association, Tie.VIEWER, now=now)
        made.world.paths = {
            "grant": f"/trail/grant_award/{made.grant.id}",
            "tranche": f"/trail/tranche/{made.first.id}",
            "approve": f"/tranches/{made.first.id}/approve",
            "organisation": f"/trail/organisation/{made.world.association.id}",
            "call": f"/trail/call/{made.world.call.id}",
            "application": f"/trail/application/{made.world.application.id}",
            "auditor": auditor.email,
            "administrator": administrator.email,
            "viewer": viewer.email,
        }
    return made


@pytest.fixture
def evaluation(store, now):
    """Two applications scored by everybody; the ranking is not published yet."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
        assign(session, made, now=now)
        score_everything(session, made, now=now)
        made.known["trail"] = f"/trail/application/{made.applications[0].id}"
    return made


@both_engines
def test_a_grant_tells_what_happened_to_it_and_to_its_parts_in_words(page, finance):
    sign_in(page, finance.world.officer.email)
    page.get(f"{finance.world.paths['grant']}?lang=it")
    for words in ("Contributo concesso", "Tranche 1", "Pagamento approvato da una seconda persona", "Ugo Lai",
                  "€ 20.000,00", "lunedì 2 marzo 2026, 10:00 (ora di Roma)", "approvata"):  # fmt: skip
        assert page.shows(words), words
    page.get(f"{finance.world.paths['grant']}?lang=en")
    assert page.shows("Payment approved by a second person")
    assert page.shows("€20,000.00")


def test_every_object_with_a_page_links_to_its_history(page, finance):
    sign_in(page, finance.world.officer.email)
    world = finance.world
    for path in (f"/grants/{finance.grant.id}", f"/tranches/{finance.first.id}", f"/manage/calls/{world.call.slug}",
                 f"/organisations/{world.association.id}"):  # fmt: skip
        page.get(path)
        assert page.tree.xpath("//a[starts-with(@href, '/trail/')]"), path


@pytest.mark.parametrize("kind", ["grant", "tranche", "organisation", "call", "application"])
def test_the_history_of_a_strangers_object_does_not_exist(page, finance, store, now, kind):
    with store() as session:
        stranger = make_person(session, now=now, name="Un'altra persona")
    sign_in(page, stranger.email)
    page.get(finance.world.paths[kind], 404)
    page.get("/trail/web_session/00000000-0000-7000-8000-000000000000", 404)


def test_the_filter_and_the_pages_by_key_lose_no_row(page, finance, store, now, monkeypatch):
    monkeypatch.setattr("portal.reporting.trail.queries.PAGE", 4)
    sign_in(page, finance.world.officer.email)
    page.get(finance.world.paths["grant"])
    rows, seen = [], set()
    while True:
        rows += [item.xpath("string()") for item in page.tree.xpath("//ol[@class='v-timeline']/li")]
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page.get(following[0])
        assert following[0] not in seen
        seen.add(following[0])
    with store() as session:
        grant = list(session.scalars(select(AuditEvent.id).where(AuditEvent.subject_id == finance.grant.id)))
    assert len(seen) >= 3
    assert len(rows) > len(grant)
    page.get(f"{finance.world.paths['grant']}?kind=money&person={finance.checker.id}")
    assert page.shows("Pagamento approvato da una seconda persona")
    assert not page.shows("Contributo concesso")


@both_engines
def test_a_page_of_history_costs_eight_statements_at_most(page, finance, statements):
    sign_in(page, finance.world.paths["auditor"])
    for path in (*(finance.world.paths[kind] for kind in ("grant", "organisation", "call")), "/manage/trail"):
        with statements() as sent:
            page.get(path)
        assert len(sent) <= 8, (path, sent)


def test_an_applicant_reads_neither_the_commission_nor_the_points(page, evaluation, store, now):
    names = [each.name for each in evaluation.people]
    sign_in(page, evaluation.owners[0].email)
    page.get(evaluation.known["trail"])
    assert not page.shows("Ogni commissario ha valutato")
    for person in evaluation.people:
        page.get(f"{evaluation.known['trail']}?person={person.id}")
        assert not [name for name in names if page.shows(name)]
        assert page.shows("Niente da raccontare")
    with store() as session:
        ranking = publish(session, evaluation, compute(session, evaluation, now=now), now=now)
    page.get(evaluation.known["trail"])
    assert not page.shows("Ogni commissario ha valutato")
    with store() as session:
        publish(session, evaluation, session.get_one(Ranking, ranking.id), now=now, final=True)
    page.get(evaluation.known["trail"])
    assert page.shows("Ogni commissario ha valutato · la commissione")
    assert page.shows("· l’ufficio")
    assert not [name for name in [*names, "hundredths", "Punti"] if page.shows(name)]
    for person in [*evaluation.people, evaluation.officer]:
        for asked in (f"person={person.id}", f"by={person.name}", f"by={person.name[:4]}&kind=evaluation"):
            page.get(f"{evaluation.known['trail']}?{asked}")
            assert not page.shows("valutato"), asked


def test_the_office_reads_who_scored_and_the_points_only_once_all_have(page, evaluation, store, now):
    with store() as session:
        other = make_evaluation(session, now=now, applications=1, code="torino")
        assign(session, other, now=now)
        path = f"/trail/application/{other.applications[0].id}"
    sign_in(page, evaluation.officer.email)
    page.get(evaluation.known["trail"])
    assert page.shows("Elio Commissario 1")
    assert page.shows("Punti")
    page.get(path, 404)
    sign_in(page, other.officer.email)
    page.get(path)
    assert page.shows("Domanda assegnata a un commissario")


def test_a_refused_payment_stands_in_the_history_of_its_tranche_for_the_office_alone(page, finance):
    sign_in(page, finance.world.owner.email)
    page.post(finance.world.paths["approve"], 403, version="1")
    page.get(finance.world.paths["tranche"])
    assert page.shows("Rifiutato: Pagamento approvato da una seconda persona")
    sign_in(page, finance.world.paths["viewer"])
    page.get(finance.world.paths["tranche"])
    assert not page.shows("Rifiutato")
    sign_in(page, finance.world.paths["auditor"])
    page.get(f"{finance.world.paths['tranche']}?kind=refusal")
    assert page.shows("Marta Bianchi")


def test_an_auditor_finds_everything_of_the_authority_and_nothing_of_another(page, finance, store, now):
    with store() as session:
        other = make_evaluation(session, now=now, applications=1, code="torino")
        assign(session, other, now=now)
    sign_in(page, finance.world.paths["auditor"])
    page.get(f"/manage/trail?about={finance.grant.reference}")
    assert page.shows("Contributo concesso")
    page.get("/manage/trail?by=ugo+l&kind=money&day=2026-03-02")
    assert page.shows("Pagamento approvato da una seconda persona")
    assert not page.shows("Contributo concesso")
    page.get(f"/manage/trail?about={other.applications[0].reference}")
    assert page.shows("Nessun risultato")
    page.get("/manage/trail?day=2026-03-01")
    assert page.shows("Nessun risultato")
    for asked in ("about=%00", "day=9999-12-31", "day=x", "kind=x", "person=x", "after=x", "about=1/2/3", "about=²/1"):
        page.get(f"/manage/trail?{asked}")


def test_an_administrator_reads_security_and_no_content(page, finance):
    sign_in(page, finance.world.paths["administrator"])
    page.get("/manage/trail")
    assert page.shows("Accesso")
    for words in ("Contributo concesso", "Tranche", "€"):
        assert not page.shows(words), words
    page.get(f"/manage/trail?about={finance.grant.id}")
    assert page.shows("Nessun risultato")


def test_the_history_of_members_is_told_to_those_who_may_know_it(page, finance, store, now):
    with store() as session:
        organisation = finance.world.association
        for event in ("member.joined", "invitation.sent", "organisation.edit"):
            note(session, organisation, event, finance, now)
    sign_in(page, finance.world.owner.email)
    page.get(finance.world.paths["organisation"])
    assert page.shows("Invito mandato")
    sign_in(page, finance.world.paths["viewer"])
    page.get(finance.world.paths["organisation"])
    assert page.shows("Profilo modificato")
    assert not page.shows("Invito mandato")


def note(session, subject, event, finance, now):
    from_office = finance.world.officer
    session.add(
        AuditEvent(
            subject_type=subject.__tablename__, subject_id=subject.id, sequence=900 + len(event), at=now,
            actor_id=from_office.id, actor_name=from_office.name, actor_roles="officer", event=event, request_id="",
            salt="", actor_salt="", values_hash="", previous_hash="", hash="",
        )
    )  # fmt: skip
    session.flush()


def test_whoever_acts_in_the_place_of_another_is_told_as_such(page, finance, store, now):
    with store() as session:
        grant = session.get_one(Grant, finance.grant.id)
        stand_in = replace(
            as_actor(session, finance.checker, now=now),
            standing_in=frozenset({("finance_approver", grant.authority_id, finance.world.officer.id)}),
        )
        record(session, at=now, actor=stand_in, event="grant.publish", subject=grant)
    sign_in(page, finance.world.officer.email)
    page.get(finance.world.paths["grant"])
    assert page.shows("in sostituzione di Rosa Sala")


def test_anchors_and_the_last_verification_are_on_the_page_of_the_auditor(page, finance, store, now):
    with store() as session:
        anchor = anchor_trail(session, now=now)
        assert anchor_trail(session, now=now).id == anchor.id
    sign_in(page, finance.world.paths["auditor"])
    page.get("/manage/trail")
    assert page.shows(anchor.digest)
    answer = page.client.get(f"/manage/trail/anchors/{anchor.day}")
    told = json.loads(answer.get_data())
    assert (told["day"], told["whole"]) == (date(2026, 3, 2).isoformat(), anchor.digest)
    page.get("/manage/trail/anchors/2026-03-03", 404)
    page.get("/manage/trail/anchors/nonsense", 404)


def test_an_anchor_is_handed_out_without_the_keys_of_other_authorities(page, visitors, finance, store, now):
    with store() as session:
        torino = make_authority(session, code="torino", name="Città di Torino")
        foreign = make_staff(session, torino, Role.AUDITOR, now=now)
        record(session, at=now, actor=as_actor(session, foreign, now=now), event="authority.edit", subject=torino)
        anchor = anchor_trail(session, now=now)
        torino_id, foreign_email = str(torino.id), foreign.email
    asked = f"/manage/trail/anchors/{anchor.day}"
    sign_in(page, finance.world.paths["auditor"])
    mine, theirs = (who.client.get(asked).get_data() for who in (page, sign_in(visitors(), foreign_email)))
    keys = [{head[1] for head in json.loads(each)["heads"]} for each in (mine, theirs)]
    assert str(finance.grant.id) in keys[0] - keys[1]
    assert torino_id in keys[1] - keys[0]
    administered = sign_in(visitors(), finance.world.paths["administrator"]).client.get(asked).get_data()
    assert {head[0] for head in json.loads(administered)["heads"]} <= set(SECURITY_SUBJECTS)
    with store() as session:
        assert [*verify_kept(session, mine, "mine.json"), *verify_kept(session, theirs, "theirs.json")] == []
        rewritten = mine.replace(json.loads(mine)["heads"][0][3].encode(), b"0" * 64)
        assert "was rewritten after the anchor" in next(verify_kept(session, rewritten, "mine.json"))
        other = mine.replace(anchor.digest.encode(), b"0" * 64)
        assert "but mine.json has 000" in next(verify_kept(session, other, "mine.json"))


def test_taking_a_history_away_is_written_in_it(page, finance, store):
    sign_in(page, finance.world.officer.email)
    page.get(finance.world.paths["grant"])
    page.submit("Scarica la storia (ZIP)")
    with zipfile.ZipFile(io.BytesIO(page.response.get_data())) as archive:
        assert archive.namelist() == ["trail.json", "verify_trail.py", "LEGGIMI-README.txt"]
    page.get(finance.world.paths["grant"])
    assert page.shows("Storia scaricata come file")
    page.post(f"{finance.world.paths['call']}/export", 404)
    with store() as session:
        assert list(verify(session)) == []
