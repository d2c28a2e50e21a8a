"""An evaluator asks, the office passes it on in its own name, every evaluator of the application reads the answer."""

import pytest
from sqlalchemy import select

from portal.access.models import Person
from portal.applications.inbox.entering import write_entry
from portal.applications.messages.operations import write_message
from portal.applications.models import Application, ApplicationMessage
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.evaluation import operations
from portal.evaluation.clarifying import ClarificationStatus
from portal.evaluation.models import Assignment, Clarification
from portal.evaluation.queries.proposal import score_page
from tests.factories.base import as_actor, sign_in
from tests.factories.evaluation import actor_for, assign, declare_all, frozen, make_evaluation, make_submission


def make_world(session, now):
    """One application in the office's list, three evaluators free of conflict."""
    made = make_evaluation(session, now=now, applications=1)
    application = made.applications[0]
    changed = {"organisation": frozen(application)["organisation"] | {"kind": "legal_entity", "city": "Bari"}}
    write_entry(session, make_submission(session, application, now=now, changed=changed))
    made.assignments = assign(session, made, now=now)
    declare_all(session, made, now=now)
    return made


@pytest.fixture
def world(store, now):
    with store() as session:
        return make_world(session, now)


def ask(session, world, *, now, number=0, question="Quante persone lavorano la sera?"):
    mine = session.get_one(Assignment, world.assignments[number].id)
    return operations.ask_clarification(
        session, assignment_id=mine.id, question=question, actor=actor_for(session, mine, now=now), now=now
    )


def asked_of(session, world, number, *, now):
    mine = session.get_one(Assignment, world.assignments[number].id)
    return score_page(session, actor_for(session, mine, now=now), mine.id).asked


def test_who_asks_is_told_to_nobody_and_the_answer_to_every_evaluator(store, now, world):
    with store() as session:
        officer = as_actor(session, world.officer, now=now)
        asked = ask(session, world, now=now)
        with pytest.raises(Conflict):
            ask(session, world, now=now, number=1)
        operations.pass_on(session, clarification_id=asked.id, text="Si chiede di chiarire.", actor=officer, now=now)
        sent = session.scalars(select(ApplicationMessage)).one()
        with pytest.raises(Invalid):
            operations.hand_over_answer(session, clarification_id=asked.id, message_id=sent.id, actor=officer, now=now)
        team = as_actor(session, session.get_one(Person, world.owners[0].id), now=now)
        reply = write_message(session, application_id=asked.application_id, text="Quattro.", actor=team, now=now)
        session.flush()
        operations.hand_over_answer(session, clarification_id=asked.id, message_id=reply.id, actor=officer, now=now)
        session.flush()
        read = [asked_of(session, world, number, now=now) for number in range(3)]
        mails = session.scalars(select(OutgoingMail)).all()
        evaluator = session.get_one(Person, world.assignments[0].person_id).name
    assert [[(each.question, each.answer) for each in one] for one in read] == [
        [("Quante persone lavorano la sera?", "Quattro.")]
    ] * 3
    assert (sent.text, sent.written_by) == ("Si chiede di chiarire.", world.officer.id)
    assert not any(evaluator in each.subject + each.body for each in mails)


def test_the_chair_passes_on_in_the_name_of_the_office_or_says_why_not(store, now, world):
    with store() as session:
        chair = as_actor(session, world.chair, now=now)
        first = ask(session, world, now=now, number=0)
        operations.not_pass_on(session, clarification_id=first.id, text="È già scritto.", actor=chair, now=now)
        with pytest.raises(IllegalMove):
            operations.pass_on(session, clarification_id=first.id, text="x", actor=chair, now=now)
        with pytest.raises(Invalid):
            ask(session, world, now=now, question=" ")
        second = ask(session, world, now=now, number=1)
        operations.pass_on(session, clarification_id=second.id, text="Chiarire.", actor=chair, now=now)
        assert session.scalars(select(ApplicationMessage)).one().written_by is None
        member = as_actor(session, world.members[0], now=now)
        with pytest.raises(NotFound):
            operations.pass_on(session, clarification_id=second.id, text="x", actor=member, now=now)
    assert (first.status, second.status) == (ClarificationStatus.NOT_PASSED_ON, ClarificationStatus.PASSED_ON)


def test_the_pages_lead_from_the_question_to_the_answer(page, store, now, world):
    mine = world.assignments[0]
    evaluator = next(each for each in world.people if each.id == mine.person_id)
    sign_in(page, evaluator.email)
    page.get(f"/scoring/{mine.id}")
    page.submit("#ask", question="Quante persone?")
    assert page.shows("Quante persone?")
    with store() as session:
        asked = session.scalars(select(Clarification)).one()
        slug = session.get_one(Application, asked.application_id).call.slug
    sign_in(page, world.officer.email)
    page.get(f"/manage/calls/{slug}/clarifications")
    prefix = f"q{asked.id.hex}-"
    page.submit(f"#decide-{asked.id}", **{f"{prefix}decision": "pass_on", f"{prefix}text": "Chiarire."})
    with store() as session:
        team = as_actor(session, session.get_one(Person, world.owners[0].id), now=now)
        reply = write_message(session, application_id=asked.application_id, text="Quattro.", actor=team, now=now)
        session.flush()
    page.get(f"/manage/calls/{slug}/clarifications")
    page.submit(f"#answer-{asked.id}", **{f"{prefix}message": str(reply.id)})
    sign_in(page, evaluator.email)
    page.get(f"/scoring/{mine.id}")
    assert page.shows("Quattro.")
