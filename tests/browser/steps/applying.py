"""The applicants: who they are, the draft, the files, the one sending, the receipt."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pikepdf
from playwright.sync_api import expect
from sqlalchemy import func, select

from portal.access.queries import person_by_email
from portal.applications.models import Application, Submission
from portal.calls.queries import call_with_slug_for_update
from portal.core.mail import OutgoingMail
from tests.browser.steps.people import Somebody, Stage, it, it_in_part
from tests.factories.applications import TITLE_TEXT, make_draft
from tests.factories.base import as_actor, make_organisation
from tests.factories.journey import SLUG, Proposal, address_of, closes_at, opens_at, pdf

SEVEN_DIGITS = re.compile(r"\b\d{7}/2026\b")
TEXT = (
    "Nel cortile della scuola, tre pomeriggi alla settimana, due educatrici e dodici volontari del quartiere "
    "accolgono quaranta ragazze e ragazzi: compiti, merenda, laboratori aperti anche a chi abita intorno."
)
TERM_CLOSED = (
    "The term is closed: this draft cannot be sent any more. What you wrote stays here, to be read and copied."
)
CONFIRMED = "%(name)s confirmed the application as it is now, on %(instant)s."
COSTS = (
    "Personale e collaborazioni",
    "Servizi, consulenze e comunicazione",
    "Attrezzature e materiali",
    "Spazi, utenze e assicurazioni",
)


def open_the_call(stage: Stage) -> None:
    """The opening day comes."""
    stage.clock.set(opens_at() + timedelta(hours=1))


def introduce(stage: Stage, proposal: Proposal) -> None:
    """From the public page of the call to a draft, saying on the way who applies."""
    who = stage.person(proposal.person).visit(f"/calls/{proposal.call}")
    who.follow("Start the application")
    who.come_in()
    who.follow("Add an organisation or group").heading("Who are you?")
    kind = "Informal group, not yet an organisation" if proposal.is_group else "Organisation (legal entity)"
    who.choose("Who are you?", kind)
    who.fill("Name", proposal.organisation)
    if proposal.legal_form:
        who.main.get_by_label(re.compile("^" + it("Legal form"))).select_option(value=proposal.legal_form)
        who.fill("Codice fiscale of the organisation", proposal.fiscal_code)
    who.fill("E-mail address for official messages", f"{proposal.person}@ente.example")
    for label, words in zip(("Street and number", "City", "Quarter"), proposal.seat, strict=True):
        who.fill(label, words)
    who.press("Save").heading(proposal.organisation)
    stage.facts[f"{proposal.person}:organisation"] = who.path
    who.visit(f"/calls/{proposal.call}/apply").press("Begin")
    stage.facts[proposal.person] = who.path


def write(stage: Stage, proposal: Proposal) -> None:
    """Every section, one after the other."""
    who = stage.person(proposal.person).visit(stage.facts[proposal.person])
    with who.page.expect_navigation():
        who.main.get_by_role("link", name="Chi siete").click()
    who.fill("Chi lavorerà al progetto", TEXT)
    who.press("Save and go on").heading("L'idea")
    write_the_idea(who, proposal)
    who.press("Save and go on").heading("Bilancio")
    for label, cost in zip(COSTS, proposal.costs, strict=True):
        who.fill(label, cost)
    who.fill("Contributo richiesto", proposal.requested)
    who.fill("Da dove viene il cofinanziamento", "Quote dei soci e una raccolta di quartiere, già deliberate.")
    who.press("Save and go on").heading("Sostenibilità")
    who.fill("Dopo il contributo", TEXT)
    who.choose("Altri contributi pubblici", "No")
    who.press("Save and go on").heading("Dichiarazioni")
    who.tick("Dichiaro, ai sensi")
    who.press("Save and go on").heading("Attachments")


def write_the_idea(who: Somebody, proposal: Proposal) -> None:
    """The section of the idea."""
    who.fill("Titolo del progetto", proposal.title)
    who.main.get_by_label("Area bersaglio").select_option(label="Libertà")
    who.choose("Ambito", "Prossimità: cura e servizi vicini")
    who.fill("Il progetto in una frase", "Un cortile aperto il pomeriggio, per chi studia e per chi accompagna.")
    for label in ("Il bisogno", "Le attività", "Le persone a cui è rivolto", "Che cosa c'è di nuovo"):
        who.fill(label, TEXT)


def autosave_keeps_what_is_typed(stage: Stage, proposal: Proposal) -> None:
    """One field typed, no button: "saved" appears, and a reload finds the text."""
    who = stage.person(proposal.person).visit(stage.facts[proposal.person])
    with who.page.expect_navigation():
        who.main.get_by_role("link", name="L'idea").click()
    field = who.main.get_by_label("Titolo del progetto")
    field.press_sequentially("Un cortile per il pomeriggio")
    state = who.main.locator("[data-save-state]")
    expect(state).to_contain_text(it("saved {time}").split("{")[0].strip() + " ")
    who.page.reload()
    expect(field).to_have_value("Un cortile per il pomeriggio")


def attach_two_files(stage: Stage, proposal: Proposal) -> None:
    """The documents that the call asks of this kind of applicant."""
    who = stage.person(proposal.person).visit(f"{stage.facts[proposal.person]}/documents")
    for name in proposal.documents:
        attach(who, name)


def attach(who: Somebody, name: str) -> None:
    """One file in its place."""
    card = who.main.get_by_role("region", name=re.compile("^" + re.escape(name)))
    card.get_by_label(re.compile("^" + it("Choose the file"))).set_input_files(pdf(name))
    card.get_by_role("button", name=it("Attach")).click()
    expect(card).to_contain_text(it("attached"))


def confirm_as_the_call_wants(stage: Stage, proposal: Proposal) -> None:
    """Whoever represents the applicant accepts every declaration and confirms what is there, with a second factor."""
    who = stage.person(proposal.person).visit(stage.facts[proposal.person])
    who.follow("Check everything").sees("Nothing is missing.")
    for box in who.main.locator("#sign-off-form [type=checkbox]").all():
        box.check()
    who.press("Confirm the application").sees(it_in_part(CONFIRMED))


def send_with_a_double_click(stage: Stage, proposal: Proposal, *, asks_for_money: bool = True) -> None:
    """The effect first; then two clicks, one protocol number."""
    who = stage.person(proposal.person).visit(stage.facts[proposal.person])
    who.follow("Check everything").sees("Nothing is missing.")
    if asks_for_money:
        who.sees(f"€ {proposal.requested}")
    who.main.get_by_role("button", name=it("Send the application")).dblclick()
    expect(who.page).to_have_url(re.compile("/receipt$"))
    who.heading("The application was sent")
    with stage.session() as session:
        sent = _submissions(session, stage.facts[proposal.person])
        assert len(sent) == 1
        label, fingerprint = sent[0].protocol_entry.label, sent[0].content_sha256
    assert SEVEN_DIGITS.fullmatch(label)
    who.sees(label).sees(fingerprint)
    stage.facts[f"{proposal.person}:protocol"] = label


def _submissions(session, path: str) -> list[Submission]:
    query = select(Submission).where(Submission.application_id == UUID(path.rsplit("/", 1)[1]))
    return list(session.scalars(query))


def keep_the_receipt(stage: Stage, proposal: Proposal) -> None:
    """Once the worker has run: the PDF, and the mail."""
    who = stage.person(proposal.person).visit(f"{stage.facts[proposal.person]}/receipt")
    receipt = who.download("Receipt (PDF)")
    with pikepdf.open(io.BytesIO(receipt)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot.K
        assert str(document.Root.Lang) == "it"
    with stage.session() as session:
        query = select(OutgoingMail).where(OutgoingMail.recipient == address_of(proposal.person))
        mails = [mail for mail in session.scalars(query) if stage.facts[f"{proposal.person}:protocol"] in mail.body]
        assert len(mails) == 1
        assert mails[0].sent_at is not None


def come_too_late(stage: Stage) -> None:
    """Everything is ready, the page is open, and the term passes: refused, with the time told and the text kept."""
    who = stage.person("latecomer")
    draft = _whole_draft(stage)
    stage.clock.set(closes_at() - timedelta(minutes=10))
    who.visit(f"{draft}/send").sees("Nothing is missing.")
    stage.clock.set(closes_at() + timedelta(seconds=1))
    who.press("Send the application")
    refusal = who.main.get_by_role("alert")
    expect(refusal).to_contain_text("venerdì 15 maggio 2026, 12:00 ")
    expect(refusal).to_contain_text("venerdì 15 maggio 2026, 12:00:01")
    who.sees(TERM_CLOSED)
    with stage.session() as session:
        assert session.scalar(select(func.count(Application.id))) == 3
        assert _submissions(session, draft) == []
    who.visit(f"{draft}/sections/idea").sees(TITLE_TEXT)


def _whole_draft(stage: Stage) -> str:
    """Somebody else's draft, complete and not sent; its address."""
    with stage.session() as session:
        owner = person_by_email(session, address_of("latecomer"))
        call = call_with_slug_for_update(session, SLUG)
        assert owner is not None
        assert call is not None
        now = stage.clock()
        organisation = make_organisation(session, now=now, owner=owner, fiscal_code="93045670721")
        draft = make_draft(session, call, organisation, by=as_actor(session, owner, now=now), now=now)
        return f"/applications/{draft.id}"
