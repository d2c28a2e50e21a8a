"""Writing together by operations, on both engines: restoring, who is where, taking earlier answers over."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access.policy import Tie
from portal.applications import operations
from portal.applications.models import ReusedAnswer, SectionPresence
from portal.applications.operations.reuse import offers_for
from portal.applications.presence import GONE_AFTER, be_here, others_in, together
from portal.core.errors import Conflict, Invalid, NotFound
from portal.questionnaires.models import Answer, AnswerVersion
from portal.questionnaires.operations.restoring import ChangedSince
from tests.factories.applications import World, make_draft
from tests.factories.base import as_actor, make_call, make_organisation, make_person
from tests.factories.members import make_member


class Pair(World):
    """A draft that an owner and an editor write together."""

    def __init__(self, session, now) -> None:
        super().__init__(session, now)
        self.other = as_actor(session, make_member(session, self.organisation, Tie.EDITOR, now=now), now=now)
        self.application = self.draft(whole=False)
        sections = self.call.design.questionnaire.sections
        self.key = next(s.key for s in sections if any(q.key == "title" for q in s.questions))
        self.elsewhere = next(s.key for s in sections if s.key != self.key)

    def write(self, who, text, base, *, minutes=0):
        at = self.now + timedelta(minutes=minutes)
        return operations.save_answers(
            self.session, application=self.application, section_key=self.key, typed={"title": text},
            base={"title": base}, actor=who, now=at,
        )  # fmt: skip

    def restore(self, who, version, base):
        return operations.restore_version(
            self.session, application_id=self.application.id, key="title", version=version, base=base, actor=who,
            now=self.now + timedelta(hours=1),
        )  # fmt: skip

    def seen_by(self, who, versions, *, after=timedelta()):
        return together(
            self.session, application=self.application, section_key=self.key, seen=versions, actor=who,
            now=self.now + after,
        )  # fmt: skip


@pytest.fixture
def pair(session, now):
    return Pair(session, now)


def test_a_restored_version_is_the_newest_and_nothing_of_the_history_goes(pair, session):
    pair.write(pair.actor, "La prima", 0)
    pair.write(pair.other, "La seconda", 1, minutes=20)
    with pytest.raises(ChangedSince):
        pair.restore(pair.actor, 1, 1)
    pair.restore(pair.actor, 1, 2)
    assert session.scalars(select(Answer.value).where(Answer.key == "title")).one() == {"value": "La prima"}
    kept = select(AnswerVersion.value).where(AnswerVersion.key == "title").order_by(AnswerVersion.version)
    assert [each["value"] for each in session.scalars(kept)] == ["La prima", "La seconda", "La prima"]
    assert pair.application.title == "La prima", "what lists repeat follows"
    with pytest.raises(NotFound):
        pair.restore(pair.actor, 9, 3)
    with pytest.raises(Invalid):
        pair.restore(pair.actor, 0, 3)
    conflict = pair.write(pair.other, "La terza", 2).conflicts
    assert [(each.mine, each.theirs) for each in conflict] == [({"value": "La terza"}, {"value": "La prima"})]


def test_one_row_a_person_says_where_they_are_until_three_beats_are_missed(pair, session, now):
    for key in (pair.elsewhere, pair.key, pair.elsewhere):
        be_here(session, application=pair.application, section_key=key, actor=pair.other, now=now)
    be_here(session, application=pair.application, section_key=pair.key, actor=pair.actor, now=now)
    assert session.scalar(select(func.count(SectionPresence.id))) == 2
    (found,) = others_in(session, pair.application, pair.actor, now)
    assert (found.name, found.section_key) == (pair.other.name, pair.elsewhere)
    assert others_in(session, pair.application, pair.actor, now + GONE_AFTER) == []
    with pytest.raises(NotFound):
        be_here(session, application=pair.application, section_key="nothing", actor=pair.actor, now=now)


def test_what_another_wrote_is_told_and_one_s_own_is_not(pair, now):
    pair.write(pair.actor, "Mio", 0)
    assert pair.seen_by(pair.actor, {"title": 0}).newer == []
    pair.write(pair.other, "Suo", 1, minutes=1)
    (newer,) = pair.seen_by(pair.actor, {"title": 1}).newer
    assert (newer.key, newer.by) == ("title", pair.other.name)
    assert pair.seen_by(pair.actor, {"title": 2}).newer == []
    assert pair.seen_by(pair.other, {"title": 1}).newer == []


def test_earlier_answers_come_where_nothing_is_written_and_are_marked_by_their_version(pair, session, now):
    pair.write(pair.actor, "Scritto prima", 0)
    first = make_draft(session, make_call(session, pair.authority, now=now), pair.organisation, by=pair.actor, now=now)
    assert offers_for(session, application=pair.application, actor=pair.actor) == [], "a draft says nothing yet"
    operations.submit_application(session, application_id=first.id, actor=pair.actor, received_at=now, now=now)
    session.flush()
    (offer,) = offers_for(session, application=pair.application, actor=pair.actor)
    assert offer.source.id == first.id
    assert "title" not in offer.answers, "what is written is not offered"
    wanted = sorted(offer.answers)[:2]
    given = {"application_id": pair.application.id, "source_id": first.id, "actor": pair.other, "now": now}
    assert sorted(operations.reuse_answers(session, keys=[*wanted, "title"], **given)) == wanted
    marks = session.execute(select(ReusedAnswer.key, ReusedAnswer.version).order_by(ReusedAnswer.key)).all()
    assert [tuple(each) for each in marks] == [(key, 1) for key in wanted]
    with pytest.raises((Invalid, NotFound)):
        operations.reuse_answers(session, keys=wanted, **given)


def test_nobody_is_offered_the_answers_of_another_applicant(pair, session, now):
    stranger = make_person(session, now=now)
    theirs = make_organisation(session, now=now, owner=stranger)
    actor = as_actor(session, stranger, now=now)
    other = make_draft(session, make_call(session, pair.authority, now=now), theirs, by=actor, now=now)
    operations.submit_application(session, application_id=other.id, actor=actor, received_at=now, now=now)
    session.flush()
    assert offers_for(session, application=pair.application, actor=pair.actor) == []
    with pytest.raises(NotFound):
        operations.reuse_answers(
            session, application_id=pair.application.id, source_id=other.id, keys=["title"], actor=pair.actor, now=now
        )


def test_after_it_was_sent_nothing_is_restored(pair, session, now):
    sent = make_draft(session, make_call(session, pair.authority, now=now), pair.organisation, by=pair.actor, now=now)
    operations.submit_application(session, application_id=sent.id, actor=pair.actor, received_at=now, now=now)
    with pytest.raises(Conflict):
        operations.restore_version(
            session, application_id=sent.id, key="title", version=1, base=1, actor=pair.actor, now=now
        )
