"""The inbox: one line for each person, the newest first, and nobody else's."""

from datetime import timedelta

from portal.core.actor import ANONYMOUS
from portal.notices.operations import notify
from portal.notices.queries import latest_notices
from tests.factories.base import as_actor, make_person


def test_everybody_is_told_once_and_reads_only_their_own_newest_first(session, now):
    ada, eva = make_person(session, now=now), make_person(session, now=now)
    notify(session, people=[ada.id, eva.id, ada.id], text={"it": "prima", "en": "first"}, path="/a", now=now)
    notify(session, people=[ada.id], text={"it": "poi", "en": "then"}, path="/b", now=now + timedelta(minutes=1))
    mine = latest_notices(session, as_actor(session, ada, now=now))
    assert [(notice.text["it"], notice.path) for notice in mine] == [("poi", "/b"), ("prima", "/a")]
    assert [notice.text["en"] for notice in latest_notices(session, as_actor(session, eva, now=now))] == ["first"]
    assert latest_notices(session, ANONYMOUS) == []


def test_the_list_has_an_end(session, now):
    ada = make_person(session, now=now)
    for _ in range(12):
        notify(session, people=[ada.id], text={"it": "a"}, path="/a", now=now)
    actor = as_actor(session, ada, now=now)
    assert len(latest_notices(session, actor)) == 8
    assert len(latest_notices(session, actor, most=3)) == 3
