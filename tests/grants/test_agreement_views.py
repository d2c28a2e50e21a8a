"""The pages of agreements as a strict browser sees them; a true signature is read by the process apart."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from portal.access.models import ExternalIdentity
from portal.documents.models import StoredFile
from portal.documents.reading import read_file
from portal.grants.changes.operations import ask_amendment, grant_amendment
from portal.grants.changes.rules import Extension
from tests.factories.base import sign_in
from tests.factories.grants import make_world
from tests.factories.library import CLAUSES, composed_design, fill
from tests.factories.signing import real_pdf, sign_envelope, sign_pdf
from tests.grants.test_agreements import CODE, EVERY_WAY, prepare


@pytest.fixture
def world(store, now):
    with store() as session:
        world: Any = make_world(session, now=now, design=composed_design(**EVERY_WAY))
        fill(session, world.authority, by=world.actor(world.officer), now=now)
        world.association.representative_id = world.owner.id
        known = {"issuer": "https://spid.example", "subject": "s", "fiscal_number": CODE}
        session.add(ExternalIdentity(person_id=world.owner.id, linked_at=now, used_at=now, **known))
        world.grant = world.make_ready(world.award())
        return world


def prepared(world, store):
    """The bytes of the document that waits for signatures."""
    with store() as session:
        world.session = session
        session.add_all([world.grant, world.officer])
        prepare(world)
        return read_file(session.get_one(StoredFile, world.grant.agreement.file_id))


def of(store, what):
    with store() as session:
        return session.execute(text(what)).all()


def test_the_office_sees_what_it_is_about_to_prepare(world, visitors, store):
    officer = sign_in(visitors(), world.officer.email).get(f"/grants/{world.grant.id}/agreement/preview")
    assert officer.shows("Contributo a Associazione Il Ponte per «Laboratorio aperto»: € 20.000,00.")
    assert officer.shows("Art. 2 – Durata")
    assert officer.shows("soci")
    assert not officer.shows("La cooperativa li comunica.")
    officer.submit(f"/grants/{world.grant.id}/agreement/prepare")
    assert of(store, "SELECT count(*) FROM agreement_article") == [(2,)]
    officer.get(f"/manage/calls/{world.call.slug}/agreement?form=social_cooperative")
    assert officer.shows(f"Art. 3 – {CLAUSES['soci'][0]}")


def test_a_true_signature_of_the_representative_goes_through_and_any_other_file_does_not(world, visitors, store):
    document = prepared(world, store)
    address = f"/grants/{world.grant.id}/agreement"
    owner = sign_in(visitors(), world.owner.email).get(address)
    owner.submit("#sign-form", 422, signed_copy=(io.BytesIO(sign_envelope(real_pdf())), "altra.p7m"))
    assert of(store, "SELECT count(*) FROM agreement_signature") == [(0,)]
    owner.submit("#sign-form", signed_copy=(io.BytesIO(sign_pdf(document)), "firmata.pdf"))
    assert of(store, "SELECT way, doubts FROM agreement_signature")[0][0] == "digital"
    assert owner.shows("Rosa Bianchi") or owner.shows("firmata.pdf")
    approver = sign_in(visitors(), world.approver.email).get(address)
    approver.submit("#return-form", 422, reason="")
    approver.submit("#countersign-form")
    assert of(store, "SELECT status FROM grant_award") == [("active",)]
    approver.get(f"{address}?on=2026-03-01")
    assert approver.shows("nessuna convenzione") or approver.shows("no agreement was in force")


def test_the_representative_accepts_on_the_portal_with_a_fresh_second_factor(world, visitors, store):
    prepared(world, store)
    address = f"/grants/{world.grant.id}/agreement"
    owner = sign_in(visitors(), world.owner.email).get(address)
    owner.submit("#accept-form", 422)
    owner.submit("#accept-form", accepted=True)
    assert of(store, "SELECT way, file_id FROM agreement_signature") == [("portal", None)]
    leader = sign_in(visitors(), world.leader.email)
    leader.post(f"{address}/accept", 404, accepted="y")


def test_the_page_of_an_agreement_stays_within_its_statements(world, visitors, store, statements):
    prepared(world, store)
    address = f"/grants/{world.grant.id}/agreement"
    owner = sign_in(visitors(), world.owner.email).get(address)
    owner.submit("#accept-form", accepted=True)
    with statements() as sent:
        owner.get(address)
    assert len(sent) <= 12, sent
    officer = sign_in(visitors(), world.officer.email)
    with statements() as sent:
        officer.get("/manage/library")
    assert len(sent) <= 8, sent


def test_an_agreement_in_force_is_changed_by_an_addendum_that_says_what_moved(world, visitors, store, now, clock):
    with store() as session:
        world.session = session
        session.add_all([world.grant, world.officer])
        world.countersign(world.sign(world.grant))
        later, officer = now + timedelta(minutes=1), world.actor(world.officer)
        change = Extension(world.grant.ends_on + timedelta(days=30))
        given: dict[str, Any] = {"grant_id": world.grant.id, "now": later}
        row = ask_amendment(session, change=change, reason="Serve.", actor=world.actor(world.owner), **given)
        grant_amendment(session, amendment_id=row.id, actor=officer, **given)
    clock.set(later)
    address = f"/grants/{world.grant.id}/agreement"
    page = sign_in(visitors(), world.officer.email).get(address)
    assert "Fine del progetto" in page.tree.xpath("string(//textarea[@id='change'])")
    page.submit("#addendum-form", 422, change="")
    page.get(address).submit("#addendum-form")
    assert of(store, "SELECT version FROM agreement WHERE change IS NOT NULL") == [(2,)]
    assert sign_in(visitors(), world.owner.email).get(address).tree.xpath("//*[@id='sign-form']")
