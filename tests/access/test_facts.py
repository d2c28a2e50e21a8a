"""Documents and the facts verified from them: who hands in, who verifies, what is shown and to whom."""

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access import organisation_checks
from portal.access.models import OfferedFact, VerifiedFact
from portal.access.operations import facts
from portal.access.operations.facts import FactSeen, OwnOrganisation
from portal.access.policy import Role, Tie
from portal.access.queries.facts import fact_file
from portal.access.rules import FactKind, OfferStatus
from portal.access.rules.facts import DURC_VALID_FOR, VALID_FOR, valid_until
from portal.core.audit.models import AuditEvent
from portal.core.errors import IllegalMove, Invalid, NotFound
from portal.desk.organisations import asks
from portal.notices.models import Notice
from tests.factories.base import join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.documents import PDF, make_upload
from tests.factories.due import due_of
from tests.factories.organisations import make_known

due_steps = due_of(asks)

DURC, STATUTE, EXTRACT = FactKind.DURC, FactKind.STATUTE, FactKind.REGISTER_EXTRACT


@pytest.fixture
def known(session, now):
    return make_known(session, now=now)


def judge(known, offer, *, refuse=None, by=None, **seen):
    """An officer verifies a document, or refuses it."""
    given = {"organisation_id": known.organisation.id, "offer_id": offer.id, **known.by(by or known.officer)}
    if refuse is not None:
        return facts.refuse_offer(known.session, reason=refuse, **given)
    read = {"kind": offer.kind, "issued_on": offer.issued_on, "source": "INPS_77"} | seen
    return facts.verify_offer(known.session, seen=FactSeen(**read), **given)


