"""Files signed inside are withheld while names are hidden: the office is told, and shows them by copy or by act."""

import io
from datetime import timedelta

import pytest

from portal.applications.models import ApplicationFile
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidForm, NotFound
from portal.documents.operations import store_bytes
from portal.evaluation import operations
from portal.evaluation.operations.releasing import ShownAlready
from tests.evaluation.test_scoring_rounds import BLIND, authored, begin
from tests.factories.base import as_actor, sign_in
from tests.factories.evaluation import add_application, assign, declare_all, make_evaluation

HOUR = timedelta(hours=1)


def make_world(session, now):
    """One application with two files signed inside, its evaluators free of conflict, a blind round."""
    made = make_evaluation(session, now=now, applications=0, design=BLIND)
    files = [store_bytes(session, name=name, media_type="application/pdf", content=authored(), actor=SYSTEM, now=now)
             for name in ("statuto-firmato.pdf", "bilancio-firmato.pdf")]  # fmt: skip
    for each in files:
        each.is_signed = True
    application = add_application(session, made, now=now, files=tuple(files))
    session.add_all(ApplicationFile(application_id=application.id, document_key=f"d{number}", file_id=each.id,
                                    added_at=now, added_by=None) for number, each in enumerate(files))  # fmt: skip
    made.assignments = assign(session, made, now=now)
    declare_all(session, made, now=now)
    made.known |= {"files": files, "target": application,
                   "mine": next(each for each in made.assignments if each.person_id == made.members[0].id)}  # fmt: skip
    return made


@pytest.fixture
def world(store, now):
    with store() as session:
        return make_world(session, now)


def pick(world, number):
    """The choice of one of the files."""
    return f"{world.known['target'].id}.{world.known['files'][number].id}"


def test_the_office_finds_them_and_shows_each_in_its_way(page, store, world, now):
    path = f"/manage/calls/{world.call.slug}/withheld"
    mine, (statute, budget) = world.known["mine"], world.known["files"]
    sign_in(page, world.officer.email)
    page.get("/desk")
    assert page.shows("Decidere su 2 file che i commissari non vedono")
    page.get(f"/manage/calls/{world.call.slug}/progress")
    assert page.shows("statuto-firmato.pdf")
    page.get(path)
    page.submit("#release", expect=422)
    page.submit("#release", expect=422, file=pick(world, 0), how="copy", reason="Dal proponente")
    page.submit("#release", file=pick(world, 0), how="copy", reason="Dal proponente",
                copy=(io.BytesIO(authored()), "pulito.pdf"))  # fmt: skip
    page.submit("#release", expect=422, file=pick(world, 1), how="act", reason="Serve il bilancio")
    page.submit("#release", file=pick(world, 1), how="act", reason="Serve il bilancio", act_number="2026/3",
                act_date=now.date().isoformat())  # fmt: skip
    assert page.shows("Serve il bilancio")
    page.get("/desk")
    assert not page.shows("che i commissari non vedono")
    sign_in(page, world.members[0].email)
    page.get(f"/scoring/{mine.id}")
    links = page.tree.xpath("//a[contains(@href, '/files/')]/@href")
    assert [page.client.get(each).status_code for each in links] == [200, 200]
    assert not any(str(statute.id) in each for each in links)
    assert any(str(budget.id) in each for each in links)
    assert page.client.get(f"/scoring/{mine.id}/files/{statute.id}").status_code == 404
    page.get(path, 403)


def test_evaluators_do_not_see_them_before_and_a_chair_is_not_told_their_names(page, world):
    for person in (world.members[0], world.chair):
        sign_in(page, person.email)
        mine = next(each for each in world.assignments if each.person_id == person.id)
        for each in world.known["files"]:
            assert page.client.get(f"/scoring/{mine.id}/files/{each.id}").status_code == 404
    page.get(f"/manage/calls/{world.call.slug}/progress")
    assert not page.shows("statuto-firmato.pdf")


def test_what_was_done_stays_and_only_what_is_withheld_is_shown(session, now):
    made = make_world(session, now)
    officer, (file, other) = as_actor(session, made.officer, now=now), made.known["files"]
    given = {"application_id": made.known["target"].id, "reason": "Serve", "actor": officer, "now": now,
             "act_date": now.date()}  # fmt: skip
    with pytest.raises(InvalidForm):
        operations.open_by_act(session, file_id=file.id, act_number=" ", **given)
    with pytest.raises(NotFound):
        operations.open_by_act(session, file_id=made.known["mine"].id, act_number="1", **given)
    for person in (made.chair, made.members[0], made.owners[0]):
        actor = as_actor(session, person, now=now)
        with pytest.raises(NotFound):
            operations.open_by_act(session, file_id=file.id, act_number="1", **(given | {"actor": actor}))
    operations.open_by_act(session, file_id=file.id, act_number="1", **given)
    with pytest.raises(ShownAlready):
        operations.open_by_act(session, file_id=file.id, act_number="2", **given)
    begin(session, made, now=now + HOUR)
    with pytest.raises(NotFound):
        operations.open_by_act(session, file_id=other.id, act_number="2", **given)
