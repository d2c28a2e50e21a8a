"""The account to be paid: two people, a cooling time, and everybody who represents the organisation is told."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.access import organisation_checks
from portal.access.models import BankDetails
from portal.access.operations.bank_details import AccountInForce, OwnAccount, SamePerson
from portal.access.policy import Role, Tie
from portal.access.queries import bank_details_in_force
from portal.access.rules import ACCOUNT_RESTS_FOR, BankDetailsStatus
from portal.access.rules.bank import rests_until
from portal.core.audit.models import AuditEvent
from portal.core.errors import IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.notices.models import Notice
from tests.conftest import NOW
from tests.factories.base import join, make_organisation, make_person, sign_in
from tests.factories.organisations import IBAN, OTHER_IBAN, make_known

WRONG_CIN = "IT64Y0542811101000000123456"
B = BankDetailsStatus


@pytest.fixture
def known(session, now):
    return make_known(session, now=now)


class Row:
    """An account as the rule sees it."""

    def __init__(self, status, hours):
        self.status, self.status_at = status, NOW - timedelta(hours=hours)


@given(
    st.lists(st.tuples(st.sampled_from([B.REPLACED, B.REJECTED]), st.integers(0, 90)), max_size=4), st.integers(0, 60)
)
def test_a_verified_account_rests_for_a_day_unless_it_is_the_first_ever(earlier, hours):
    rows = [*(Row(*each) for each in earlier), Row(B.VERIFIED, hours)]
    expected = NOW - timedelta(hours=hours) + ACCOUNT_RESTS_FOR if earlier and hours < 24 else None
    assert rests_until(rows, NOW) == expected
    assert rests_until([*rows, Row(B.PROPOSED, 0)], NOW) == expected


def test_an_account_needs_two_people_and_replaces_the_one_before(known):
    for iban in (IBAN, OTHER_IBAN):
        known.verify(known.propose(iban))
    in_force = bank_details_in_force(known.session, known.organisation.id)
    assert in_force is not None
    assert in_force.iban == OTHER_IBAN
    states = known.session.scalars(select(BankDetails.status).order_by(BankDetails.status)).all()
    assert states == [B.REPLACED, B.VERIFIED]


def test_whoever_proposed_an_account_never_verifies_it(known, now):
    both = make_person(
        known.session, now=now, roles=(Role.FINANCE_MAKER, Role.FINANCE_APPROVER), authority=known.authority
    )
    row = known.propose(by=both)
    with pytest.raises(SamePerson):
        known.verify(row, by=both)
    with pytest.raises(NotFound):
        known.verify(row, by=known.owner)


def test_nobody_verifies_the_account_of_their_own_organisation(known, now):
    row = known.propose()
    join(known.session, known.approver, known.organisation, Tie.VIEWER, now=now)
    with pytest.raises(OwnAccount):
        known.verify(row)


def test_a_new_proposal_puts_the_waiting_one_aside(known):
    first = known.propose()
    known.propose(OTHER_IBAN)
    assert first.status is B.REPLACED
    with pytest.raises(IllegalMove):
        known.verify(first)


@pytest.mark.parametrize("who", ["owner", "maker", "approver"])
def test_an_account_that_waits_is_rejected_and_the_one_before_stays_in_force(known, who):
    known.verify(known.propose())
    row = known.reject(known.propose(OTHER_IBAN), by=getattr(known, who), reason="  Non\nsiamo noi ")
    assert (row.status, row.rejection_reason) == (B.REJECTED, "Non siamo noi")
    in_force = bank_details_in_force(known.session, known.organisation.id)
    assert in_force is not None
    assert in_force.iban == IBAN
    event = known.session.scalars(select(AuditEvent).where(AuditEvent.event == "bank_details.reject")).one()
    assert (event.reason, event.before, event.after["status"]) == ("Non siamo noi", {"status": "proposed"}, "rejected")
    with pytest.raises(IllegalMove):
        known.verify(row)


def test_an_account_is_rejected_within_its_cooling_time_and_then_none_is_in_force(known):
    known.verify(known.propose())
    row = known.verify(known.propose(OTHER_IBAN))
    known.now += ACCOUNT_RESTS_FOR - timedelta(seconds=1)
    known.reject(row)
    assert bank_details_in_force(known.session, known.organisation.id) is None


def test_an_account_in_force_is_no_longer_rejected(known):
    first = known.verify(known.propose())
    with pytest.raises(AccountInForce):
        known.reject(first)
    row = known.verify(known.propose(OTHER_IBAN))
    known.now += ACCOUNT_RESTS_FOR
    with pytest.raises(AccountInForce):
        known.reject(row)
    assert row.rejected_by is None


@pytest.mark.parametrize("how", [Tie.EDITOR, Tie.VIEWER, Tie.REPORTER])
def test_only_who_represents_it_or_finance_rejects(known, now, how):
    row, member = known.propose(), make_person(known.session, now=now)
    join(known.session, member, known.organisation, how, now=now)
    for stranger in (member, known.officer, make_person(known.session, now=now)):
        with pytest.raises(NotFound):
            known.reject(row, by=stranger)


def test_the_database_allows_one_account_that_waits_and_one_in_force(known):
    for status, before in ((B.PROPOSED, None), (B.VERIFIED, "verified")):
        row = known.propose()
        if before:
            known.verify(row)
        copied = {each.name: getattr(row, each.name) for each in BankDetails.__table__.columns if each.name != "id"}
        with pytest.raises(IntegrityError), known.session.begin_nested():
            known.session.add(BankDetails(**copied))
        assert row.status is status


@pytest.mark.parametrize(
    "change", ["status = 'rejected'", "rejected_by = proposed_by", "verified_by = proposed_by", "status = 'verified'"]
)
def test_the_database_knows_who_decided(known, change):
    known.propose()
    known.session.flush()
    with pytest.raises(IntegrityError, match="bank_details"), known.session.begin_nested():
        known.session.execute(text(f"UPDATE bank_details SET {change}"))


# ---- telling ----


def told(known) -> list[tuple[str, str]]:
    """Who got a mail, and its text, since the last time."""
    found = known.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    known.session.execute(text("DELETE FROM outgoing_mail"))
    return [(mail.recipient, f"{mail.subject}\n{mail.body}") for mail in found]


def test_everybody_who_represents_it_learns_of_every_step_of_a_change(known, now):
    second = make_person(known.session, now=now, name="Ada Losacco")
    join(known.session, second, known.organisation, Tie.OWNER, now=now)
    join(known.session, make_person(known.session, now=now), known.organisation, Tie.EDITOR, now=now)
    known.verify(known.propose(holder="Vecchio Ponte"))
    told(known)
    everybody = sorted([known.organisation.email, known.owner.email, second.email])
    row = known.propose(OTHER_IBAN, holder="Ponte Nuovo")
    steps = {"proposed": told(known)}
    known.verify(row)
    steps["verified"] = told(known)
    known.reject(row, by=second)
    steps["rejected"] = told(known)
    for step, mails in steps.items():
        assert sorted(recipient for recipient, _ in mails) == everybody, step
        for _, written in mails:
            assert "DE89 **** 3000" in written
            assert OTHER_IBAN not in written
            assert IBAN not in written
            assert f"/organisations/{known.organisation.id}" in written
    for step in ("proposed", "verified"):
        assert all("IT60 **** 3456" in written and "Vecchio Ponte" in written for _, written in steps[step])
        assert all("Rifiuta questo conto" in written for _, written in steps[step])
    assert "Marta Rossi" in steps["proposed"][0][1]
    assert "ufficio finanziario" in steps["verified"][0][1]
    assert "Ada Losacco" in steps["rejected"][0][1]
    lines = select(func.count(Notice.id)).where(Notice.person_id == second.id)
    assert known.session.scalar(lines) == 5


# ---- through the pages ----


def test_an_account_is_proposed_masked_verified_and_seen_whole_by_finance_alone(visitors, store, now):
    with store() as session:
        known = make_known(session, now=now)
        auditor = make_person(session, now=now, roles=(Role.AUDITOR,), authority=known.authority)
    address = f"/organisations/{known.organisation.id}"
    team = sign_in(visitors(), known.owner.email).get(f"{address}/bank-details")
    team.submit("#bank-details", 422, iban=WRONG_CIN, holder="Il Ponte")
    assert team.field("iban").get("value") == WRONG_CIN
    team.submit("#bank-details", iban=IBAN, holder="Il Ponte")
    assert team.shows("IT60 **** 3456")
    assert IBAN not in team.html
    finance = sign_in(visitors(), known.approver.email).get(address)
    assert finance.shows(IBAN)
    finance.submit(finance.tree.xpath("//form[contains(@action, '/verify')]/@action")[0])
    assert finance.tree.xpath("//*[contains(@class, 'v-tag-success')]")
    assert sign_in(visitors(), known.maker.email).get(address).shows(IBAN)
    for person in (known.officer, auditor, known.owner):
        assert IBAN not in sign_in(visitors(), person.email).get(address).html


def test_the_page_tells_until_when_payments_are_frozen_and_who_can_stop_it(visitors, store, now, clock):
    with store() as session:
        known = make_known(session, now=now)
        known.verify(known.propose())
        known.propose(OTHER_IBAN)
    address = f"/organisations/{known.organisation.id}"
    finance = sign_in(visitors(), known.approver.email).get(address)
    finance.submit(finance.tree.xpath("//form[contains(@action, '/verify')]/@action")[0])
    owner = sign_in(visitors(), known.owner.email).get(address)
    assert owner.shows("martedì 3 marzo 2026, 10:00 (ora di Roma)")
    forms = owner.tree.xpath("//form[contains(@action, '/reject')]/@action")
    assert len(forms) == 1
    owner.submit(forms[0], reason="Non è il nostro conto")
    assert not owner.shows("DE89 **** 3000")
    clock.advance(hours=1)
    sign_in(visitors(), known.officer.email).post(forms[0], 403)


def test_an_account_is_reached_through_its_own_organisation_alone(known, now):
    row = known.propose()
    known.organisation = make_organisation(known.session, now=now, owner=known.owner)
    for act in (known.verify, known.reject):
        with pytest.raises(NotFound):
            act(row)


def test_the_nightly_check_finds_an_account_verified_by_a_member(known, now):
    known.verify(known.propose())
    known.session.flush()
    assert list(organisation_checks.broken(known.session)) == []
    join(known.session, known.approver, known.organisation, Tie.VIEWER, now=now - timedelta(days=1))
    (found,) = organisation_checks.broken(known.session)
    assert "verified by a member" in found


def test_a_malformed_iban_changes_nothing(known):
    with pytest.raises(Invalid):
        known.propose(WRONG_CIN)
    assert known.session.scalar(select(func.count(BankDetails.id))) == 0
