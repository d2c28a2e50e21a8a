"""An evaluator in conflict never receives a byte of the proposal, whatever address they ask for (P11)."""

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.access.ties import tie, untie
from portal.applications.inbox.rules import Page as ListPage
from portal.applications.inbox.rules import Wanted
from portal.applications.messages.rules import Side
from portal.applications.models import ApplicationMessage, InboxEntry
from portal.applications.queries import inbox_of
from portal.core.actor import SYSTEM
from portal.core.mail import OutgoingMail
from portal.documents.operations import store_bytes
from portal.evaluation import operations
from portal.evaluation.models import Assignment
from portal.notices.models import Notice
from tests.engines import both_engines
from tests.factories.base import as_actor, join, make_organisation, make_person, make_staff, sign_in
from tests.factories.evaluation import (
    add_application,
    appoint,
    compute,
    declare_all,
    declare_conflict,
    make_evaluation,
    publish,
    score,
    swear,
)
from tests.factories.members import make_consortium
from tests.factories.sittings import convene, open_one
from tests.page import HTMX

CONTENT = ("canarino-titolo", "canarino-testo", "canarino-file", "canarino-byte", "canarino-messaggio")
TITLE, TEXT, FILE, BYTES, MESSAGE = CONTENT
NAMES = ("canarino-nome", "canarino-partner")
NAME, PARTNER = NAMES
CANARIES = (*CONTENT, *NAMES)
HOUR = timedelta(hours=1)


def make_world(session, now, members=4):
    """A proposal of a consortium full of canaries beside an ordinary one; by default five sit, all evaluators."""
    made = make_evaluation(session, now=now, applications=1, members=members)
    content = f"%PDF-1.4\n{BYTES}\n%%EOF".encode()
    made.known["file"] = file = store_bytes(
        session, name=f"{FILE}.pdf", media_type="application/pdf", content=content, actor=SYSTEM, now=now
    )
    lead, other = make_person(session, now=now), make_person(session, now=now)
    consortium = make_consortium(
        session, make_organisation(session, now=now, owner=lead), lead,
        (make_organisation(session, now=now, owner=other, name=PARTNER), other), now=now, name=NAME,
    )  # fmt: skip
    target = add_application(session, made, now=now, title=TITLE, text=TEXT, files=(file,), organisation=consortium)
    made.known |= {"target": target, "consortium": consortium}
    session.add(ApplicationMessage(application_id=target.id, at=now, side=Side.TEAM, team_text=MESSAGE))
    for number, each in enumerate(made.applications, 1):
        session.add(_entry(each, number, now))
    made.known["secretary"] = make_staff(session, made.authority, Role.OFFICER, now=now, name="Sara Segretaria")
    made.known["commission"] = appoint(session, made, now=now, secretary_id=made.known["secretary"].id)
    return made


def _entry(application, number, now):
    return InboxEntry(
        application_id=application.id, number=number, authority_id=application.authority_id,
        call_id=application.call_id, phase_id=application.phase_id, organisation_id=application.organisation_id,
        status=application.status, status_at=now, received_at=now, reference=application.reference, protocol="1/2026",
        title=application.title, kind=application.organisation.kind, area=None, line=None, municipality="Bari",
        requested_cents=1, total_cents=2, words=f"{application.title} {application.organisation.name}",
    )  # fmt: skip


def give_out(session, made, now):
    officer = as_actor(session, made.officer, now=now)
    return operations.assign_all(session, phase_id=made.phase.id, actor=officer, now=now).assignments


@pytest.fixture
def conflicted(store, now):
    """Everybody else has scored, the session is closed, the ranking is drafted; one evaluator is in conflict."""
    now -= 6 * HOUR
    with store() as session:
        made = make_world(session, now)
        given = give_out(session, made, now)
        sitting = made.known["sitting"] = convene(session, made, now=now)
        open_one(session, made, sitting, now=now + HOUR)
        made.known["mine"] = mine = next(
            each for each in given if each.application_id == made.known["target"].id and each.person_id != made.chair.id
        )
        declare_conflict(session, mine, "Fratello", now=now + HOUR)
        score_the_rest(session, made, now=now + HOUR)
        secretary = as_actor(session, made.known["secretary"], now=now + HOUR)
        made.known["minutes"] = operations.close_sitting(
            session, sitting_id=sitting.id, actor=secretary, now=now + 2 * HOUR
        )
        made.known["ranking"] = compute(session, made, now=now + 3 * HOUR)
        made.known["me"] = next(each for each in made.people if each.id == mine.person_id)
    return made