@given(st.sampled_from(list(FactKind)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_each_kind_lasts_as_long_as_its_table_says(kind, day):
    lasts = VALID_FOR[kind]
    assert valid_until(kind, day) == (day + lasts if lasts else None)


def test_a_durc_lasts_120_days():
    assert valid_until(DURC, date(2026, 3, 2)) == date(2026, 6, 30)


def test_a_fact_is_recorded_with_source_date_expiry_and_file(known, now):
    fact = facts.record_fact(
        known.session, organisation_id=known.organisation.id, upload=make_upload(PDF, "statuto.pdf"),
        seen=FactSeen(EXTRACT, now.date(), "  INPS_1 ", note="Visto\nin sede"), **known.by(known.officer),
    )  # fmt: skip
    assert (fact.source, fact.valid_until) == ("INPS_1", now.date() + timedelta(days=180))
    assert fact.file is not None
    assert (fact.file.name, fact.note) == ("statuto.pdf", "Visto\nin sede")
    assert known.record(STATUTE).valid_until is None
    assert known.record(expires_on=now.date() + timedelta(days=1)).valid_until == now.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "seen"),
    [
        ("issued_on", {"issued_on": date(2026, 3, 3)}), ("issued_on", {"issued_on": date(1800, 1, 1)}),
        ("source", {"source": " \u200b"}), ("valid_until", {"expires_on": date(2026, 3, 1)}),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_true_is_refused(known, field, seen):
    with pytest.raises(Invalid) as refusal:
        known.record(**seen)
    assert refusal.value.field == field
    assert known.session.scalars(select(VerifiedFact)).all() == []


def test_the_database_refuses_an_expiry_before_the_issue(known):
    known.record()
    known.session.flush()
    with pytest.raises(IntegrityError, match="expires_after_its_issue"), known.session.begin_nested():
        known.session.execute(text("UPDATE verified_fact SET valid_until = '2000-01-01'"))


def test_what_members_hand_in_becomes_a_fact_with_its_file(known, now):
    offer = known.offer(issued_on=now.date() - timedelta(days=5))
    judge(known, offer)
    fact = known.session.scalars(select(VerifiedFact)).one()
    assert (offer.status, offer.fact_id, offer.decided_by) == (OfferStatus.VERIFIED, fact.id, known.officer.id)
    assert (fact.file_id, fact.issued_on, fact.valid_until) == (
        offer.file_id, offer.issued_on, offer.issued_on + DURC_VALID_FOR,
    )  # fmt: skip
    for again in ({}, {"refuse": "Tardi"}):
        with pytest.raises(IllegalMove):
            judge(known, offer, **again)
    notice = known.session.scalars(select(Notice).where(Notice.person_id == known.owner.id)).one()
    assert "verificat" in notice.text["it"]


def test_the_nightly_check_finds_a_fact_that_is_not_of_its_document(known):
    judge(known, known.offer())
    assert list(organisation_checks.broken(known.session)) == []
    known.session.scalars(select(VerifiedFact)).one().kind = STATUTE
    known.session.flush()
    (found,) = organisation_checks.broken(known.session)
    assert "not its own" in found


def test_a_refusal_tells_its_reason_to_who_represents_and_writes(known, now):
    writer, reader = (make_person(known.session, now=now) for _ in range(2))
    join(known.session, writer, known.organisation, Tie.EDITOR, now=now)
    join(known.session, reader, known.organisation, Tie.VIEWER, now=now)
    offer = known.offer()
    for blank in ("", " \u200b\n"):
        with pytest.raises(Invalid):
            judge(known, offer, refuse=blank)
    judge(known, offer, refuse="Manca la seconda pagina.")
    told = known.session.scalars(select(Notice)).all()
    assert {notice.person_id for notice in told} == {known.owner.id, writer.id}
    assert all("Manca la seconda pagina." in notice.text["it"] for notice in told)
    event = known.session.scalars(select(AuditEvent).where(AuditEvent.event == "fact.refuse")).one()
    assert (event.before, event.reason) == ({"status": "offered"}, "Manca la seconda pagina.")


def test_a_second_document_takes_the_place_of_the_one_that_waits(known):
    first, other = known.offer(), known.offer(STATUTE)
    second = known.offer()
    assert (first.status, other.status, second.status) == (
        OfferStatus.REPLACED, OfferStatus.OFFERED, OfferStatus.OFFERED,
    )  # fmt: skip
    with pytest.raises(IllegalMove):
        judge(known, first)


def test_the_database_keeps_one_document_of_a_kind_waiting(known):
    offer = known.offer()
    copied = {each.name: getattr(offer, each.name) for each in OfferedFact.__table__.columns if each.name != "id"}
    with pytest.raises(IntegrityError), known.session.begin_nested():
        known.session.add(OfferedFact(**copied))


def test_a_group_has_no_documents_to_hand_in(session, now):
    group = make_known(session, now=now, informal=True)
    with pytest.raises(Invalid):
        group.offer()


@pytest.mark.parametrize("sent", [None, (b"", "a.pdf"), (b"MZ", "a.pdf"), (PDF, "a.svg")])
def test_a_file_that_is_none_is_refused_and_nothing_waits(known, sent):
    with pytest.raises(Invalid) as refusal:
        known.offer(upload=make_upload(*sent) if sent else None)
    assert refusal.value.field == "file"
    assert known.session.scalars(select(OfferedFact)).all() == []


def test_who_reads_or_reports_hands_nothing_in_and_members_verify_nothing(known, now):
    for how in (Tie.VIEWER, Tie.REPORTER):
        member = make_person(known.session, now=now)
        join(known.session, member, known.organisation, how, now=now)
        with pytest.raises(NotFound):
            known.offer(actor=known.actor(member))
    offer = known.offer()
    for stranger in (known.owner, known.maker, known.approver):
        with pytest.raises(NotFound):
            judge(known, offer, by=stranger)


def test_an_officer_who_belongs_to_the_organisation_verifies_nothing_of_it(known, now):
    offer = known.offer()
    join(known.session, known.officer, known.organisation, Tie.VIEWER, now=now)
    for act in (lambda: judge(known, offer), lambda: judge(known, offer, refuse="No"), known.record):
        with pytest.raises(OwnOrganisation):
            act()


def test_an_offer_is_reached_through_its_own_organisation_alone(known, now):
    offer = known.offer()
    other = make_organisation(known.session, now=now, owner=known.owner)
    given = {"organisation_id": other.id, "offer_id": offer.id, "reason": "No"}
    with pytest.raises(NotFound):
        facts.refuse_offer(known.session, **given, **known.by(known.officer))
    fact = known.record()
    with pytest.raises(NotFound):
        fact_file(known.session, known.organisation.id, fact.id, known.actor(known.owner))


# ---- the desk ----


def test_documents_that_wait_are_steps_of_officers_who_know_the_organisation(known, now):
    offer = known.offer()
    elsewhere = make_authority(known.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(known.session, elsewhere, Role.OFFICER, now=now)
    (step,) = due_steps(known.session, known.actor(known.officer), now)
    assert step.path == f"/organisations/{known.organisation.id}/offers/{offer.id}"
    assert due_steps(known.session, known.actor(stranger), now) == []
    judge(known, offer)
    assert due_steps(known.session, known.actor(known.officer), now) == []


@pytest.mark.parametrize(("left", "asked"), [(31, False), (30, True), (0, True), (-30, True), (-31, False)])
def test_members_are_asked_for_a_new_document_a_month_before_the_old_one_expires(known, now, left, asked):
    known.record(expires_on=now.date() + timedelta(days=left), issued_on=now.date() - timedelta(days=200))
    known.record(STATUTE)
    steps = due_steps(known.session, known.actor(known.owner), now)
    assert [step.path for step in steps] == [f"/organisations/{known.organisation.id}/documents/offer"] * asked
    if asked:
        known.offer()
        assert due_steps(known.session, known.actor(known.owner), now) == []


def test_a_newer_document_silences_the_older_one(known, now):
    known.record(issued_on=now.date() - timedelta(days=100))
    known.record()
    assert due_steps(known.session, known.actor(known.owner), now) == []


# ---- through the pages ----


def test_a_document_goes_from_the_member_to_the_officer_and_back(visitors, store, now):
    with store() as session:
        known = make_known(session, now=now)
    address = f"/organisations/{known.organisation.id}"
    team = sign_in(visitors(), known.owner.email).get(f"{address}/documents/offer")
    team.submit("#offer", 422, kind="durc", issued_on="2026-03-09", file=(io.BytesIO(PDF), "durc.pdf"))
    assert team.field("issued_on").get("value") == "2026-03-09"
    team.submit("#offer", 422, kind="durc", issued_on="2026-02-27")
    assert team.tree.xpath("//*[@id='file-error']")
    team.submit("#offer", kind="durc", issued_on="2026-02-27", file=(io.BytesIO(PDF), "durc.pdf"))
    officer = sign_in(visitors(), known.officer.email)
    officer.get(officer.tree.xpath("//main//a[contains(@href, '/offers/')]/@href")[0])
    officer.submit("#refuse", 422, reason=" ")
    officer.submit("#verify", 422, source="", issued_on="2026-02-27")
    officer.submit("#verify", source="INPS_123", issued_on="2026-02-27")
    assert officer.shows("INPS_123")
    team.get(address)
    assert team.shows("27 giugno 2026")
    download = team.tree.xpath("//a[contains(@href, '/facts/')]/@href")[0]
    for reader, status in ((team, 200), (officer, 200)):
        answer = reader.client.get(download)
        assert (answer.status_code, answer.get_data()) == (status, PDF)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    with store() as session:
        stranger = make_person(session, now=now)
        make_organisation(session, now=now, owner=stranger)
    for path in (download, f"{address}/documents/offer"):
        sign_in(visitors(), stranger.email).get(path, 404)


def test_an_officer_records_what_the_office_checked_by_itself(page, store, now):
    with store() as session:
        known = make_known(session, now=now)
    sign_in(page, known.officer.email).get(f"/organisations/{known.organisation.id}/documents/record")
    for wrong in ("", "31/02/2026", "2026-02-29", "2027-01-01"):
        page.submit("#record", 422, kind="durc", issued_on=wrong, source="INPS")
        assert page.field("source").get("value") == "INPS"
    page.submit("#record", kind="durc", issued_on="2026-02-27", source="INPS_123")
    assert page.shows("INPS_123")
    with store() as session:
        assert session.scalars(select(VerifiedFact.valid_until)).one() == date(2026, 6, 27)
