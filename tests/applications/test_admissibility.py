"""The decision: point by point with its reasons, with a reserve, after a notice where the call has one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from portal.access.policy import Role
from portal.applications import operations
from portal.applications.admissibility import Condition
from portal.applications.admissibility_checks import broken
from portal.applications.inbox.checks import broken as broken_list
from portal.applications.inbox.reserved import list_reserves
from portal.applications.inbox.rules import Page, Wanted
from portal.applications.models import AdmissibilityReserve, InboxEntry, PointVerdict
from portal.applications.operations.admissibility import NoticeFirst
from portal.applications.operations.objections import ObjectionClosed
from portal.applications.queries import inbox_of
from portal.applications.queries.admissibility import looks_at, standing_of
from portal.applications.queries.due_check import asks
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus
from portal.calls.rules import AdmissionRules
from portal.core.errors import Conflict, Invalid, InvalidForm
from portal.core.mail import OutgoingMail
from tests.factories.applications import World
from tests.factories.base import as_actor, bari_design, make_staff
from tests.factories.due import due_of

due_steps = due_of(asks)
MET = dict.fromkeys((point.value for point in AdmissibilityPoint), True)
UNMET = MET | {"documents": False, "area": False}
AFTER = timedelta(days=11)
DAY = timedelta(days=1)


class Checked:
    """A sent application whose term is over, and the officer who checks it."""

    def __init__(self, session, now, **rules):
        self.session, self.now = session, now + AFTER
        self.world = World(session, now, design=replace(bari_design(), admission=AdmissionRules(**rules)))
        self.application = self.world.submitted()
        self.officer = self.staff()

    def staff(self):
        person = make_staff(self.session, self.world.authority, Role.OFFICER, now=self.now)
        return as_actor(self.session, person, now=self.now)

    def do(self, operation, *, actor=None, at=None, **given):
        return operation(
            self.session, application_id=self.application.id, actor=actor or self.officer, now=at or self.now, **given
        )

    def listed(self, **wanted):
        """What the officer finds in the list, and whether it says that a reserve is open."""
        rows = inbox_of(self.session, self.officer, Wanted(**wanted), Page(), self.now).rows
        return [(row.reference, row.reserved_at is not None) for row in rows]

    def decide(self, **changes):
        given = {"is_admissible": True, "checklist": MET, "reason": None}
        return self.do(operations.decide_admissibility, **(given | changes))


def test_a_reserve_admits_on_a_condition_until_its_day_and_is_lifted_by_an_act(session, now):
    checked = Checked(session, now)
    until = Condition("Il DURC deve risultare regolare.", (checked.now + 9 * DAY).date())
    for wrong in (replace(until, text=" "), replace(until, due_on=checked.now.date())):
        with pytest.raises(Invalid):
            checked.decide(checklist=UNMET, condition=wrong)
    checked.decide(checklist=UNMET, condition=until)
    assert checked.application.status is ApplicationStatus.ADMISSIBLE
    assert checked.listed() == [(checked.application.reference, True)]
    assert checked.listed(reserve=True) == checked.listed()
    session.execute(update(InboxEntry).values(reserved_at=None))
    assert [checked.application.reference in line for line in broken_list(session)] == [True]
    list_reserves(session)
    assert checked.listed(reserve=True) == checked.listed()
    assert list(broken_list(session)) == []
    assert any("DURC" in body for body in session.scalars(select(OutgoingMail.body)))
    assert [step.path for step in due_steps(session, checked.officer, checked.now)] == [
        f"/applications/{checked.application.id}/reserve"
    ]
    with pytest.raises(Invalid):
        checked.do(operations.decide_reserve, is_lifted=True, reason=" ")
    checked.do(operations.decide_reserve, is_lifted=True, reason="DURC regolare del 20 marzo.")
    assert checked.listed(reserve=True) == []
    assert checked.listed() == [(checked.application.reference, False)]
    assert due_steps(session, checked.officer, checked.now) == []
    with pytest.raises(Conflict):
        checked.do(operations.decide_reserve, is_lifted=False, reason="Ripensamento")
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(update(AdmissibilityReserve).values(condition="Altro"))


def test_a_reserve_that_is_not_met_becomes_an_exclusion_with_its_reason(session, now):
    checked = Checked(session, now)
    checked.decide(condition=Condition("Registrazione al RUNTS.", (checked.now + DAY).date()))
    checked.do(operations.decide_reserve, is_lifted=False, reason="Non risulta iscritta.", at=checked.now + 3 * DAY)
    assert checked.application.status is ApplicationStatus.EXCLUDED
    assert list(broken(session)) == []


def test_each_point_that_is_not_met_has_its_reason_and_the_letter_says_it(session, now):
    checked = Checked(session, now)
    refusal = {"is_admissible": False, "checklist": UNMET, "reason": "Carenze documentali."}
    with pytest.raises(Invalid):
        checked.decide(**refusal | {"checklist": MET})
    with pytest.raises(InvalidForm) as wrong:
        checked.decide(**refusal, notes={"area": "Fuori dai quartieri."})
    assert set(wrong.value.errors) == {"note-documents"}
    checked.decide(**refusal, notes={"area": "Fuori dai quartieri.", "documents": "Manca lo statuto."})
    mails = list(session.scalars(select(OutgoingMail.body)))
    assert any("Fuori dai quartieri." in body and "Manca lo statuto." in body and "TAR" in body for body in mails)
    unmet = standing_of(session, checked.application, checked.now).unmet
    assert {each.point.value: each.note for each in unmet} == {
        "area": "Fuori dai quartieri.", "documents": "Manca lo statuto.",
    }  # fmt: skip


def test_a_call_with_a_notice_hears_the_applicant_before_it_refuses(session, now):
    checked = Checked(session, now, objection_days=10)
    given = {"checklist": MET | {"area": False}, "notes": {}, "reason": "Fuori area."}
    with pytest.raises(NoticeFirst):
        checked.decide(is_admissible=False, **given)
    notice = checked.do(operations.notice_rejection, **given)
    assert notice.due_at > checked.now + 9 * DAY
    assert [step.by for step in due_steps(session, checked.world.actor, checked.now)] == [notice.due_at]
    with pytest.raises(NoticeFirst):
        checked.decide(is_admissible=False, **given)
    late = notice.due_at + DAY
    with pytest.raises(ObjectionClosed):
        checked.do(operations.send_observations, actor=checked.world.actor, text="Tardi", received_at=late, at=late)
    at = checked.now + DAY
    answer = checked.do(
        operations.send_observations, actor=checked.world.actor, text="La sede è nel quartiere.", received_at=at, at=at
    )
    assert answer.protocol_entry.direction == "incoming"
    checked.decide(is_admissible=False, at=at + DAY, **given)
    assert checked.application.status is ApplicationStatus.INADMISSIBLE


def test_a_colleague_adds_a_second_look_and_nothing_is_decided(session, now):
    checked = Checked(session, now)
    colleague = checked.staff()
    checked.do(operations.keep_checklist, checklist={"area": True}, notes={"area": "Vista la mappa."})
    checked.do(operations.keep_checklist, checklist={"area": False}, notes={}, actor=colleague)
    looks = looks_at(session, checked.application)
    assert [look.verdict.is_met for look in looks[AdmissibilityPoint.AREA]] == [False, True]
    assert checked.application.status is ApplicationStatus.SUBMITTED
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(update(PointVerdict).values(is_met=True))