def score_the_rest(session, made, *, now):
    declare_all(session, made, now=now)
    live = select(Assignment).where(Assignment.status == "free_of_conflict").order_by(Assignment.id)
    for each in session.scalars(live).all():
        score(session, each, now=now)


def ids_of(made):
    """What every part of an address may be; anything else is a random key."""
    target = made.known["target"]
    named = {
        "application_id": target, "assignment_id": made.known.get("mine"), "file_id": made.known["file"],
        "organisation_id": made.known["consortium"], "consortium_id": made.known["consortium"],
        "ranking_id": made.known.get("ranking"), "phase_id": made.phase, "call_id": made.call,
        "commission_id": made.known["commission"], "sitting_id": made.known.get("sitting"),
        "minutes_id": made.known.get("minutes"), "subject_id": target, "sent_id": target,
    }  # fmt: skip
    words = {
        "slug": made.call.slug, "phase": made.phase.key, "filename": "app.css", "section": "idea",
        "section_key": "idea", "key": "statute", "document_key": "statute", "subject_type": "application",
        "kind": "csv",
    }  # fmt: skip
    return {name: each.id for name, each in named.items() if each is not None} | words


SINGLE = {"application_id", "assignment_id", "organisation_id", "filename", "kind"}
"""Pages of one thing: there is nothing to search."""


def addresses(app, made, *, searching=False):
    """Every GET address of the portal about these objects; with `searching`, lists once more as a search."""
    known = ids_of(made)
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        values = {name: known.get(name, uuid4()) for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, method="GET")
        yield rule.endpoint, path
        if searching and not rule.arguments & SINGLE:
            yield rule.endpoint, f"{path}{'&' if '?' in path else '?'}q=canarino&search=canarino&phase={made.phase.key}"


def crawl(app, page, made, **how):
    for endpoint, path in addresses(app, made, **how):
        answer = page.client.get(path, headers=HTMX if "?q=" in path else {}, follow_redirects=False)
        yield endpoint, path, answer, said_in(answer)


def said_in(answer):
    """The body with its headers, archives opened; what was asked for is no answer."""
    body = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(each) for each in archive.namelist())
    text = (body + str(answer.headers).encode()).decode("utf-8", "replace")
    return text.replace("q=canarino&search=canarino", "").replace("q=canarino&amp;search=canarino", "")


def assert_silent(app, page, made, canaries=CANARIES, **how):
    seen = set()
    for endpoint, path, answer, said in crawl(app, page, made, **how):
        found = [each for each in canaries if each in said]
        assert not found, f"{endpoint} {path} ({answer.status_code}) leaks {found}"
        assert answer.status_code < 500, f"{endpoint} {path}"
        if "mine" in made.known and endpoint.startswith("evaluation.") and str(made.known["mine"].id) in path:
            assert answer.status_code in (403, 404), f"{endpoint} {path}"
            seen.add(endpoint)
    return seen


@both_engines
def test_no_address_gives_a_conflicted_evaluator_a_byte(app, page, conflicted):
    sign_in(page, conflicted.known["me"].email)
    reference = conflicted.known["target"].reference
    seen = assert_silent(app, page, conflicted, (*CANARIES, reference), searching=True)
    assert {"evaluation.score", "evaluation.check", "evaluation.file"} <= seen


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
    assert_silent(app, page, conflicted, CONTENT)
    page.get(f"/rankings/{conflicted.known['ranking'].id}/results/{conflicted.known['target'].id}", 404)


