"""What is over goes by itself: warned of thirty days before, deleted on its day, accounts closed or unused erased."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import AccountLink, Person, RetentionWarning, SignInFailure, WebSession
from portal.access.operations.retention import apply_retention
from portal.access.policy import Role, Tie
from portal.access.privacy_jobs import RETENTION_JOB
from portal.access.rules import AccountClosed, LinkPurpose
from portal.core.audit import AuditEvent
from portal.core.events import announce
from portal.core.jobs import Job
from portal.core.jobs.periodic import PERIODIC
from portal.core.jobs.queue import HANDLERS
from portal.core.mail import OutgoingMail
from portal.core.privacy.tags import ERASED
from portal.notices.models import Notice
from tests.factories.base import join, make_authority, make_organisation, make_person, make_staff

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def officer(session, now) -> Person:
    return make_staff(session, make_authority(session), Role.DATA_PROTECTION_OFFICER, now=now, name="Dora Guida")


def make_sign_in(session: Session, person: Person, ended) -> WebSession:
    row = WebSession(
        person_id=person.id, token_hash=f"{len(session.new)}{ended}"[:64], began_at=ended, seen_at=ended,
        idle_end=ended, absolute_end=ended,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def sign_ins(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WebSession)) or 0


def run_jobs(session: Session, kind: str, now) -> None:
    for job in session.scalars(select(Job).where(Job.kind == kind, Job.run_at <= now)).all():
        HANDLERS[kind](session, now=now, **job.args)
        session.delete(job)
    session.flush()


def test_a_row_goes_on_its_day_after_a_warning_of_thirty_days(session, officer, now):
    make_sign_in(session, make_person(session, now=now), now)
    over = now + YEAR
    for days_before in (60, 38):
        assert apply_retention(session, now=over - days_before * DAY) == {}
    assert session.scalars(select(RetentionWarning)).all() == []
    apply_retention(session, now=over - 37 * DAY)
    warning = session.scalars(select(RetentionWarning)).one()
    assert (warning.table_name, warning.rows) == ("web_session", 1)
    assert warning.covers_until - warning.warned_at >= 30 * DAY
    mail = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == officer.email)).one()
    assert "1" in mail.body
    assert session.scalars(select(Notice).where(Notice.person_id == officer.id)).one()
    for days_before in range(36, 0, -1):
        assert apply_retention(session, now=over - days_before * DAY) == {}
    assert sign_ins(session) == 1
    assert apply_retention(session, now=over) == {"web_session": 1}
    assert sign_ins(session) == 0
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "retention.deleted")).one()
    assert event.after == {"table": "web_session", "rows": 1}


def test_nothing_goes_that_was_not_warned_of(session, officer, now):
    """A backlog, or a job that did not run for months: first the warning, thirty days later the rows."""
    make_sign_in(session, make_person(session, now=now), now - 3 * YEAR)
    assert apply_retention(session, now=now) == {}
    assert apply_retention(session, now=now + 29 * DAY) == {}
    assert apply_retention(session, now=now + 30 * DAY) == {"web_session": 1}


def test_a_warning_is_not_repeated_every_day(session, officer, now):
    for day in range(14):
        make_sign_in(session, make_person(session, now=now), now - YEAR + 25 * DAY + day * DAY)
    for day in range(7):
        apply_retention(session, now=now + day * DAY)
    mails = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == officer.email)).all()
    assert len(mails) == 1


def test_short_terms_run_by_themselves(session, now):
    session.add(SignInFailure(email_hash="a" * 64, at=now))
    link = AccountLink(
        purpose=LinkPurpose.REGISTER, token_hash="b" * 64, email="a@prova.example", made_at=now, expires_at=now + DAY
    )
    session.add(link)
    assert apply_retention(session, now=now + 29 * DAY) == {}
    assert apply_retention(session, now=now + 30 * DAY) == {"sign_in_failure": 1}
    assert apply_retention(session, now=now + 31 * DAY) == {"account_link": 1}
    assert session.scalars(select(RetentionWarning)).all() == []


def test_a_closed_account_is_erased_thirty_days_later_and_was_told_so(session, now):
    person = make_person(session, now=now, name="Ada Neri", email="ada@prova.example")
    person.closed_at = person.disabled_at = now
    announce(session, AccountClosed(person_id=person.id, at=now))
    told = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == "ada@prova.example")).one()
    assert "1 aprile 2026" in told.subject
    apply_retention(session, now=now + 29 * DAY)
    run_jobs(session, "access.erase_person", now + 29 * DAY)
    assert person.erased_at is None
    apply_retention(session, now=now + 30 * DAY)
    run_jobs(session, "access.erase_person", now + 30 * DAY)
    session.refresh(person)
    assert (person.name, person.erased_at) == (ERASED, now + 30 * DAY)


def test_a_closed_account_that_others_depend_on_waits(session, now):
    person = make_person(session, now=now, name="Ada Neri")
    make_organisation(session, now=now, owner=person)
    person.closed_at = person.disabled_at = now
    apply_retention(session, now=now + 30 * DAY)
    run_jobs(session, "access.erase_person", now + 30 * DAY)
    assert person.erased_at is None


def test_the_worker_runs_it_once_a_day():
    assert PERIODIC[RETENTION_JOB] == DAY


def test_an_unused_account_is_warned_and_then_closed_and_erased(session, now):
    person = make_person(session, now=now, name="Ada Neri", email="ada@prova.example")
    later = now + YEAR + DAY
    apply_retention(session, now=later)
    told = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == "ada@prova.example")).one()
    assert "/sign-in" in told.body
    apply_retention(session, now=later + 29 * DAY)
    assert person.closed_at is None
    apply_retention(session, now=later + 30 * DAY)
    assert person.closed_at == later + 30 * DAY
    run_jobs(session, "access.erase_person", later + 30 * DAY)
    session.refresh(person)
    assert person.name == ERASED


@pytest.mark.parametrize("why", ["signed in", "a member", "staff"])
def test_an_account_in_use_stays(session, now, why):
    person = make_person(session, now=now)
    later = now + YEAR + DAY
    apply_retention(session, now=later)
    if why == "signed in":
        make_sign_in(session, person, later + DAY)
    elif why == "a member":
        owner = make_person(session, now=later)
        join(session, person, make_organisation(session, now=now, owner=owner), Tie.VIEWER, now=now)
    else:
        make_authority(session, code="x")
        person = make_staff(session, make_authority(session, code="y"), Role.AUDITOR, now=now)
    apply_retention(session, now=later + 30 * DAY)
    assert person.closed_at is None
