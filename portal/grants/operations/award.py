"""Awarding: from a funded row of a final ranking to a grant with its money set apart."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants.models import Grant, Incorporation
from portal.grants.operations.apart import stand_apart
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import budget_line, grant_of_application, ranking_row, rows_to_award
from portal.grants.rules import (
    DEFAULT_INCORPORATION_DAYS,
    LONGEST_ACT,
    VERIFY,
    WAIT_FOR_INCORPORATION,
    GrantAwarded,
    GrantStatus,
    local_day,
)
from portal.ledger.operations import open_account, transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind


class RankingNotFinal(Conflict):
    """Awards follow a final ranking."""

    default = lazy_("The ranking is not final yet: publish it as final first.")


class NotTheLastPhase(Conflict):
    """The ranking of an earlier phase admits to the next one, and awards nothing."""

    default = lazy_(
        "This ranking admits to the next phase and awards no grant: grants follow the final ranking of the last phase."
    )


class NotFunded(Conflict):
    """The ranking gives nothing to this application, or it was withdrawn or renounced."""

    default = lazy_("The final ranking does not fund this application, or it was withdrawn.")


class AlreadyAwarded(Conflict):
    """One grant for each application."""

    default = lazy_("This application has its grant already.")


class BudgetNotOpened(Conflict):
    """The line has no account: the call was never published."""

    default = lazy_("The budget of this call was not opened in the ledger: publish the call first.")


violation("uq_grant_award_application_id", AlreadyAwarded)
violation("grant_award.application_id", AlreadyAwarded)


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

    Raises RankingNotFinal, NotFunded, AlreadyAwarded, NotEnough (P7), Invalid for the act; then nothing has changed.
    """
    ranking, row = ranking_row(session, ranking_id, application_id)
    authorise(actor, Action.GRANT_AWARD, row.application)
    stand_apart(actor=actor, organisation_id=row.application.organisation_id)
    act_number = _checked_act(act_number, act_date, now)
    _must_be_funded(session, ranking, row)
    grant = _new_grant(session, row, act_number=act_number, act_date=act_date, actor=actor, now=now)
    _set_money_apart(session, grant, actor=actor, now=now)
    _send_on_its_way(session, grant, now=now)
    after = {"status": grant.status, "cents": grant.awarded_cents, "act": act_number, "reference": grant.reference}
    record(session, at=now, actor=actor, event=Action.GRANT_AWARD, subject=grant, after=after)
    announce(session, GrantAwarded(grant_id=grant.id, at=now))
    message = lazy_("The grant %(reference)s was awarded to you.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/awarded")
    return grant


def award_all(
    session: Session, *, ranking_id: UUID, act_number: str, act_date: date, actor: Actor, now: datetime
) -> list[Grant]:
    """Award every funded application of a final ranking by one act: all of them, or none."""
    rows = rows_to_award(session, ranking_id=ranking_id)
    if not rows:
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
        for row in rows
    ]


def _checked_act(number: str, day: date, now: datetime) -> str:
    number = clean_line(number)
    if not number or len(number) > LONGEST_ACT:
        raise Invalid(lazy_("Write the number of the act of award, at most 80 characters."), "act_number")
    if day > local_day(now):
        raise Invalid(lazy_("The act of award cannot have a date in the future."), "act_date")
    return number


def _must_be_funded(session: Session, ranking: Ranking, row: RankingRow) -> None:
    if ranking.status is not RankingStatus.FINAL:
        raise RankingNotFinal
    if not row.application.phase.is_last:
        raise NotTheLastPhase
    if grant_of_application(session, row.application_id) is not None:
        raise AlreadyAwarded
    if row.awarded_cents <= 0 or row.application.status is not ApplicationStatus.FUNDED:
        raise NotFunded


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


def _send_on_its_way(session: Session, grant: Grant, *, now: datetime) -> None:
    """An entity is verified; an informal group first becomes one, within the days of the call."""
    if not grant.organisation.is_informal:
        grant.make(VERIFY, at=now)
        return
    days = _days_to_incorporate(grant.application)
    session.add(Incorporation(grant_id=grant.id, due_on=grant.act_date + timedelta(days=days)))
    grant.make(WAIT_FOR_INCORPORATION, at=now)
    session.flush()
    session.refresh(grant, ["incorporation"])


def _days_to_incorporate(application: Application) -> int:
    organisation = application.organisation
    rule = application.design.rule_for(organisation.kind, organisation.legal_form)
    return (rule.must_incorporate_days if rule else None) or DEFAULT_INCORPORATION_DAYS
