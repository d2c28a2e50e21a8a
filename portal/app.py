"""Putting the house together: the only module that knows every room."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.access import jobs as access_jobs
from portal.access import models as access_models
from portal.access import privacy_jobs
from portal.access.rules import AccountChanged, AccountClosed, LegalFactsChanged, OfferDecided
from portal.access.rules.consortia import ConsortiumChanged
from portal.access.rules.members import MemberJoining, MembershipAnswered, MembershipAsked, MembershipChanged
from portal.access.rules.own_data import AccountUnused, CopyReady, DataWillGo, RequestDecided, RequestMade
from portal.access.rules.second_factor import FactorChanged
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
from portal.access.web import init_access
from portal.applications import audience as application_audience
from portal.applications import jobs as application_jobs
from portal.applications import listeners as application_listeners
from portal.applications import models as application_models
from portal.applications import operations as application_operations
from portal.applications import views as application_views
from portal.applications.inbox import entering
from portal.applications.rules import ApplicationSubmitted
from portal.calls import appointments as call_appointments
from portal.calls import audience as call_audience
from portal.calls import figures as call_figures
from portal.calls import jobs as call_jobs
from portal.calls import models as call_models
from portal.calls import views as call_views
from portal.calls.rules.publication import CallRevised
from portal.coaching import listeners as coaching_listeners
from portal.coaching import models as coaching_models
from portal.coaching import queries as coaching_queries
from portal.coaching import views as coaching_views
from portal.coaching.accompaniment import views as accompaniment_views
from portal.core import mail, unit_of_work
from portal.core.audit import models as audit_models
from portal.core.config import Settings
from portal.core.db import database
from portal.core.db.engine import engine_options, prepare_engine
from portal.core.events import subscribe
from portal.core.i18n import init_i18n
from portal.core.jobs import models as job_models
from portal.core.web.errors import init_errors
from portal.core.web.limits import init_limits
from portal.core.web.operators import init_operators
from portal.core.web.respond import init_htmx
from portal.core.web.security import init_security
from portal.core.web.templates import init_templates
from portal.desk import views as desk_views
from portal.desk.file_places import know_file_places
from portal.desk.navigation import init_navigation
from portal.documents import jobs as document_jobs
from portal.documents import models as document_models
from portal.documents.rules import FileBlocked
from portal.documents.scanning import init_scanning
from portal.documents.storage import init_storage
from portal.evaluation import jobs as evaluation_jobs
from portal.evaluation import listeners as evaluation_listeners
from portal.evaluation import models as evaluation_models
from portal.evaluation import views as evaluation_views
from portal.evaluation.afterwards import SetApart
from portal.evaluation.queries import sittings_due
from portal.grants import listeners as grant_listeners
from portal.grants import models as grant_models
from portal.grants import parts as grant_parts
from portal.grants import views as grant_views
from portal.grants.rules import GrantActivated
from portal.ledger import models as ledger_models
from portal.milestones import listeners as milestone_listeners
from portal.milestones import models as milestone_models
from portal.milestones import queries as milestone_queries
from portal.milestones import views as milestone_views
from portal.notices import factor_listeners, file_listeners, member_listeners, privacy_listeners
from portal.notices import listeners as notice_listeners
from portal.notices import models as notice_models
from portal.payments import listeners as payment_listeners
from portal.payments import models as payment_models
from portal.payments import operations as payment_operations
from portal.payments import queries as payment_queries
from portal.payments import views as payment_views
from portal.questionnaires import models as questionnaire_models
from portal.questionnaires import web as questionnaire_web
from portal.register import models as register_models
from portal.rehearsal import jobs as rehearsal_jobs
from portal.rehearsal import models as rehearsal_models
from portal.rehearsal import views as rehearsal_views
from portal.rehearsal.guard import keep_closed_rehearsals
from portal.reporting import queries as reporting_queries
from portal.reporting import views as reporting_views
from portal.reporting.trail import jobs as trail_jobs
from portal.reporting.trail import views as trail_views

ROOT = Path(__file__).resolve().parent.parent

MODELS = (
    access_models,
    application_models,
    audit_models,
    call_models,
    coaching_models,
    document_models,
    evaluation_models,
    grant_models,
    job_models,
    ledger_models,
    mail,
    milestone_models,
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
    document_jobs,
    evaluation_jobs,
    rehearsal_jobs,
    trail_jobs,
)
"""Every kind of background work is known once these are imported."""

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
    milestone_views.bp,
    payment_views.bp,
    coaching_views.bp,
    accompaniment_views.bp,
    evaluation_views.bp,
    application_views.bp,
    rehearsal_views.bp,
    trail_views.bp,
)
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
    (ApplicationSubmitted, entering.enter),
    (SetApart, grant_listeners.tell_what_is_set_apart),
    (GrantActivated, milestone_listeners.plan_milestones),
    (GrantActivated, payment_operations.plan_tranches),
)
"""Which upper room listens to which event of a lower one; in this order."""
GRANT_PARTS = (milestone_queries.grant_part, coaching_queries.grant_part, payment_queries.grant_part)
"""What upper rooms add to the page of a grant."""
FIGURES = (reporting_queries.application_figures,)
"""Which upper rooms lend their numbers to the page of a call."""
AUDIENCES = (application_audience.concerned,)
"""Which upper rooms name people whom every step of a call concerns."""
APPOINTMENTS = (sittings_due.public_sittings,)
"""Which upper rooms announce days and places on the page of a call."""


def create_app(settings: Settings) -> Flask:
    """The application with these settings; nothing else is read from the environment."""
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "portal" / "static"))
    app.config.update(_flask_config(settings))
    app.extensions["settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=0)  # type: ignore[method-assign]
    database.init_app(app)
    with app.app_context():
        prepare_engine(database.engine)
    Migrate(app, database, directory=str(ROOT / "migrations"))
    init_i18n(app)
    init_operators(app, settings)
    init_htmx(app)
    init_security(app, settings)
    forms = CSRFProtect(app)
    init_errors(app)
    init_access(app)
    init_templates(app, settings)
    init_storage(app, settings)
    init_scanning(app, settings)
    init_navigation(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in app.view_functions.values():
        if getattr(view, "is_answered_by_link", False):
            forms.exempt(view)
    init_limits(app, _limits(settings))
    keep_closed_rehearsals()
    entering.keep_the_list()
    know_file_places()
    _join_rooms()
    return app


def _join_rooms() -> None:
    """What upper rooms lend to lower ones, and the events that they answer."""
    call_figures.sources[:] = FIGURES
    call_audience.sources[:] = AUDIENCES
    call_appointments.sources[:] = APPOINTMENTS
    for event_type, listener in SUBSCRIPTIONS:
        subscribe(event_type, listener)
    for part in GRANT_PARTS:
        grant_parts.contribute(part)


def _limits(settings: Settings) -> dict[str, str]:
    """Per address; 0 in the settings is for tests, whose visitors all come from one."""
    if not settings.sign_ins_per_address:
        return {}
    costly = (
        "access.sign_in_with_password", "accounts.ask_to_register", "accounts.ask_to_reset",
        "identity.start", "identity.answer", "identity.ask_for_account",
    )  # fmt: skip
    each = dict.fromkeys(costly, f"{settings.sign_ins_per_address} per 15 minutes")
    return each | {"applications.confirm_receipt": f"{settings.sign_ins_per_address * 3} per 15 minutes"}


def _flask_config(settings: Settings) -> dict[str, object]:
    secure = settings.is_https
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
    }
