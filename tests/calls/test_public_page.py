"""What the page of a call offers beside its text: documents, structured data, feed, calendar; cancelled, planned."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar, Component
from sqlalchemy import select

from portal.access.policy import Role
from portal.calls.models import Call, CallDocument
from portal.calls.operations import (
    answer_question,
    approve_call,
    ask_question,
    attach_document,
    cancel_call,
    extend_deadline,
    import_call,
    publish_call,
    remove_document,
)
from portal.calls.rules.publication import DocumentKind
from portal.core.actor import SYSTEM
from portal.core.db import database
from portal.core.errors import Conflict
from portal.core.jobs.worker import new_owner, run_one
from tests.factories.base import as_actor, make_authority, make_person, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design
from tests.factories.documents import PDF, make_upload

ATOM = "{http://www.w3.org/2005/Atom}"
ACT: dict[str, Any] = {"act_number": "2026/2", "act_date": date(2026, 3, 1), "reason": {"it": "Vizio", "en": "Flaw"}}


@pytest.fixture
def officers(store, now):
    """Addresses of two officers of Bari; a draft of the first one stands ready."""
    with store() as session:
        bari = make_authority(session)
        people = [make_staff(session, bari, Role.OFFICER, now=now) for _ in range(2)]
        import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
        return [person.email for person in people]


@pytest.fixture
def call(store, now) -> str:
    """A published call, extended."""
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        extend_deadline(
            session, phase_id=call.phases[0].id, closes_at=datetime(2026, 4, 20, 12), actor=SYSTEM,
            now=now + timedelta(seconds=1), **ACT,
        )  # fmt: skip
        return str(call.phases[0].id)


def cancel(store, now) -> None:
    """By an act."""
    with store() as session:
        call = session.scalars(select(Call)).one()
        cancel_call(session, call_id=call.id, actor=SYSTEM, now=now + timedelta(minutes=1), **ACT)


def test_a_document_is_downloaded_by_everybody_once_published(page, visitors, client, officers, store, now):
    office = sign_in(page, officers[0]).get("/manage/calls/bari-urbis/documents?lang=it")
    given = {"kind": "notice", "title_it": "Testo dell’avviso", "title_en": "Text of the call"}
    office.submit("Aggiungi il documento", 422, **given)
    office.submit("Aggiungi il documento", 422, **(given | {"title_en": ""}), file=(BytesIO(PDF), "a.pdf"))
    office.submit("Aggiungi il documento", file=(BytesIO(PDF), "avviso.pdf"), **given)
    path = office.tree.xpath("//a[@download]/@href")[0]
    assert client.get(path).status_code == 404
    sign_in(visitors(), officers[1]).get("/manage/calls/bari-urbis").submit("Approva l’avviso")
    office.get("/manage/calls/bari-urbis/publish").submit(act_number="1", act_date="2026-03-01")
    assert client.get(path).data == PDF
    visitors().get("/calls/bari-urbis?lang=it").click("Testo dell’avviso")
    office.get("/manage/calls/bari-urbis/documents").submit("Rimuovi: Testo dell’avviso")
    assert not visitors().get("/calls/bari-urbis").shows("Testo dell’avviso")
    assert client.get(path).status_code == 200
    with store() as session:
        removed = session.scalars(select(CallDocument.id)).one()
        with pytest.raises(Conflict):
            remove_document(session, document_id=removed, actor=SYSTEM, now=now)


def test_machines_read_the_dates_and_the_funder(page, call):
    page.get("/calls/bari-urbis?lang=it")
    [script] = page.tree.xpath("//script[@type='application/ld+json']/text()")
    service, grant = json.loads(script)["@graph"]
    assert service["offers"][0]["availabilityEnds"] == "2026-04-20T10:00:00+00:00"
    assert grant["funder"]["name"] == "Comune di Bari"
    assert grant["amount"] == {
        "@type": "MonetaryAmount", "currency": "EUR", "minValue": "15000.00", "maxValue": "40000.00",
    }  # fmt: skip
    assert page.tree.xpath("//link[@type='application/atom+xml']/@href") == ["/calls/feed.atom"]


def test_the_feed_tells_what_happened_the_newest_first(client, call, store, now):
    cancel(store, now)
    answer = client.get("/calls/feed.atom?lang=it")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert [each.get("term") for each in feed.iterfind(f"{ATOM}entry/{ATOM}category")] == [
        "cancelled", "extended", "published",
    ]  # fmt: skip
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert "lunedì 20 aprile 2026, 12:00 (ora di Roma)" in str(titles[1])


def test_the_calendar_moves_and_cancels_its_events(client, call, store, now):
    def deadline() -> Component:
        events = Calendar.from_ical(client.get("/calls/bari-urbis/deadline.ics").data).walk("VEVENT")
        assert len(events) == 2
        return next(event for event in events if event["UID"] == f"{call}@vivaio")

    assert (deadline()["SEQUENCE"], deadline()["STATUS"]) == (2, "CONFIRMED")
    cancel(store, now)
    assert (deadline()["SEQUENCE"], deadline()["STATUS"]) == (3, "CANCELLED")


HOSTILE = "</script><script>alert(1)</script>\r\nATTENDEE:x\rX-EVIL:1]]>&{{7*7}}<img src=x onerror=alert(2)>"
CONTROLS = "\x0b\x1f\ufffe"
LINKS = "[qui](javascript:alert(3)) [là](data:text/html,x) <a href='vbscript:x' onclick='y'>z</a>\n\n" + HOSTILE


def write_harm(store, now, title: str = HOSTILE) -> None:
    """A call whose every text was written by somebody who means harm."""
    with store() as session:
        words, long = {"it": f"Avviso {title}", "en": title}, {"it": LINKS, "en": LINKS}
        design = dated_design(now)
        phase = replace(design.phases[0], name=words)
        harmful = replace(
            design, title=words, summary=words, texts=dict.fromkeys(design.texts, long), phases=[phase]
        )  # fmt: skip
        call = publish_design(session, harmful, now=now)
        asker = as_actor(session, make_person(session, now=now), now=now)
        question = ask_question(session, call_id=call.id, text=LINKS, actor=asker, now=now)
        answer_question(session, question_id=question.id, question_text=LINKS, answer=long, actor=SYSTEM, now=now)
        upload = make_upload(PDF, 'a"><script>\r\nX: y.pdf')
        attach_document(
            session, call_id=call.id, upload=upload, kind=DocumentKind.ACT, title=words, actor=SYSTEM, now=now
        )


def test_hostile_words_stay_words_on_every_page(page, store, now):
    write_harm(store, now)
    for path in ("/calls/bari-urbis?lang=it", "/calls/bari-urbis/questions", "/calls", "/",
                 "/calls/bari-urbis/on?at=2026-03-02T10:00", "/calls/bari-urbis/on"):  # fmt: skip
        page.get(path)
        scripts = page.tree.xpath("//script[not(@src)]")
        assert [each.get("type") for each in scripts] in ([], ["application/ld+json"]), path
        assert not page.tree.xpath("//img[@onerror] | //*[@onclick]"), path
        assert not [href for href in page.tree.xpath("//a/@href") if href.split(":")[0] in ("javascript", "data")]
    page.get("/calls/bari-urbis?lang=it")
    [script] = page.tree.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(script)["@graph"][0]["name"].startswith("Avviso </script>")


def test_hostile_words_stay_words_in_feed_and_calendar(client, store, now):
    write_harm(store, now, HOSTILE + CONTROLS)
    feed = ET.fromstring(client.get("/calls/feed.atom?lang=it").data)
    assert "</script>" in str(feed.findtext(f"{ATOM}entry/{ATOM}summary"))
    raw = client.get("/calls/bari-urbis/deadline.ics").data
    assert not [line for line in re.split(rb"[\r\n]+", raw) if line.startswith((b"ATTENDEE", b"X-EVIL"))]
    assert b"\x0b" not in raw
    with store() as session:
        document = session.scalars(select(CallDocument.id)).one()
    sent = client.get(f"/calls/bari-urbis/documents/{document}")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "X" not in sent.headers


def test_what_a_draft_threw_away_is_never_public(client, store, now):
    with store() as session:
        call = import_call(session, design=dated_design(now), actor=SYSTEM, now=now - timedelta(days=2))
        given: dict[str, Any] = {"call_id": call.id, "kind": DocumentKind.ACT, "title": {"it": "a", "en": "a"}}
        gone = attach_document(
            session, upload=make_upload(PDF, "a.pdf"), actor=SYSTEM, now=now - timedelta(days=2), **given
        )
        remove_document(session, document_id=gone.id, actor=SYSTEM, now=now - timedelta(days=1))
        approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
        publish_call(session, call_id=call.id, act_number="1", act_date=now.date(), actor=SYSTEM, now=now)
        key = gone.id
    assert client.get(f"/calls/bari-urbis/documents/{key}").status_code == 404


def test_a_cancelled_call_keeps_its_page_with_the_act_on_top(page, call, store, now, clock):
    cancel(store, now)
    clock.advance(minutes=2)
    page.get("/calls/bari-urbis?lang=it")
    assert page.shows("Questo avviso è stato annullato")
    assert page.shows("Atto 2026/2 del 1 marzo 2026. Vizio")
    assert not page.tree.xpath("//a[contains(@href, '/apply')]")


def test_a_visitor_reads_how_many_days_are_left_without_scripts(page, call):
    assert page.get("/calls/bari-urbis?lang=it").shows("mancano 49 giorni")


def test_an_officer_plans_a_publication_and_the_worker_does_it(app, page, visitors, officers, clock):
    sign_in(visitors(), officers[1]).get("/manage/calls/bari-urbis?lang=it").submit("Approva l’avviso")
    office = sign_in(page, officers[0]).get("/manage/calls/bari-urbis/publish?lang=it")
    act = {"act_number": "1", "act_date": "2026-03-01", "when": "later"}
    office.submit(expect=422, publish_at="", **act)
    office.submit(expect=422, publish_at="2026-03-01T09:00", **act)
    office.submit(publish_at="2026-03-03T09:00", **act)
    assert office.shows("Esce martedì 3 marzo 2026, 09:00 (ora di Roma)")
    visitor = visitors().get("/calls/bari-urbis", 404)
    clock.set(datetime.fromisoformat("2026-03-03T08:00:00+00:00"))
    with app.app_context():
        while run_one(database.engine, clock=clock, owner=new_owner()):
            pass
    visitor.get("/calls/bari-urbis")


def test_an_officer_takes_an_approval_back_and_cancels(page, visitors, officers):
    office = sign_in(page, officers[0]).get("/manage/calls/bari-urbis?lang=it").submit("Approva l’avviso")
    office.click("Ritira l’approvazione…").submit(expect=422, reason_it="Manca un allegato", reason_en="")
    office.submit(reason_it="Manca un allegato", reason_en="An annex is missing")
    assert office.shows("L’avviso è di nuovo una bozza.")
    office.click("Annulla l’avviso…").submit(expect=422, act_number="", act_date="2026-03-01")
    office.submit(act_number="3", act_date="2026-03-01", reason_it="Vizio", reason_en="Flaw")
    assert office.shows("L’avviso è annullato.")


def test_the_page_stays_within_its_statements_for_whoever_is_signed_in(page, officers, store, now, statements):
    with store() as session:
        publish_design(session, dated_design(now, slug="altro"), now=now)
    sign_in(page, officers[0])
    with statements() as sent:
        page.get("/calls/altro")
    assert len(sent) <= 12
    with statements() as sent:
        page.get("/calls/altro/questions")
    assert len(sent) <= 8
