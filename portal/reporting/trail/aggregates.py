"""Which objects have a history, who may read it, and which other objects it tells of."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import (
    Authority,
    BankDetails,
    ConsortiumPartner,
    IdentityProvider,
    Invitation,
    JoinRequest,
    LikenessVerdict,
    OfferedFact,
    OrganisationRegistration,
    VerifiedFact,
)
from portal.access.policy import Action, Guarded, authorise
from portal.access.queries.organisations import OrganisationSeen, organisation_seen
from portal.applications.models import Application, ApplicationFile, Submission
from portal.calls.models import Call, Phase
from portal.coaching.models import Assessment, CoachingSession, EarlyWarning, Engagement, FollowUp
from portal.core.actor import Actor
from portal.core.errors import Forbidden, NotFound
from portal.core.i18n import _, in_language
from portal.evaluation.models import Assignment, Commission, Minutes, Ranking, RankingDraw, Sitting
from portal.evaluation.queries.elsewhere import is_chair_elsewhere
from portal.grants.models import Grant
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods.models import AccountingPeriod
from portal.milestones.costs.models import CostReport
from portal.milestones.models import Milestone, MilestoneReport, ReportEvidence
from portal.payments.batches.models import ReleaseBatch
from portal.payments.closing.models import FinalAccount
from portal.payments.guarantees.models import Guarantee
from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from portal.payments.recoveries.models import Recovery
from portal.questionnaires.models import AnswerFile
from portal.reporting.trail.seen import Aggregate, Ids, Load, Part, Seen


def seen(session: Session, actor: Actor, subject_type: str, subject_id: UUID) -> Seen:
    """An object whose history the actor may read; NotFound for everything else, whatever the reason."""
    aggregate = AGGREGATES.get(subject_type)
    if aggregate is None:
        raise NotFound
    try:
        found = aggregate.load(session, actor, subject_id)
    except Forbidden as refused:
        raise NotFound from refused
    phases = [found.phase] if isinstance(found, Application) else found.phases if isinstance(found, Call) else []
    elsewhere = bool(phases) and all(is_chair_elsewhere(session, actor, phase) for phase in phases)
    return Seen(subject_type, subject_id, found, aggregate, actor, elsewhere)


def _with(model: Any, action: Action, *options: Any) -> Load:
    """Load a row of this table, for whoever may do this to it."""

    def load(session: Session, actor: Actor, subject_id: UUID) -> Guarded:
        found: Guarded | None = session.scalars(
            select(model).where(model.id == subject_id).options(*options)
        ).one_or_none()
        if found is None:
            raise NotFound
        authorise(actor, action, found)
        return found

    return load


def _organisation(session: Session, actor: Actor, subject_id: UUID) -> OrganisationSeen:
    return organisation_seen(session, subject_id, actor)


def _application(session: Session, actor: Actor, subject_id: UUID) -> Application:
    """A draft is open to those with the right to drafts alone."""
    found = session.get(Application, subject_id)
    if found is None:
        raise NotFound
    authorise(actor, Action.APPLICATION_READ, found)
    if found.is_draft:
        authorise(actor, Action.DRAFT_READ, found)
    return found


def _child(model: Any, column: Any) -> Ids:
    """Rows whose `column` names the object."""
    return lambda owner: select(model.id).where(column == owner)


def _linked(column: Any, owner_column: Any) -> Ids:
    """What the rows of the object point to."""
    return lambda owner: select(column).where(owner_column == owner)


def _given_as_answers(owner: UUID) -> Select[UUID]:
    """The files that answers of an application ever held."""
    sheets = select(Application.sheet_id).where(Application.id == owner)
    return select(AnswerFile.file_id).where(AnswerFile.sheet_id.in_(sheets))


def _alike(owner: UUID) -> Select[UUID]:
    return select(LikenessVerdict.id).where(or_(LikenessVerdict.first_id == owner, LikenessVerdict.second_id == owner))


def _commissions_of_call(owner: UUID) -> Select[UUID]:
    return select(Commission.id).join(Phase, Phase.id == Commission.phase_id).where(Phase.call_id == owner)


def _sittings_of_call(owner: UUID) -> Select[UUID]:
    return select(Sitting.id).where(Sitting.commission_id.in_(_commissions_of_call(owner)))


def _minutes_of_call(owner: UUID) -> Select[UUID]:
    return select(Minutes.id).where(Minutes.sitting_id.in_(_sittings_of_call(owner)))


def _draws_of_call(owner: UUID) -> Select[UUID]:
    return select(RankingDraw.id).join(Phase, Phase.id == RankingDraw.phase_id).where(Phase.call_id == owner)


def _entries_of_grant(owner: UUID) -> Select[UUID]:
    accounts = select(Account.id).where(Account.owner_id == owner)
    return select(LedgerEntry.id).where(or_(LedgerEntry.debit_id.in_(accounts), LedgerEntry.credit_id.in_(accounts)))


def _entries_of_tranche(owner: UUID) -> Select[UUID]:
    return select(LedgerEntry.id).where(LedgerEntry.subject_id == owner)


def _orders_of_grant(owner: UUID) -> Select[UUID]:
    lines = select(PaymentLine.order_id).join(Tranche, Tranche.id == PaymentLine.tranche_id)
    return lines.where(Tranche.grant_id == owner)


def _evidence(owner: UUID) -> Select[UUID]:
    files = select(ReportEvidence.file_id).join(MilestoneReport, MilestoneReport.id == ReportEvidence.report_id)
    return files.where(MilestoneReport.milestone_id == owner)


def _engagement_of_grant(owner: UUID) -> Select[UUID]:
    return select(Engagement.id).join(Grant, Grant.application_id == Engagement.application_id).where(Grant.id == owner)


def _reports_of_irregularities(owner: UUID) -> Select[UUID]:
    """What the recipient is not told."""
    steps = select(IrregularityStep.id).join(Irregularity, Irregularity.id == IrregularityStep.irregularity_id)
    return steps.where(Irregularity.grant_id == owner)


def _sessions_of_grant(owner: UUID) -> Select[UUID]:
    return select(CoachingSession.id).where(CoachingSession.engagement_id.in_(_engagement_of_grant(owner)))


def _application_name(found: Application) -> str:
    return f"{found.title} · {found.reference}" if found.title else found.reference


def _grant_name(found: Grant) -> str:
    return f"{found.application.title} · {found.reference}"


def _tranche_name(found: Tranche) -> str:
    return f"{_('Tranche %(number)s', number=found.number)} · {found.grant.reference}"


def _milestone_name(found: Milestone) -> str:
    return f"{_('Milestone %(number)s', number=found.number)} · {found.grant.reference}"


def _cost_report_name(found: CostReport) -> str:
    return f"{_('Cost report %(number)d', number=found.number)} · {found.grant.reference}"


def _call_name(found: Call) -> str:
    return in_language(found.title)


ORGANISATION = (
    Part(
        "organisation_registration",
        _child(OrganisationRegistration, OrganisationRegistration.organisation_id),
        Action.ORGANISATION_READ,
    ),
    Part("bank_details", _child(BankDetails, BankDetails.organisation_id), Action.BANK_DETAILS_READ),
    Part("verified_fact", _child(VerifiedFact, VerifiedFact.organisation_id), Action.ORGANISATION_READ),
    Part("offered_fact", _child(OfferedFact, OfferedFact.organisation_id), Action.ORGANISATION_READ),
    Part("invitation", _child(Invitation, Invitation.organisation_id), Action.MEMBERS_HISTORY),
    Part("join_request", _child(JoinRequest, JoinRequest.organisation_id), Action.MEMBERS_HISTORY),
    Part("consortium_partner", _child(ConsortiumPartner, ConsortiumPartner.consortium_id), Action.ORGANISATION_READ),
    Part("likeness_verdict", _alike, Action.LIKENESS_READ),
)
APPLICATION = (
    Part("stored_file", _linked(ApplicationFile.file_id, ApplicationFile.application_id), Action.APPLICATION_READ),
    Part("stored_file", _given_as_answers, Action.APPLICATION_READ),
    Part("protocol_entry", _linked(Submission.protocol_entry_id, Submission.application_id), Action.APPLICATION_READ),
    Part("assignment", _child(Assignment, Assignment.application_id), Action.RANKING_READ),
)
GRANT = (
    Part("tranche", _child(Tranche, Tranche.grant_id), Action.TRANCHE_READ),
    Part("milestone", _child(Milestone, Milestone.grant_id), Action.MILESTONE_READ),
    Part("cost_report", _child(CostReport, CostReport.grant_id), Action.COST_READ),
    Part("engagement", _engagement_of_grant, Action.COACHING_READ),
    Part("coaching_session", _sessions_of_grant, Action.COACHING_READ),
    Part("maturity_assessment", _child(Assessment, Assessment.grant_id), Action.MATURITY_READ),
    Part("early_warning", _child(EarlyWarning, EarlyWarning.grant_id), Action.WARNING_SEE),
    Part("follow_up", _child(FollowUp, FollowUp.grant_id), Action.FOLLOW_UP_READ),
    Part("ledger_entry", _entries_of_grant, Action.LEDGER_READ),
    Part("payment_order", _orders_of_grant, Action.LEDGER_READ),
    Part("guarantee", _child(Guarantee, Guarantee.grant_id), Action.GUARANTEE_READ),
    Part("irregularity", _child(Irregularity, Irregularity.grant_id), Action.IRREGULARITY_READ),
    Part("irregularity_step", _reports_of_irregularities, Action.IRREGULARITY_LIST),
    Part("recovery", _child(Recovery, Recovery.grant_id), Action.RECOVERY_READ),
    Part("final_account", _child(FinalAccount, FinalAccount.grant_id), Action.LEDGER_READ),
)
CALL = (
    Part("phase", _child(Phase, Phase.call_id), Action.CALL_MANAGE),
    Part("ranking", _child(Ranking, Ranking.call_id), Action.RANKING_READ),
    Part("ranking_draw", _draws_of_call, Action.RANKING_READ),
    Part("commission", _commissions_of_call, Action.RANKING_READ),
    Part("sitting", _sittings_of_call, Action.RANKING_READ),
    Part("minutes", _minutes_of_call, Action.RANKING_READ),
)
TRANCHE = (
    Part("ledger_entry", _entries_of_tranche, Action.LEDGER_READ),
    Part("payment_order", _linked(PaymentLine.order_id, PaymentLine.tranche_id), Action.LEDGER_READ),
)
MILESTONE = (Part("stored_file", _evidence, Action.MILESTONE_READ),)
AUTHORITY = (
    Part("identity_provider", _child(IdentityProvider, IdentityProvider.authority_id), Action.AUTHORITY_READ),
    Part("release_batch", _child(ReleaseBatch, ReleaseBatch.authority_id), Action.LEDGER_READ),
    Part("accounting_period", _child(AccountingPeriod, AccountingPeriod.authority_id), Action.LEDGER_READ),
)

AGGREGATES: dict[str, Aggregate] = {
    "organisation": Aggregate(
        _organisation,
        lambda found: found.organisation.name,
        lambda found: f"/organisations/{found.organisation.id}",
        ORGANISATION,
    ),
    "application": Aggregate(_application, _application_name, lambda found: f"/applications/{found.id}", APPLICATION),
    "grant_award": Aggregate(
        _with(Grant, Action.GRANT_READ, joinedload(Grant.application)),
        _grant_name,
        lambda found: f"/grants/{found.id}",
        GRANT,
    ),
    "tranche": Aggregate(
        _with(Tranche, Action.TRANCHE_READ, joinedload(Tranche.grant)),
        _tranche_name,
        lambda found: f"/tranches/{found.id}",
        TRANCHE,
    ),
    "milestone": Aggregate(
        _with(Milestone, Action.MILESTONE_READ, joinedload(Milestone.grant)),
        _milestone_name,
        lambda found: f"/milestones/{found.id}",
        MILESTONE,
    ),
    "cost_report": Aggregate(
        _with(CostReport, Action.COST_READ, joinedload(CostReport.grant)),
        _cost_report_name,
        lambda found: f"/costs/{found.id}",
    ),
    "call": Aggregate(_with(Call, Action.CALL_MANAGE), _call_name, lambda found: f"/manage/calls/{found.slug}", CALL),
    "payment_order": Aggregate(
        _with(PaymentOrder, Action.LEDGER_READ),
        lambda found: str(found.message_id),
        lambda found: f"/finance/orders/{found.id}",
    ),
    "authority": Aggregate(
        _with(Authority, Action.AUTHORITY_READ),
        lambda found: str(found.name),
        lambda found: f"/admin/authorities/{found.code}",
        AUTHORITY,
    ),
}
