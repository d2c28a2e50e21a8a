"""The pages on which evaluators declare: first what they swear, then names, then proposals."""

import pytest

from portal.access.policy import Tie
from portal.evaluation.models import Assignment, ConflictSuggestion
from portal.evaluation.suggesting import Likeness
from tests.factories.base import as_actor, sign_in
from tests.factories.evaluation import assign, declare_all, declare_free, make_evaluation


@pytest.fixture
def world(store, now):
    """Two applications, given out, nothing declared."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
        made.assignments = assign(session, made, now=now)
    return made


@pytest.fixture
def mine(world, page):
    first = world.assignments[0]
    person = next(each for each in world.people if each.id == first.person_id)
    return sign_in(page, person.email), first


def said(world, of):
    """What an application is called, and who applies."""
    found = next(each for each in world.applications if each.id == of.application_id)
    return found.title, found.reference, found.organisation.name


def test_first_the_oath_then_the_names_then_the_proposal(mine, world):
    page, first = mine
    title, reference, name = said(world, first)
    for path in ("/scoring", f"/scoring/{first.id}", f"/scoring/declarations/{world.phase.id}"):
        page.get(path)
        assert not any(page.shows(each) for each in (title, reference, name)), path
    page.submit("#general", expect=422)
    page.submit("#general", expect=422, holds="yes", fiscal_code="NONVALIDO")
    page.submit("#general", holds="yes", fiscal_code="")
    assert page.url == f"/scoring/declarations/{world.phase.id}"
    assert page.shows(name)
    assert not any(page.shows(each) for each in (title, reference, "Un posto aperto la sera."))
    page.get(f"/scoring/{first.id}")
    assert not page.shows(name)
    page.get(f"/scoring/declarations/{world.phase.id}").submit("#names", expect=422)
    page.submit("#names", answer="none")
    page.get("/scoring")
    assert page.shows(reference)
    page.get(f"/scoring/{first.id}")
    assert page.shows("Un posto aperto la sera.")


def test_a_name_ticked_wants_its_reason_and_closes_the_application_for_good(mine, world, nothing_changes):
    page, first = mine
    page.get(f"/scoring/declarations/{world.phase.id}").submit("#general", holds="yes")
    name = said(world, first)[2]
    label = next(each for each in page.tree.xpath("//form[@id='names']//label") if name in each.text_content())
    key = label.get("for").removeprefix("conflict-")
    page.submit("#names", expect=422, answer="none", conflict=key)
    page.submit("#names", expect=422, answer="some", conflict=key)
    assert [each.get("name") for each in page.tree.xpath("//form[@id='names']//input[@type='text']")] == [f"why-{key}"]
    page.submit("#names", answer="some", conflict=key, **{f"why-{key}": "Mia sorella ne è socia"})
    for path in ("", "/check"):
        page.get(f"/scoring/{first.id}{path}", 404)
    page.get(f"/scoring/declarations/{world.phase.id}")
    assert not page.shows(name)
    with nothing_changes():
        page.post(f"/scoring/{first.id}/scores", 404)
        page.post(f"/scoring/declarations/{world.phase.id}/names", answer="none", seen=key)


def test_who_cannot_swear_leaves_the_commission(mine, world):
    page, first = mine
    page.get(f"/scoring/declarations/{world.phase.id}")
    page.submit("#general", expect=422, holds="no")
    page.submit("#general", holds="no", reason="Condanna non definitiva")
    page.get(f"/scoring/declarations/{world.phase.id}", 403)
    page.get(f"/scoring/{first.id}", 404)


def test_a_conflict_found_while_reading_closes_the_proposal(mine, world, store, now):
    page, first = mine
    with store() as session:
        declare_free(session, session.get_one(Assignment, first.id), now=now)
    page.get(f"/scoring/{first.id}").submit("#step-back", expect=422)
    page.submit("#step-back", reason="Ho riconosciuto la voce di mio cugino")
    page.get(f"/scoring/{first.id}", 404)


def test_the_office_and_the_chair_decide_on_what_was_noticed_never_on_themselves(page, world, store, now):
    with store() as session:
        one, other = world.applications
        for person, application in ((world.members[0], one), (world.chair, other)):
            session.add(ConflictSuggestion(application_id=application.id, person_id=person.id, found_at=now,
                                           likeness=Likeness.EMAIL_DOMAIN))  # fmt: skip
    address = f"/manage/calls/{world.call.slug}/conflicts"
    sign_in(page, world.chair.email)
    page.get(address)
    assert not page.shows(one.organisation.name)
    with store() as session:
        declare_all(session, world, now=now)
    page.get(address)
    assert page.shows("un indirizzo e-mail con lo stesso dominio")
    assert len(page.tree.xpath("//form[starts-with(@id, 'decide-')]")) == 1
    page.submit("#decide-2" if page.tree.xpath("//form[@id='decide-2']") else "#decide-1", expect=422, reason="")
    page.get(address)
    form = "#" + page.tree.xpath("//form[starts-with(@id, 'decide-')]/@id")[0]
    page.submit(form, is_conflict="no", reason="È il dominio del Comune")
    page.get(address)
    assert page.shows("È il dominio del Comune")
    sign_in(page, world.officer.email)
    page.get(address)
    page.submit("#decide-1", is_conflict="yes", reason="Lavorano insieme")
    with store() as session:
        assert other.id in as_actor(session, world.chair, now=now).objects_tied_as(Tie.CONFLICTED)
