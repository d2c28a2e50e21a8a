"""Questions about a call: asked until a declared day, answered to everybody at once, without a name."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.calls import queries
from portal.calls.models import CallAnswer, CallEvent, CallQuestion
from portal.calls.operations import (
    QuestionsClosed,
    answer_question,
    ask_question,
    cancel_call,
    declare_last_questions,
    set_aside_question,
)
from portal.calls.operations.questions import AlreadySettled
from portal.calls.queries.publication import answered_questions
from portal.calls.rules.publication import CallEventKind
from portal.core.actor import SYSTEM
from portal.core.errors import Invalid, TooMany
from portal.notices.models import Notice
from tests.factories.base import as_actor, make_authority, make_person, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design
from tests.factories.due import due_of


@pytest.fixture
def call(session, now):
    """A published call."""
    return publish_design(session, dated_design(now), now=now)


@pytest.fixture
def asker(session, now):
    """Anybody signed in."""
    return as_actor(session, make_person(session, now=now, name="Nome Segreto"), now=now)


def ask(session, call, asker, now, words="Posso comprare un furgone?") -> CallQuestion:
    """One question."""
    return ask_question(session, call_id=call.id, text=words, actor=asker, now=now)


def answer(session, question, now, **given) -> CallAnswer:
    """An answer by the office."""
    words = {"question_text": "Si può comprare un furgone?", "answer": {"it": "Sì.", "en": "Yes."}}
    return answer_question(session, question_id=question.id, actor=SYSTEM, now=now, **(words | given))


def test_an_answer_is_published_and_its_corrections_keep_what_was_said(session, call, asker, now):
    question = ask(session, call, asker, now)
    assert list(answered_questions(session, call)) == []
    answer(session, question, now)
    answer(session, question, now + timedelta(hours=1), answer={"it": "No, solo a noleggio."})
    [found] = answered_questions(session, call)
    assert [(row.version, row.answer_text) for row in found.answers] == [
        (1, {"it": "Sì.", "en": "Yes."}), (2, {"it": "No, solo a noleggio."}),
    ]  # fmt: skip
    told = session.scalars(select(CallEvent.kind).where(CallEvent.answer_id.is_not(None))).all()
    assert told == [CallEventKind.ANSWERED] * 2
    [notice] = session.scalars(select(Notice)).all()
    assert (notice.person_id, notice.path) == (asker.person_id, f"/calls/{call.slug}/questions#question-1")
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE call_answer SET question_text = 'x'"))


@pytest.mark.parametrize(
    "words",
    [
        "Sono Nome Segreto: posso comprare un furgone?",
        "Scrivetemi a eva@posta.example.",
        "Il mio numero è +39 333 1234567.",
        "Codice fiscale RSSMRA80A01H501U: va bene?",
        "Il conto IT60X0542811101000000123456 va bene?",
    ],
)
def test_a_question_is_never_published_with_whoever_asked_in_it(session, call, asker, now, words):
    question = ask(session, call, asker, now, words)
    with pytest.raises(Invalid) as refused:
        answer(session, question, now, question_text=words)
    assert refused.value.field == "question_text"
    with pytest.raises(Invalid) as refused:
        answer(session, question, now, answer={"it": "Sì, signora SEGRETO Nome.", "en": ""})
    assert refused.value.field == "answer_it"
    office = {"it": "Sì, art. 3: scrivete a bandi@comune.example o allo 080 1234567.", "en": ""}
    assert answer(session, question, now, answer=office).version == 1
    [shown] = answered_questions(session, call)
    assert shown.answers[-1].question_text == "Si può comprare un furgone?"


def test_questions_are_taken_until_the_declared_day(session, call, asker, now):
    declare_last_questions(session, call_id=call.id, until=datetime(2026, 3, 5, 12), actor=SYSTEM, now=now)
    ask(session, call, asker, call.questions_until)
    with pytest.raises(QuestionsClosed):
        ask(session, call, asker, call.questions_until + timedelta(microseconds=1))
    for earlier in (datetime(2026, 3, 4, 12), datetime(2026, 3, 29, 2, 30)):
        with pytest.raises(Invalid):
            declare_last_questions(session, call_id=call.id, until=earlier, actor=SYSTEM, now=now)
    cancel_call(
        session, call_id=call.id, act_number="1", act_date=date(2026, 3, 1), reason={"it": "A", "en": "B"},
        actor=SYSTEM, now=now,
    )  # fmt: skip
    with pytest.raises(QuestionsClosed):
        ask(session, call, asker, now)


def test_a_question_says_something_short_and_not_too_many_wait(session, call, asker, now):
    for words in ("  \n", "x" * 2001):
        with pytest.raises(Invalid) as refused:
            ask(session, call, asker, now, words)
        assert refused.value.field == "text"
    for number in range(5):
        ask(session, call, asker, now, f"Domanda {number}")
    with pytest.raises(TooMany):
        ask(session, call, asker, now)
    question = session.scalars(select(CallQuestion).order_by(CallQuestion.number)).first()
    assert question is not None
    with pytest.raises(Invalid):
        answer(session, question, now, answer={"it": " ", "en": "Yes"})


def test_a_question_is_set_aside_with_a_reason_that_only_its_asker_reads(session, call, asker, now):
    question = ask(session, call, asker, now)
    set_aside_question(session, question_id=question.id, reason="Già risposto.", actor=SYSTEM, now=now)
    assert list(answered_questions(session, call)) == []
    assert "Già risposto." in session.scalars(select(Notice.text)).one()["it"]
    with pytest.raises(AlreadySettled):
        answer(session, question, now)
    with pytest.raises(AlreadySettled):
        set_aside_question(session, question_id=question.id, reason="Ancora.", actor=SYSTEM, now=now)


def test_the_desk_of_an_officer_hears_of_what_waits(session, call, asker, now):
    officer = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    question = ask(session, call, asker, now)
    due = due_of(queries.asks)
    [step] = due(session, officer, now)
    assert (step.path, step.by) == (f"/manage/calls/{call.slug}/questions", now + timedelta(days=5))
    answer(session, question, now)
    assert due(session, officer, now) == []


@pytest.fixture
def people(store, now):
    """An officer of Bari and somebody who asks, before a published call."""
    with store() as session:
        bari = make_authority(session)
        publish_design(session, dated_design(now), now=now)
        officer = make_staff(session, bari, Role.OFFICER, now=now)
        return officer.email, make_person(session, now=now, name="Nome Segreto").email


def test_a_question_goes_its_way_through_the_pages(page, visitors, people):
    officer, asker = people
    sign_in(page, asker).get("/calls/bari-urbis/questions?lang=it").submit(expect=422, text=" ")
    page.submit(text="Sono Nome Segreto: posso comprare un furgone?")
    assert page.shows("La domanda è stata inviata")
    office = sign_in(visitors(), officer).get("/desk?lang=it")
    assert office.shows("Rispondere a 1 domanda sull’avviso")
    office.get("/manage/calls/bari-urbis/questions").click("Rispondi: Domanda 1")
    assert "Nome Segreto" in office.field("question_text").text
    office.submit("Pubblica domanda e risposta", 422, question_text="Furgone?", answer_it="")
    office.submit("Pubblica domanda e risposta", question_text="Si compra un furgone?", answer_it="**Sì**, usato.")
    visitor = visitors().get("/calls/bari-urbis?lang=en")
    assert visitor.shows("Si compra un furgone?")
    assert visitor.tree.xpath("//article//div[@lang='it']//strong")
    assert "Segreto" not in visitor.html
    page.get("/calls/bari-urbis/questions")
    assert not page.tree.xpath("//input[@name='q']")


def test_an_officer_declares_the_last_day_and_leaves_a_question_unpublished(page, visitors, people):
    officer, asker = people
    sign_in(visitors(), asker).get("/calls/bari-urbis/questions").submit(text="Che ore sono?")
    office = sign_in(page, officer).get("/manage/calls/bari-urbis/questions?lang=it")
    office.submit("Dichiara il termine", 422, until="2026-03-29T02:30")
    office.submit("Dichiara il termine", until="2026-03-10T12:00")
    assert office.field("until").get("value") == "2026-03-10T12:00"
    office.click("Rispondi: Domanda 1").submit("Non pubblicarla", 422, reason="")
    office.submit("Non pubblicarla", reason="Non riguarda l’avviso.")
    assert office.shows("non pubblicata")


def test_many_answers_can_be_searched(page, store, now):
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        asker = as_actor(session, make_person(session, now=now), now=now)
        for number in range(11):
            question = CallQuestion(
                call_id=call.id, number=number + 1, asked_by=asker.person_id, asked_at=now, text="x", answers=[]
            )
            session.add(question)
            session.flush()
            answer(session, question, now, question_text=f"Furgone {number}?", answer={"it": f"Risposta {number}"})
    page.get("/calls/bari-urbis/questions?lang=it").submit(q="furgone 7")
    assert [each.text for each in page.tree.xpath("//article/p[1]")] == ["Furgone 7?"]
    assert page.submit(q="nulla").shows("Nessuna risposta contiene queste parole")
    page.get("/calls/bari-urbis")
    assert len(page.tree.xpath("//section[@id='questions']//article")) == 5
