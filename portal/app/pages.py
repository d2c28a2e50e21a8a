"""The pages of every room, listed once."""

from portal.access.views import accounts as account_views
from portal.access.views import authorities as authority_views
from portal.access.views import consortia as consortium_views
from portal.access.views import data_protection as data_protection_views
from portal.access.views import delegations as delegation_views
from portal.access.views import factors as factor_views
from portal.access.views import facts as fact_views
from portal.access.views import first_factor as first_factor_views
from portal.access.views import identity as identity_views
from portal.access.views import invitations as invitation_views
from portal.access.views import likeness as likeness_views
from portal.access.views import members as member_views
from portal.access.views import organisations as organisation_views
from portal.access.views import providers as provider_views
from portal.access.views import roles as role_views
from portal.access.views import second_factor as second_factor_views
from portal.access.views import sessions as session_views
from portal.access.views import signing_in as access_views
from portal.applications import views as application_views
from portal.calls import views as call_views
from portal.coaching import views as coaching_views
from portal.coaching.accompaniment import views as accompaniment_views
from portal.coaching.agenda import views as agenda_views
from portal.coaching.coaches import views as coach_views
from portal.coaching.followup import views as follow_up_views
from portal.coaching.maturity import views as maturity_views
from portal.coaching.next_steps import views as next_step_views
from portal.coaching.notes import views as note_views
from portal.coaching.statements import views as statement_views
from portal.desk import views as desk_views
from portal.desk.portfolio import views as portfolio_views
from portal.evaluation import views as evaluation_views
from portal.grants import views as grant_views
from portal.grants.agreements import views as agreement_views
from portal.grants.aid import views as aid_views
from portal.grants.checking import views as check_views
from portal.grants.library import views as library_views
from portal.ledger.periods import views as period_views
from portal.ledger.trial import views as trial_views
from portal.milestones import views as milestone_views
from portal.milestones.control import views as control_views
from portal.milestones.costs import views as cost_views
from portal.milestones.progress import views as progress_views
from portal.payments import views as payment_views
from portal.payments.bank import views as bank_views
from portal.payments.batches import views as batch_views
from portal.payments.closing import views as closing_views
from portal.payments.guarantees import views as guarantee_views
from portal.payments.irregularities import views as irregularity_views
from portal.payments.limits import views as limit_views
from portal.payments.recoveries import views as recovery_views
from portal.payments.taxes import views as tax_views
from portal.questionnaires import web as questionnaire_web
from portal.rehearsal import views as rehearsal_views
from portal.reporting import views as reporting_views
from portal.reporting.trail import views as trail_views

BLUEPRINTS = (
    access_views.bp,
    account_views.bp,
    data_protection_views.bp,
    second_factor_views.bp,
    factor_views.bp,
    first_factor_views.bp,
    session_views.bp,
    identity_views.bp,
    authority_views.bp,
    provider_views.bp,
    role_views.bp,
    delegation_views.bp,
    desk_views.bp,
    portfolio_views.bp,
    organisation_views.bp,
    member_views.bp,
    invitation_views.bp,
    consortium_views.bp,
    fact_views.bp,
    likeness_views.bp,
    call_views.bp,
    questionnaire_web.bp,
    reporting_views.bp,
    grant_views.bp,
    check_views.bp,
    aid_views.bp,
    agreement_views.bp,
    library_views.bp,
    milestone_views.bp,
    cost_views.bp,
    progress_views.bp,
    control_views.bp,
    payment_views.bp,
    bank_views.bp,
    guarantee_views.bp,
    irregularity_views.bp,
    recovery_views.bp,
    closing_views.bp,
    tax_views.bp,
    limit_views.bp,
    batch_views.bp,
    trial_views.bp,
    period_views.bp,
    coaching_views.bp,
    accompaniment_views.bp,
    maturity_views.bp,
    follow_up_views.bp,
    agenda_views.bp,
    next_step_views.bp,
    coach_views.bp,
    note_views.bp,
    statement_views.bp,
    evaluation_views.bp,
    application_views.bp,
    rehearsal_views.bp,
    trail_views.bp,
)
