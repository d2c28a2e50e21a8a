"""A virus found in a file that is in use: whoever uses it and the officers in charge are told, wherever that is."""

import pytest
from sqlalchemy import select

from portal.access.models import OfferedFact
from portal.access.policy import Tie
from portal.access.ties import tie
from portal.calls.models import Phase
from portal.calls.operations import attach_document
from portal.calls.rules.publication import DocumentKind
from portal.core.actor import SYSTEM
from portal.core.audit import AuditEvent
from portal.core.events import announce
from portal.documents.places import places_of
from portal.documents.rules import FileBlocked
from portal.grants.models import Agreement
from portal.milestones.models import ReportEvidence
from portal.notices.models import Notice
from tests.factories.documents import PDF, make_upload
from tests.factories.house import make_house


@pytest.fixture
def house(session, now):
    return make_house(session, now=now, code="bari")


def test_every_room_says_where_a_file_is_used_and_who_is_told_but_for_conflicts(session, house, now):
    officer, owner = house.people["officer"].id, house.people["owner"].id
    titles = {"it": "Avviso", "en": "Notice"}
    document = attach_document(
        session, call_id=session.get_one(Phase, house.named["phase_id"]).call_id,
        upload=make_upload(PDF, "avviso.pdf"), kind=DocumentKind.ACT, title=titles, actor=SYSTEM, now=now,
    )  # fmt: skip
    used = {
        "milestone": session.scalars(select(ReportEvidence.file_id)).first(),
        "grant_award": session.scalars(select(Agreement.signed_file_id)).first(),
        "organisation": session.scalars(select(OfferedFact.file_id)).first(),
        "call": document.file_id,
        "application": house.named["attachment_id"],
    }
    for kind, file_id in used.items():
        announce(session, FileBlocked(file_id=file_id, name="x.pdf", uploaded_by=None, at=now))
        session.flush()
        assert {place.subject.__tablename__ for place in places_of(session, file_id, now)} >= {kind}, kind
        blocked = select(AuditEvent.event).where(AuditEvent.event == f"{kind}.file_blocked")
        assert session.scalars(blocked).all(), kind
    about = Notice.text["it"].as_string().contains("virus")
    told = {(row.person_id, row.path.split("/")[1]) for row in session.scalars(select(Notice).where(about))}
    assert {(officer, room) for room in ("milestones", "grants", "manage", "applications")} <= told
    assert {room for person, room in told if person == owner} >= {"milestones", "grants", "applications"}
    (place,) = places_of(session, used["grant_award"], now)
    assert officer in place.office
    tie(session, person_id=officer, tie=Tie.CONFLICTED, object_type="grant", object_id=place.subject.id, now=now)
    session.flush()
    (place,) = places_of(session, used["grant_award"], now)
    assert officer not in place.office, "a conflict keeps an officer out of what is told"