def test_a_past_member_of_a_partner_is_treated_alike(app, page, store, now):
    with store() as session:
        made = make_world(session, now)
        made.known["me"] = me = made.members[0]
        partner = made.known["consortium"].partners[-1].organisation
        join(session, me, partner, Tie.EDITOR, now=now)
        untie(session, person_id=me.id, tie=Tie.EDITOR, object_id=partner.id, now=now)
        give_out(session, made, now)
        score_the_rest(session, made, now=now)
        made.known["ranking"] = compute(session, made, now=now)
        assert made.known["target"].id in as_actor(session, me, now=now).objects_tied_as(Tie.CONFLICTED)
    assert_silent(app, sign_in(page, me.email), made)


@pytest.mark.parametrize("seat", ["chair", "member"])
def test_who_has_not_declared_is_shown_nothing_and_then_names_alone(app, page, store, now, seat):
    with store() as session:
        made = make_world(session, now)
        me = made.chair if seat == "chair" else made.members[0]
        made.known["mine"] = next(each for each in give_out(session, made, now) if each.person_id == me.id)
    sign_in(page, me.email)
    hidden = (*CANARIES, *(each.reference for each in made.applications))
    for endpoint, path, answer, said in crawl(app, page, made):
        found = [each for each in hidden if each in said]
        assert not found, f"{endpoint} {path} ({answer.status_code}) leaks {found}"
    with store() as session:
        swear(session, made.phase.id, as_actor(session, me, now=now), now=now)
    named = set()
    for endpoint, path, answer, said in crawl(app, page, made):
        found = [each for each in hidden if each in said and each not in NAMES]
        assert not found, f"{endpoint} {path} ({answer.status_code}) leaks {found}"
        named |= {endpoint for each in NAMES if each in said}
    assert named == {"evaluation.declarations"}


def test_a_chair_in_conflict_neither_reads_nor_counts_it(app, page, store, now):
    with store() as session:
        made = make_world(session, now)
        given = give_out(session, made, now)
        target, other = made.known["target"], made.applications[0]
        made.known["mine"] = mine = next((each for each in given if each.application_id == target.id
                                          and each.person_id == made.chair.id), None)  # fmt: skip
        if mine is not None:
            declare_conflict(session, mine, "Zia", now=now)
        else:
            tie(session, person_id=made.chair.id, tie=Tie.CONFLICTED, object_type="application", object_id=target.id,
                now=now)  # fmt: skip
            del made.known["mine"]
        score_the_rest(session, made, now=now)
        made.known["ranking"] = ranking = compute(session, made, now=now)
    sign_in(page, made.chair.email)
    assert_silent(app, page, made, CONTENT)
    page.get(f"/rankings/{ranking.id}/results/{target.id}", 404)
    page.get(f"/rankings/{ranking.id}/results/{other.id}")
    page.get(f"/manage/calls/{made.call.slug}/commission")
    facts = page.tree.xpath("//dl[@class='v-facts']//dd")
    assert "2" not in {each.text_content().strip() for each in facts}


def test_an_officer_in_conflict_neither_finds_nor_exports_nor_counts_it(app, page, conflicted, store, now):
    with store() as session:
        officer = make_staff(session, conflicted.authority, Role.OFFICER, now=now)
        tie(session, person_id=officer.id, tie=Tie.CONFLICTED, object_type="application", now=now,
            object_id=conflicted.known["target"].id)  # fmt: skip
        rows = inbox_of(session, as_actor(session, officer, now=now), Wanted(), ListPage(), now).rows
        assert len(rows) == len(conflicted.applications) - 1
    assert_silent(app, sign_in(page, officer.email), conflicted, CONTENT, searching=True)


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.COACH, Role.ADMINISTRATOR])
def test_staff_without_the_assignment_get_nothing_either(app, page, conflicted, store, now, role):
    with store() as session:
        stranger = make_person(session, now=now, roles=(role,), authority=conflicted.authority)
    sign_in(page, stranger.email)
    for _endpoint, path, _answer, said in crawl(app, page, conflicted):
        assert not any(each in said for each in CONTENT), path


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
