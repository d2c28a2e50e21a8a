"""An evaluator in conflict never receives a byte of the proposal, whatever address they ask for (P11)."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.access.ties import untie
from portal.core.actor import SYSTEM
from portal.core.mail import OutgoingMail
from portal.documents.operations import store_bytes
from portal.evaluation import operations
from portal.evaluation.models import Assignment
from portal.notices.models import Notice
from tests.engines import both_engines
from tests.factories.base import join, make_person, sign_in
from tests.factories.evaluation import (
    actor_for,
    add_application,
    assign,
    compute,
    declare_free,
    make_evaluation,
    publish,
    score,
)
from tests.page import HTMX

CANARIES = ("canarino-titolo", "canarino-testo", "canarino-file", "canarino-byte", "canarino-motivo")
TITLE, TEXT, FILE, BYTES, REASON = CANARIES


def make_world(session, now):
    """A proposal full of canaries beside an ordinary one; five may sit, all of them evaluators."""
    made = make_evaluation(session, now=now, applications=1, members=4)
    content = f"%PDF-1.4\n{BYTES}\n%%EOF".encode()
    made.known["file"] = store_bytes(
        session, name=f"{FILE}.pdf", media_type="application/pdf", content=content, actor=SYSTEM, now=now
    )
    made.known["target"] = add_application(session, made, now=now, title=TITLE, text=TEXT, files=(made.known["file"],))
    return made


@pytest.fixture
def conflicted(store, now):
    """Everybody else has scored, the ranking is drafted; one evaluator declared a conflict after reading nothing."""
    with store() as session:
        made = make_world(session, now)
        assignments = assign(session, made, now=now)
        made.known["mine"] = next(
            each
            for each in assignments
            if each.application_id == made.known["target"].id and each.person_id != made.chair.id
        )
        operations.declare(
            session,
            assignment_id=made.known["mine"].id,
            has_conflict=True,
            reason="Fratello",
            actor=actor_for(session, made.known["mine"], now=now),
            now=now,
        )
        live = select(Assignment).where(Assignment.status != "recused").order_by(Assignment.id)
        for each in session.scalars(live).all():
            declare_free(session, each, now=now)
            score(session, each, now=now)
        made.known["ranking"] = compute(session, made, now=now)
        made.known["me"] = next(each for each in made.people if each.id == made.known["mine"].person_id)
    return made


def ids_of(made):
    """What every part of an address may be; anything else is a random key."""
    return {
        "application_id": [made.known["target"].id],
        "assignment_id": [made.known["mine"].id],
        "file_id": [made.known["file"].id],
        "organisation_id": [made.known["target"].organisation_id],
        "ranking_id": [made.known["ranking"].id],
        "slug": [made.call.slug],
        "phase_id": [made.phase.id],
        "call_id": [made.call.id],
        "phase": [made.phase.key],
        "filename": ["app.css"],
        "section": ["idea"],
        "section_key": ["idea"],
        "key": ["statute"],
        "document_key": ["statute"],
    }


def addresses(app, made):
    """Every GET address of the portal about these objects."""
    known = ids_of(made)
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        values = {name: known.get(name, [uuid4()])[0] for name in rule.arguments}
        yield rule.endpoint, adapter.build(rule.endpoint, values, method="GET")


def crawl(app, page, made):
    for endpoint, path in addresses(app, made):
        for headers in ({}, HTMX):
            answer = page.client.get(path, headers=headers, follow_redirects=False)
            yield endpoint, path, answer


def assert_silent(app, page, made):
    seen = set()
    for endpoint, path, answer in crawl(app, page, made):
        body = answer.get_data() + str(answer.headers).encode()
        found = [each for each in CANARIES if each.encode() in body]
        assert not found, f"{endpoint} {path} ({answer.status_code}) leaks {found}"
        assert answer.status_code < 500, f"{endpoint} {path}"
        if endpoint.startswith("evaluation.") and ("assignment_id" in path or str(made.known["mine"].id) in path):
            assert answer.status_code == 404, f"{endpoint} {path}"
            seen.add(endpoint)
    assert {"evaluation.score", "evaluation.check", "evaluation.file"} <= seen


@both_engines
def test_no_address_gives_a_conflicted_evaluator_a_byte(app, page, conflicted):
    sign_in(page, conflicted.known["me"].email)
    assert_silent(app, page, conflicted)
    page.get("/scoring")
    assert not page.shows(conflicted.known["target"].reference)
    assert not page.shows(conflicted.known["target"].organisation.name)


def test_neither_does_what_is_sent_to_them(conflicted, store):
    with store() as session:
        mails = session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == conflicted.known["me"].email)
        ).all()
        notices = session.scalars(select(Notice).where(Notice.person_id == conflicted.known["me"].id)).all()
    told = " ".join([*(each.subject + each.body for each in mails), *(str(each.text) + each.path for each in notices)])
    assert not any(each in told for each in CANARIES)
    assert conflicted.known["target"].reference not in told


def test_a_published_ranking_says_no_more_than_to_everybody(app, page, conflicted, store, now):
    with store() as session:
        publish(session, conflicted, session.merge(conflicted.known["ranking"]), now=now)
    sign_in(page, conflicted.known["me"].email)
    assert_silent(app, page, conflicted)
    page.get(f"/rankings/{conflicted.known['ranking'].id}/results/{conflicted.known['target'].id}", 404)


def test_a_past_member_of_the_applicant_is_treated_alike(app, page, store, now):
    with store() as session:
        made = make_world(session, now)
        made.known["me"] = made.members[0]
        about = {"person_id": made.known["me"].id, "object_id": made.known["target"].organisation_id}
        join(session, made.known["me"], made.known["target"].organisation, Tie.EDITOR, now=now)
        untie(session, tie=Tie.EDITOR, now=now, **about)
        assignments = assign(session, made, now=now)
        made.known["mine"] = next(each for each in assignments if each.application_id == made.known["target"].id)
        for each in assignments:
            declare_free(session, each, now=now)
            score(session, each, now=now)
        made.known["ranking"] = compute(session, made, now=now)
    assert made.known["mine"].person_id != made.known["me"].id
    sign_in(page, made.known["me"].email)
    assert_silent(app, page, made)


def test_nor_does_the_conflict_of_a_chair_leave_the_numbers_open(page, store, now):
    with store() as session:
        made = make_world(session, now)
        assignments = assign(session, made, now=now)
        for each in assignments:
            mine = each.application_id == made.known["target"].id and each.person_id == made.chair.id
            if mine:
                operations.declare(
                    session,
                    assignment_id=each.id,
                    has_conflict=True,
                    reason="Zia",
                    actor=actor_for(session, each, now=now),
                    now=now,
                )
        for each in session.scalars(select(Assignment).where(Assignment.status != "recused")).all():
            declare_free(session, each, now=now)
            score(session, each, now=now)
        ranking = compute(session, made, now=now)
    conflicted_chair = made.known["target"].id in {
        each.application_id for each in assignments if each.person_id == made.chair.id
    }
    sign_in(page, made.chair.email)
    page.get(f"/rankings/{ranking.id}/results/{made.known['target'].id}", 404 if conflicted_chair else 200)
    page.get(f"/rankings/{ranking.id}/results/{made.applications[0].id}")


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.COACH, Role.FINANCE_MAKER, Role.ADMINISTRATOR])
def test_staff_without_the_assignment_get_nothing_either(app, page, conflicted, store, now, role):
    with store() as session:
        stranger = make_person(session, now=now, roles=(role,), authority=conflicted.authority)
    sign_in(page, stranger.email)
    for _endpoint, path, answer in crawl(app, page, conflicted):
        assert not any(each.encode() in answer.get_data() for each in CANARIES), path


def test_only_files_of_the_frozen_proposal_are_served(page, conflicted, store, now):
    with store() as session:
        other = store_bytes(
            session, name="altro.pdf", media_type="application/pdf", content=b"%PDF-1.4 altro", actor=SYSTEM, now=now
        )
        query = select(Assignment).where(
            Assignment.application_id == conflicted.known["target"].id, Assignment.status == "finalised"
        )
        free = session.scalars(query.order_by(Assignment.id)).first()
        person = next(each for each in conflicted.people if each.id == free.person_id)
    sign_in(page, person.email)
    answer = page.client.get(f"/scoring/{free.id}/files/{conflicted.known['file'].id}")
    assert (answer.status_code, BYTES.encode() in answer.get_data()) == (200, True)
    page.get(f"/scoring/{free.id}/files/{other.id}", 404)
    page.get(f"/scoring/{free.id}/files/{uuid4()}", 404)
