"""Whoever follows a call, or has an application to it, hears of each event once, in batches, and can stop."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.queries import authority_by_code
from portal.calls import jobs, news
from portal.calls.models import Call, CallDelivery, CallEvent, CallSubscription
from portal.calls.operations import cancel_call, extend_deadline, follow, stop_by_link, stop_following
from portal.calls.operations.following import PURPOSE
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Forbidden, NotFound
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail, as_message
from portal.core.secrets import seal
from portal.notices.models import Notice
from tests.factories.base import as_actor, make_application, make_organisation, make_person, sign_in
from tests.factories.calls import dated_design, publish_design


@pytest.fixture
def call(session, now) -> Call:
    """A published call, of which nobody was told yet."""
    return publish_design(session, dated_design(now), now=now)


def tell(session: Session, now: datetime) -> int:
    """Run every job that tells, as the worker does; how many ran."""
    ran: set[object] = set()
    while left := [job for job in session.scalars(select(Job).where(Job.kind == "calls.tell")) if job.id not in ran]:
        for job in left:
            jobs.tell(session, now=now, **job.args)
            ran.add(job.id)
        session.flush()
    return len(ran)


def follower(session: Session, now: datetime, **what) -> Person:
    """Somebody who follows."""
    person = make_person(session, now=now)
    follow(session, actor=as_actor(session, person, now=now), now=now, **what)
    return person


def extend(session: Session, call: Call, now: datetime) -> None:
    """An extension to 20 April at noon in Rome."""
    extend_deadline(
        session, phase_id=call.phases[0].id, closes_at=datetime(2026, 4, 20, 12), act_number="2026/9",
        act_date=date(2026, 3, 1), reason={"it": "Maltempo", "en": "Storm"}, actor=SYSTEM, now=now,
    )  # fmt: skip


def told(session: Session) -> dict[str, OutgoingMail]:
    """Messages by address."""
    return {mail.recipient: mail for mail in session.scalars(select(OutgoingMail))}


def test_followers_and_applicants_are_told_once_each_with_their_own_page(session, call, now):
    one, city = follower(session, now, call_id=call.id), follower(session, now, authority_id=call.authority_id)
    city.locale = "en"
    owner = make_person(session, now=now)
    application = make_application(session, call, make_organisation(session, now=now, owner=owner), now=now)
    follow(session, actor=as_actor(session, owner, now=now), now=now, call_id=call.id)
    tell(session, now)
    extend(session, call, now)
    tell(session, now)
    mails = {name: told(session)[name.email] for name in (one, city, owner)}
    assert "20 aprile 2026, 12:00" in mails[one].subject
    assert "20 April 2026" in mails[city].body
    assert f"/calls/{call.slug}" in mails[one].body
    assert str(mails[one].unsubscribe).rsplit("/", 1)[0].endswith("/subscriptions")
    assert mails[owner].unsubscribe is None
    assert f"/applications/{application.id}" in mails[owner].body
    message = as_message(mails[one], sender="a@b.it")
    assert message["List-Unsubscribe"] == f"<{mails[one].unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    before = session.scalar(select(func.count(OutgoingMail.id)))
    tell(session, now)
    assert session.scalar(select(func.count(OutgoingMail.id))) == before
    paths = {notice.person_id: notice.path for notice in session.scalars(select(Notice))}
    assert paths[owner.id] == f"/applications/{application.id}"


def test_many_are_told_in_batches(session, call, now, monkeypatch):
    monkeypatch.setattr(news, "BATCH", 2)
    people = [follower(session, now, call_id=call.id) for _ in range(5)]
    extend(session, call, now)
    event = session.scalars(select(CallEvent).order_by(CallEvent.at.desc(), CallEvent.id.desc())).first()
    assert event is not None
    assert [news.tell_next(session, event=event, now=now) for _ in range(3)] == [True, True, False]
    assert set(session.scalars(select(CallDelivery.person_id))) == {person.id for person in people}
    assert session.scalar(select(func.count(OutgoingMail.id))) == 5
    assert news.tell_next(session, event=event, now=now) is False
    assert session.scalar(select(func.count(OutgoingMail.id))) == 5


def test_a_cancellation_reaches_whoever_was_sent_and_a_new_follower_hears_nothing_old(session, call, now):
    owner = make_person(session, now=now)
    make_application(session, call, make_organisation(session, now=now, owner=owner), now=now)
    cancel_call(
        session, call_id=call.id, act_number="1", act_date=date(2026, 3, 1), reason={"it": "Vizio", "en": "Flaw"},
        actor=SYSTEM, now=now,
    )  # fmt: skip
    later = now.replace(hour=11)
    late = make_person(session, now=now)
    follow(session, actor=as_actor(session, late, now=later), now=later, call_id=call.id)
    tell(session, later)
    assert "Vizio" in told(session)[owner.email].body
    assert late.email not in told(session)


def test_following_twice_is_following_once_and_stopping_is_for_oneself(session, call, now):
    person = follower(session, now, call_id=call.id)
    actor = as_actor(session, person, now=now)
    row = follow(session, actor=actor, now=now, call_id=call.id)
    assert session.scalars(select(CallSubscription)).all() == [row]
    stranger = as_actor(session, make_person(session, now=now), now=now)
    with pytest.raises(NotFound):
        stop_following(session, subscription_id=row.id, actor=stranger, now=now)
    with pytest.raises(Forbidden):
        follow(session, actor=SYSTEM, now=now, call_id=call.id)
    with pytest.raises(NotFound):
        stop_by_link(session, token="x" * 60, actor=SYSTEM, now=now)
    assert stop_following(session, subscription_id=row.id, actor=actor, now=now).until == now
    assert follow(session, actor=actor, now=now, call_id=call.id) is not row


def test_what_is_rehearsed_or_not_out_yet_is_followed_by_nobody(session, call, now):
    reader = as_actor(session, make_person(session, now=now), now=now)
    live = call.authority
    twin = Authority(code="bari-prova", name="Bari – PROVA", twin_of_id=live.id)
    session.add(twin)
    session.flush()
    call.authority_id = twin.id
    session.flush()
    session.expire(call)
    for what in ({"call_id": call.id}, {"authority_id": twin.id}, {"call_id": live.id}, {}):
        with pytest.raises(NotFound):
            follow(session, actor=reader, now=now, **what)
    call.authority_id, call.published_at = live.id, None
    session.flush()
    session.expire(call)
    with pytest.raises(NotFound):
        follow(session, actor=reader, now=now, call_id=call.id)


def test_a_link_that_was_bent_or_made_for_something_else_stops_nothing(session, call, now):
    row = follow(session, actor=as_actor(session, make_person(session, now=now), now=now), now=now, call_id=call.id)
    good = seal(str(row.id), purpose=PURPOSE)
    bent = [good[:-2] + "AA", good[1:], good + "A", str(row.id), seal(str(row.id), purpose="other"),
            seal(str(call.id), purpose=PURPOSE), seal("x", purpose=PURPOSE), "", "é" * 40]  # fmt: skip
    for token in bent:
        with pytest.raises(NotFound):
            stop_by_link(session, token=token, actor=SYSTEM, now=now)
    assert row.until is None
    stop_by_link(session, token=good, actor=SYSTEM, now=now)
    again = follow(session, actor=Actor(row.person_id, "Eva"), now=now, call_id=call.id)
    assert stop_by_link(session, token=good, actor=SYSTEM, now=now + timedelta(days=1)) is row
    assert (row.until, again.until) == (now, None), "an old link ends what it was made for, once"


@pytest.fixture
def reader(page, store, now):
    """Somebody signed in, before a call of Bari."""
    with store() as session:
        publish_design(session, dated_design(now), now=now)
        person = make_person(session, now=now)
    return sign_in(page, person.email)


def test_one_click_follows_and_one_stops(reader):
    reader.get("/calls/bari-urbis?lang=it").submit("Avvisatemi su questo avviso")
    reader.submit("Avvisatemi su ogni avviso di Comune di Bari")
    reader.get("/subscriptions")
    assert reader.shows("Ogni avviso di Comune di Bari")
    reader.get("/calls/bari-urbis").submit("Non seguire più questo avviso")
    assert reader.shows("Avvisatemi su questo avviso")


def test_the_link_of_a_mail_stops_without_signing_in_and_without_a_token_of_ours(reader, client, store, now, visitors):
    reader.get("/calls/bari-urbis?lang=it").submit("Avvisatemi su questo avviso")
    with store() as session:
        call = session.scalars(select(Call)).one()
        extend(session, call, now.replace(hour=10))
        event = session.scalars(select(CallEvent).order_by(CallEvent.at.desc())).first()
        assert event is not None
        news.tell_next(session, event=event, now=now.replace(hour=10))
        session.commit()
        address = session.scalars(select(OutgoingMail.unsubscribe).where(OutgoingMail.unsubscribe.is_not(None))).one()
    path = "/subscriptions/" + str(address).rsplit("/", 1)[1]
    visitor = visitors().get(path + "?lang=it")
    assert visitor.shows("Non serve accedere")
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert visitor.get(path).shows("Questi messaggi non arrivano più")
    client.post("/subscriptions/" + "x" * 50, data={})
    with store() as session:
        assert session.scalars(select(CallSubscription)).one().until is not None
        assert authority_by_code(session, "bari") is not None
