"""Receipts that anybody can check; sending with declarations and stamp, confirming and annulling, through the pages."""

import io
import re
from types import SimpleNamespace

import pikepdf
import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.applications.models import Submission, SubmissionAttempt
from portal.core.db import database
from portal.core.jobs import run_one
from portal.core.mail import OutgoingMail
from tests.applications.test_sending_formalities import ASKING, NUMBERS, SIGNED
from tests.factories.applications import World
from tests.factories.base import join, make_person, make_staff, sign_in


def token_of(store) -> str:
    with store() as session:
        found = session.scalars(select(Submission.receipt_token)).first()
        assert found is not None
        return found


def test_whoever_has_a_receipt_reads_number_instant_and_hash_and_nothing_else(page, visitors, people, begun, store):
    begun(sent=True)
    with store() as session:
        sent = session.scalars(select(Submission)).one()
        secrets = [sent.content["title"], sent.content["reference"], sent.content["organisation"]["name"]]
        hashed = sent.content_sha256
    assert len(token_of(store)) * 6 >= 128
    visitor = visitors()
    visitor.get(f"/receipts/{token_of(store)}")
    assert visitor.shows("0000001/2026")
    assert visitor.shows("lunedì 2 marzo 2026, 10:00 (ora di Roma)")
    assert visitor.shows(hashed)
    assert not [each for each in secrets if visitor.shows(each)]
    answer = visitor.client.get(f"/receipts/{token_of(store)}")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("wrong", ["x", "0" * 32, "%00", "a" * 300, "..%2Fdesk"])
def test_any_other_address_is_like_one_that_does_not_exist(page, begun, wrong):
    begun(sent=True)
    page.get(f"/receipts/{wrong}", 404)


def test_the_receipt_carries_its_address_as_text_and_as_a_picture(page, people, begun, store, app, clock):
    address = begun(sent=True)
    with app.app_context():
        while run_one(database.engine, clock=clock, owner="test"):
            pass
    sign_in(page, people.owner).get(f"{address}/receipt")
    link = f"/receipts/{token_of(store)}"
    assert page.tree.xpath(f"//a[contains(@href, '{link}')]")
    assert page.tree.xpath("//img[starts-with(@src, 'data:image/svg')]/@alt")
    pdf = page.client.get(f"{address}/receipt.pdf").data
    with pikepdf.open(io.BytesIO(pdf)) as document:
        links = [str(note.A.URI) for page_ in document.pages for note in page_.get("/Annots", []) if "/A" in note]
        assert any(each.endswith(link) for each in links)
        assert "/StructTreeRoot" in document.Root
    with store() as session:
        assert any(link in mail.body for mail in session.scalars(select(OutgoingMail)))


@pytest.fixture
def asked(store, now):
    """`asked(design)`: a call that asks for more at sending, a whole draft of its team."""

    def made(design):
        with store() as session:
            world = World(session, now, design=design)
            editor = make_person(session, now=now)
            join(session, editor, world.organisation, Tie.EDITOR, now=now)
            officer = make_staff(session, world.authority, Role.OFFICER, now=now)
            return SimpleNamespace(
                owner=world.owner.email, editor=editor.email, officer=officer.email,
                path=f"/applications/{world.draft().id}",
            )  # fmt: skip

    return made


def test_declarations_and_stamp_are_given_where_it_is_sent_and_what_was_typed_stays(page, asked, store):
    world = asked(ASKING)
    sign_in(page, world.owner).get(f"{world.path}/send")
    page.submit(f"{world.path}/send", 422, stamp="mark", stamp_number="123")
    assert page.tree.xpath("//input[@name='stamp_number']/@value") == ["123"]
    assert page.shows("14 cifre")
    given = {"stamp": "mark", "stamp_number": NUMBERS[0], "stamp_day": "2026-03-01", "declared": ["true", "once"]}
    page.submit(f"{world.path}/send", **given)
    assert page.url == f"{world.path}/receipt"
    page.get(f"{world.path}/content")
    assert page.shows(NUMBERS[0])
    assert page.shows("Nessun doppio finanziamento")
    with store() as session:
        (attempt,) = session.scalars(select(SubmissionAttempt))
        assert len(attempt.reasons) == 3


def test_a_draft_that_changed_after_the_page_was_opened_is_shown_again_and_not_sent(page, visitors, asked, store):
    world = asked(ASKING)
    sign_in(page, world.owner).get(f"{world.path}/send")
    other = sign_in(visitors(), world.editor).get(world.path)
    for section in other.tree.xpath("//a[contains(@href, '/sections/')]/@href"):
        if other.get(section).tree.xpath("//input[@name='title']"):
            other.submit("#section", title="Cambiato da un'altra persona")
            break
    given = {"stamp": "third_sector", "declared": ["true", "once"]}
    page.submit(f"{world.path}/send", 409, **given)
    assert page.shows("Cambiato da un'altra persona")
    page.submit(f"{world.path}/send", **given)
    assert page.url == f"{world.path}/receipt"


def test_a_member_asks_the_representative_finds_it_on_the_desk_and_confirms(page, visitors, asked, store):
    world = asked(SIGNED)
    editor = sign_in(page, world.editor).get(f"{world.path}/send")
    editor.submit(f"{world.path}/ask-sign-off")
    with store() as session:
        assert any(re.search(r"/applications/\S+/send", mail.body) for mail in session.scalars(select(OutgoingMail)))
    owner = sign_in(visitors(), world.owner).get("/desk")
    owner.get(owner.tree.xpath("//a[starts-with(normalize-space(), 'Leggi e conferma')]/@href")[0])
    assert not owner.tree.xpath(f"//form[@action='{world.path}/send']")
    owner.submit(f"{world.path}/sign-off", 422)
    owner.submit(f"{world.path}/sign-off", declared=["true", "once"])
    owner.submit(f"{world.path}/send")
    assert owner.url == f"{world.path}/receipt"


def test_the_office_annuls_an_earlier_number_and_its_receipt_says_so(page, visitors, people, begun, store):
    address = begun(sent=True)
    first = token_of(store)
    sign_in(page, people.owner).get(f"{address}/reopen").submit(f"{address}/reopen")
    page.get(f"{address}/send").submit(f"{address}/send")
    office = sign_in(visitors(), people.officer).get(address)
    office.get(office.tree.xpath("//a[contains(@href, '/annul')]/@href")[0])
    office.submit("#annulment-form", 422, act_number="DD 7", act_date="2026-03-03", reason="Inviata due volte")
    office.submit("#annulment-form", act_number="DD 7", act_date="2026-03-02", reason="Inviata due volte")
    visitor = visitors()
    visitor.get(f"/receipts/{first}")
    assert visitor.shows("0000001/2026")
    assert visitor.shows("annullata")
