"""The pages of the control, as a strict browser without scripts sees them."""

import pytest
from sqlalchemy import select, text

from portal.milestones.control.letters import make_letter
from portal.milestones.control.models import ControlProposal
from tests.engines import both_engines
from tests.factories.base import make_organisation, make_person, sign_in
from tests.factories.control import make_controlling
from tests.factories.documents import PDF
from tests.factories.grants import sent_pdf


@pytest.fixture
def sent(store, now, clock):
    clock.advance(days=41)
    with store() as session:
        return make_controlling(session, now=now)


@pytest.fixture
def path(sent):
    return f"/costs/{sent.report.id}/control"


def ask(visitors, person):
    return sign_in(visitors(), person.email)


@both_engines
def test_from_the_desk_to_the_letter(sent, path, visitors, store, statements):
    officer, checker = ask(visitors, sent.world.officer), ask(visitors, sent.checker)
    owner = ask(visitors, sent.world.owner)
    assert officer.get("/desk").shows("rendiconto 1") or officer.shows("cost report 1")
    officer.get(path).submit("#begin-form")
    with statements() as asked:
        officer.get(path)
    assert len(asked) <= 12, asked
    officer.get(f"{path}/ask?line=2").submit("#ask-form", 422, what=" ")
    officer.submit("#ask-form", what="Manca la quietanza.", days="10")
    owner.get(f"/costs/{sent.report.id}/clarification")
    owner.submit("#reply-form", 422, **{"answer-2": " ", "file-2": (b"", "")})
    owner.submit("#reply-form", **{"answer-2": "Eccola.", "file-2": sent_pdf("quietanza.pdf", PDF)})
    assert owner.shows("quietanza.pdf")
    officer.get(path).click("2. Tipografia Sala · FT 2/2026").submit("#judge-form", 422, accepted="molti", reason="")
    officer.submit("#judge-form", 422, accepted="200,00", reason=" ")
    officer.submit("#judge-form", accepted="200,00", reason="La quietanza è di € 200.")
    officer.submit("#accept-form", numbers=["1", "3", "4", "5", "6"])
    officer.get(f"{path}/checklist")
    keys = [each.get("name") for each in officer.tree.xpath("//input[@type='radio'][@value='yes']")]
    officer.submit("#checklist-form", 422, **dict.fromkeys(keys, "yes") | {keys[0]: "no"})
    officer.submit("#checklist-form", **dict.fromkeys(keys, "yes"))
    officer.submit("#propose-form", note="")
    with store() as session:
        proposal = session.scalars(select(ControlProposal)).one()
    officer.post(f"{path}/proposal/{proposal.id}", 409)
    checker.get(path).submit(f"{path}/proposal/{proposal.id}")
    with store() as session:
        make_letter(session, report_id=sent.report.id, now=sent.world.now)
    owner.get(f"/costs/{sent.report.id}/result")
    assert owner.shows("La quietanza è di € 200.")
    owner.get(f"/costs/{sent.report.id}/result.pdf")


def test_the_recipient_sees_no_control_and_strangers_nothing(sent, path, visitors, store, now, nothing_changes):
    with store() as session:
        stranger = make_person(session, now=now)
        make_organisation(session, now=now, owner=stranger)
    owner, visitor = ask(visitors, sent.world.owner), ask(visitors, stranger)
    with nothing_changes():
        owner.get(path, 403)
        owner.post(f"{path}/sample", 403, seed="1")
        visitor.get(f"/costs/{sent.report.id}/clarification", 404)
        visitor.get(f"/costs/{sent.report.id}/result", 404)


def test_a_second_click_draws_nothing_more(sent, path, visitors, store):
    officer = ask(visitors, sent.world.officer).get(path)
    form = dict(officer.tree.get_element_by_id("begin-form").form_values())
    officer.submit("#begin-form")
    officer.post(f"{path}/sample", **form)
    officer.get(path).submit("#return-form", 422, reason=" ")
    officer.submit("#return-form", reason="Le righe sono doppie.")
    with store() as session:
        assert session.execute(text("SELECT count(*) FROM control_sample")).scalar_one() == 1
        assert session.execute(text("SELECT status FROM cost_report")).scalar_one() == "returned"


def test_more_lines_are_drawn_where_too_much_was_found(store, now, clock, visitors):
    clock.advance(days=41)
    with store() as session:
        sent = make_controlling(session, now=now, control={"method": "random", "share": "20", "materiality": "2"})
    path = f"/costs/{sent.report.id}/control"
    officer = ask(visitors, sent.world.officer).get(path).submit("#begin-form", seed="12 34")
    drawn = officer.get(path).tree.xpath("//table//a[contains(@href, '/control/lines/')]/@href")
    assert len(drawn) == 2
    for line in drawn:
        officer.get(line).submit("#judge-form", accepted="0,00", reason="Manca la prova.")
    assert officer.get(path).shows("È più del 2 % ammesso")
    officer.submit(f"{path}/sample/more")
    assert officer.get(path).shows("4 su 6")
    officer.submit(f"{path}/sample/all")
    assert officer.get(path).shows("6 su 6")
