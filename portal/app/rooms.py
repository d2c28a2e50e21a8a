"""The rooms, listed once (their pages in pages.py): tables, work, events, and what upper ones lend to lower ones."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.access import jobs as access_jobs
from portal.access import models as access_models
from portal.access import privacy_jobs
from portal.access.rules import AccountChanged, AccountClosed, LegalFactsChanged, OfferDecided
from portal.access.rules.consortia import ConsortiumChanged, PartnersShown
from portal.access.rules.members import MemberJoining, MembershipAnswered, MembershipAsked, MembershipChanged
from portal.access.rules.own_data import AccountUnused, CopyReady, DataWillGo, RequestDecided, RequestMade
from portal.access.rules.second_factor import FactorChanged
from portal.applications import audience as application_audience
from portal.applications import jobs as application_jobs
from portal.applications import listeners as application_listeners
from portal.applications import models as application_models
from portal.applications import operations as application_operations
from portal.applications.inbox import entering
from portal.applications.rules import ApplicationSubmitted
from portal.calls import jobs as call_jobs
from portal.calls import models as call_models
from portal.calls.rules.publication import CallRevised
from portal.coaching import listeners as coaching_listeners
from portal.coaching import models as coaching_models
from portal.coaching import queries as coaching_queries
from portal.coaching.followup import jobs as follow_up_jobs
from portal.coaching.followup import listeners as follow_up_listeners
from portal.coaching.maturity import jobs as maturity_jobs
from portal.coaching.maturity import listeners as maturity_listeners
from portal.coaching.maturity import queries as maturity_queries
from portal.core import mail, unit_of_work
from portal.core.audit import models as audit_models
from portal.core.jobs import models as job_models
from portal.documents import jobs as document_jobs
from portal.documents import models as document_models
from portal.documents.rules import FileBlocked
from portal.evaluation import jobs as evaluation_jobs
from portal.evaluation import listeners as evaluation_listeners
from portal.evaluation import models as evaluation_models
from portal.evaluation.afterwards import SetApart
from portal.evaluation.queries import sittings_due
from portal.grants import listeners as grant_listeners
from portal.grants import models as grant_models
from portal.grants.changes import operations as plan_operations
from portal.grants.changes import partnering
from portal.grants.changes.rules import GrantAmended, GrantEnded, TranchesAsked
from portal.grants.rules import GrantActivated
from portal.ledger import models as ledger_models
from portal.ledger.periods import models as period_models
from portal.milestones import late as milestone_late
from portal.milestones import listeners as milestone_listeners
from portal.milestones import models as milestone_models
from portal.milestones import queries as milestone_queries
from portal.milestones.control import jobs as control_jobs
from portal.milestones.control import models as control_models
from portal.milestones.costs import jobs as cost_jobs
from portal.milestones.costs import models as cost_models
from portal.milestones.costs import operations as cost_operations
from portal.milestones.costs.part import cost_part
from portal.milestones.progress import models as progress_models
from portal.notices import factor_listeners, file_listeners, member_listeners, privacy_listeners
from portal.notices import listeners as notice_listeners
from portal.notices import models as notice_models
from portal.payments import listeners as payment_listeners
from portal.payments import models as payment_models
from portal.payments import operations as payment_operations
from portal.payments import queries as payment_queries
from portal.payments.bank import models as bank_models
from portal.payments.batches import models as batch_models
from portal.payments.closing import jobs as closing_jobs
from portal.payments.closing import listeners as closing_listeners
from portal.payments.closing import models as closing_models
from portal.payments.guarantees import models as guarantee_models
from portal.payments.irregularities import models as irregularity_models
from portal.payments.limits import models as limit_models
from portal.payments.recoveries import listeners as recovery_listeners
from portal.payments.recoveries import models as recovery_models
from portal.payments.taxes import models as tax_models
from portal.questionnaires import models as questionnaire_models
from portal.register import models as register_models
from portal.rehearsal import jobs as rehearsal_jobs
from portal.rehearsal import models as rehearsal_models
from portal.reporting import queries as reporting_queries
from portal.reporting.trail import jobs as trail_jobs
from portal.reporting.trail.latest import latest_of_grant

MODELS = (
    bank_models,
    batch_models,
    closing_models,
    guarantee_models,
    irregularity_models,
    limit_models,
    recovery_models,
    tax_models,
    access_models,
    application_models,
    audit_models,
    call_models,
    coaching_models,
    cost_models,
    document_models,
    evaluation_models,
    grant_models,
    job_models,
    ledger_models,
    period_models,
    mail,
    milestone_models,
    progress_models,
    control_models,
    notice_models,
    payment_models,
    questionnaire_models,
    register_models,
    rehearsal_models,
    unit_of_work,
)
"""Every table of the house is known once these are imported."""

JOBS = (
    access_jobs,
    privacy_jobs,
    application_jobs,
    call_jobs,
    closing_jobs,
    cost_jobs,
    control_jobs,
    document_jobs,
    evaluation_jobs,
    follow_up_jobs,
    maturity_jobs,
    rehearsal_jobs,
    trail_jobs,
)
"""Every kind of background work is known once these are imported."""

SUBSCRIPTIONS: tuple[tuple[type, Callable[[Session, Any], None]], ...] = (
    (FactorChanged, factor_listeners.tell_of_factor),
    (AccountClosed, privacy_listeners.tell_of_erasure),
    (AccountUnused, privacy_listeners.tell_of_unused_account),
    (RequestMade, privacy_listeners.tell_of_request),
    (RequestDecided, privacy_listeners.tell_of_decision),
    (CopyReady, privacy_listeners.tell_of_copy),
    (DataWillGo, privacy_listeners.tell_what_goes),
    (AccountChanged, notice_listeners.tell_of_account),
    (LegalFactsChanged, notice_listeners.tell_of_legal_facts),
    (OfferDecided, notice_listeners.tell_of_offer),
    (MemberJoining, payment_listeners.keep_payers_apart),
    *closing_listeners.SUBSCRIPTIONS,
    *recovery_listeners.SUBSCRIPTIONS,
    (MemberJoining, coaching_listeners.keep_coach_apart),
    *evaluation_listeners.SUBSCRIPTIONS,
    (MembershipAsked, member_listeners.tell_of_request),
    (MembershipAnswered, member_listeners.tell_of_answer),
    (MembershipChanged, member_listeners.tell_of_membership),
    (ConsortiumChanged, member_listeners.tell_of_consortium),
    (CallRevised, application_listeners.follow_the_form),
    (FileBlocked, file_listeners.tell_of_blocked_file),
    (FileBlocked, file_listeners.tell_where_it_is_used),
    (FileBlocked, application_operations.set_aside_blocked_file),
    (FileBlocked, cost_operations.set_aside_blocked_answer),
    (ApplicationSubmitted, entering.enter),
    (SetApart, grant_listeners.tell_what_is_set_apart),
    (PartnersShown, partnering.tell_promised_partners),
    (GrantActivated, plan_operations.draw_plan),
    (GrantActivated, milestone_listeners.plan_milestones),
    (GrantActivated, payment_operations.plan_tranches),
    (TranchesAsked, payment_listeners.tell_tranches),
    (GrantAmended, milestone_listeners.follow_the_plan),
    (GrantAmended, payment_listeners.follow_the_plan),
    (GrantAmended, maturity_listeners.plan_moments),
    (GrantAmended, follow_up_listeners.plan_questions),
    (GrantEnded, milestone_listeners.waive_what_is_left),
    (GrantEnded, payment_listeners.cancel_what_is_left),
    (GrantActivated, maturity_listeners.plan_moments),
    (GrantActivated, follow_up_listeners.plan_questions),
)
"""Which upper room listens to which event of a lower one; in this order."""
GRANT_PARTS = (
    milestone_queries.grant_part, cost_part, coaching_queries.grant_part, maturity_queries.grant_part,
    payment_queries.grant_part,
)  # fmt: skip
"""What upper rooms add to the page of a grant."""
GRANT_STORY = (latest_of_grant,)
"""Who tells on that page what happened."""
LATE_WORK = (milestone_late.late_milestones,)
"""Which upper rooms tell of work of a grant that is late."""
FIGURES = (reporting_queries.application_figures,)
"""Which upper rooms lend their numbers to the page of a call."""
AUDIENCES = (application_audience.concerned,)
"""Which upper rooms name people whom every step of a call concerns."""
APPOINTMENTS = (sittings_due.public_sittings,)
"""Which upper rooms announce days and places on the page of a call."""
