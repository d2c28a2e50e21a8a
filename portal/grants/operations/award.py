"""Awarding: from a funded row of a final ranking to a grant with its money set apart."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.evaluation.models import RankingRow
from portal.grants.aid.queries import hold_undertakings
from portal.grants.apart import stand_apart
from portal.grants.models import Grant
from portal.grants.operations.answering import last_day_to_accept, send_on_its_way
from portal.grants.operations.awardable import NotFunded, enter_in_register, must_be_funded, must_fit
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import budget_line, plan_of_award, ranking_row, waiting_rows
from portal.grants.rules import LONGEST_ACT, GrantAwarded, GrantStatus, local_day
from portal.ledger.operations import open_account, transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind


class BudgetNotOpened(Conflict):
    """The line has no account: the call was never published."""

    default = lazy_("The budget of this call was not opened in the ledger: publish the call first.")


def award_grant(
    session: Session,
    *,
    application_id: UUID,
    ranking_id: UUID,
    act_number: str,
    act_date: date,
    actor: Actor,
    now: datetime,
) -> Grant:
    """Award what the final ranking gives, by an act: the amount leaves the budget line for the award's account.

    Raises RankingNotFinal, NotFunded, AlreadyAwarded, ReserveOpen, TranchesDoNotFit, AidExceeded, NotEnough (P7) and
    Invalid for the act; then nothing has changed.
    """
    ranking, row = ranking_row(session, ranking_id, application_id)
    authorise(actor, Action.GRANT_AWARD, row.application)
    stand_apart(actor=actor, organisation_id=row.application.organisation_id)
    act_number = _checked_act(act_number, act_date, row.application, now)
    must_be_funded(session, ranking=ranking, row=row)
    is_aid = must_fit(session, row=row, day=act_date)
    grant = _new_grant(session, row, act_number=act_number, act_date=act_date, actor=actor, now=now)
    _set_money_apart(session, grant, actor=actor, now=now)
    if is_aid:
        enter_in_register(session, grant=grant, actor=actor, now=now)
    if grant.accept_by is None:
        send_on_its_way(session, grant=grant, now=now)
    after = {"status": grant.status, "cents": grant.awarded_cents, "act": act_number, "reference": grant.reference}
    record(session, at=now, actor=actor, event=Action.GRANT_AWARD, subject=grant, after=after)
    announce(session, GrantAwarded(grant_id=grant.id, at=now))
    message = lazy_("The grant %(reference)s was awarded to you.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/awarded")
    return grant


def award_all(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date, actor: Actor, now: datetime
) -> list[Grant]:
    """Award every funded application of a final ranking by one act: all of them, or none.

    Those with an open reserve, and those whose whole grant would go beyond the ceiling of aid, are set aside.
    """
    rows = waiting_rows(session, ranking_id=ranking_id)
    if rows:
        first = rows[0][0].application
        authorise(actor, Action.GRANT_AWARD, first)
        _checked_act(act_number, act_date, first, now)
        hold_undertakings(session, [row.application.organisation for row, _reserved in rows], first.design, act_date)
    plan = plan_of_award(session, rows, act_date)
    if not plan.awarded:
        raise NotFunded(lazy_("No funded application of a final ranking waits for its grant."))
    return [
        award_grant(
            session,
            application_id=row.application_id,
            ranking_id=ranking_id,
            act_number=act_number,
            act_date=act_date,
            actor=actor,
            now=now,
        )
        for row in plan.awarded
    ]


def _checked_act(number: str, day: date, application: Application, now: datetime) -> str:
    number = clean_line(number)
    if not number or len(number) > LONGEST_ACT:
        raise Invalid(lazy_("Write the number of the act of award, at most 80 characters."), "act_number")
    if day > local_day(now):
        raise Invalid(lazy_("The act of award cannot have a date in the future."), "act_date")
    if day < local_day(application.phase.opens_at):
        raise Invalid(lazy_("Check the year: the act of award would be older than the call."), "act_date")
    return number


def _new_grant(
    session: Session, row: RankingRow, *, act_number: str, act_date: date, actor: Actor, now: datetime
) -> Grant:
    application = row.application
    grant = Grant(
        authority_id=application.authority_id,
        call_id=application.call_id,
        application_id=application.id,
        organisation_id=application.organisation_id,
        budget_line_id=budget_line(session, application.call_id, row.detail.get("line")).id,
        ranking_id=row.ranking_id,
        reference=application.reference,
        status=GrantStatus.PROPOSED,
        status_at=now,
        awarded_cents=row.awarded_cents,
        awarded_at=now,
        awarded_by=actor.person_id,
        act_number=act_number,
        act_date=act_date,
        accept_by=last_day_to_accept(application=application, act_date=act_date),
    )
    session.add(grant)
    session.flush()
    return grant


def _set_money_apart(session: Session, grant: Grant, *, actor: Actor, now: datetime) -> None:
    budget = account_of(session, AccountKind.BUDGET, grant.budget_line_id)
    if budget is None:
        raise BudgetNotOpened
    award = open_account(
        session,
        authority_id=grant.authority_id,
        kind=AccountKind.AWARD,
        owner_id=grant.id,
        name=f"award {grant.reference}",
        now=now,
    )
    transfer(
        session,
        debit=award,
        credit=budget,
        amount_cents=grant.awarded_cents,
        posting=PostingKind.AWARDED,
        subject=grant,
        actor=actor,
        now=now,
    )
