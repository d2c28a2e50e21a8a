"""Answers of earlier applications, offered to later ones."""

from sqlalchemy import func, select

from portal.applications.models import Application
from portal.questionnaires.models import Answer
from tests.factories.applications import World, make_draft
from tests.factories.base import make_call, sign_in


def test_answers_of_an_application_to_another_call_are_offered_and_marked(page, people, begun, store, now):
    begun(sent=True)
    with store() as session:
        first = World.again(session, now, people.organisation_id, people.call_id)
        call = make_call(session, first.authority, now=now, slug="altro-avviso")
        draft = make_draft(session, call, first.organisation, by=first.actor, now=now, whole=False)
        address, sections = f"/applications/{draft.id}", [s.key for s in call.design.questionnaire.sections]
    sign_in(page, people.owner).get(f"{address}/earlier-answers")
    assert page.shows("La casa delle bici")
    with store() as session:
        sheet = session.scalars(select(Application.sheet_id).where(Application.call_id == call.id)).one()
        assert session.scalar(select(func.count(Answer.id)).where(Answer.sheet_id == sheet)) == 0, "nothing by itself"
    fields = dict(page.tree.xpath("//form[starts-with(@id, 'offer-')]")[0].form_values())
    page.post(f"{address}/earlier-answers", 422, source=fields["source"], idempotency_key="")
    page.post(f"{address}/earlier-answers", source=fields["source"], answer="title")
    page.get(f"{address}/earlier-answers")
    assert not page.tree.xpath("//input[@value='title']"), "what is answered is not offered again"
    where = next(key for key in sections if page.get(f"{address}/sections/{key}").tree.xpath("//*[@name='title']"))
    page.get(f"{address}/sections/{where}")
    assert page.field("title").get("value") == "La casa delle bici"
    assert page.shows("Dalla vostra domanda")
