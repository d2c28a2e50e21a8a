"""Putting the house together: the only module that knows every room."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.access.web import init_access
from portal.app.pages import BLUEPRINTS
from portal.app.rooms import (
    APPOINTMENTS,
    AUDIENCES,
    FIGURES,
    GRANT_PARTS,
    GRANT_STORY,
    LATE_WORK,
    SUBSCRIPTIONS,
)
from portal.applications.inbox import entering
from portal.calls import appointments as call_appointments
from portal.calls import audience as call_audience
from portal.calls import figures as call_figures
from portal.core.config import Settings
from portal.core.db import database
from portal.core.db.engine import engine_options, prepare_engine
from portal.core.events import subscribe
from portal.core.i18n import init_i18n
from portal.core.web.errors import init_errors
from portal.core.web.limits import init_limits
from portal.core.web.operators import init_operators
from portal.core.web.respond import init_htmx
from portal.core.web.routing import LazyRule
from portal.core.web.security import init_security
from portal.core.web.templates import init_templates
from portal.desk.file_places import know_file_places
from portal.desk.navigation import init_navigation
from portal.documents.scanning import init_scanning
from portal.documents.storage import init_storage
from portal.grants import late as grant_late
from portal.grants import parts as grant_parts
from portal.rehearsal.guard import keep_closed_rehearsals

ROOT = Path(__file__).resolve().parent.parent.parent


def create_app(settings: Settings) -> Flask:
    """The application with these settings; nothing else is read from the environment."""
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "portal" / "static"))
    app.url_rule_class = LazyRule
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
    grant_late.sources[:] = LATE_WORK
    for event_type, listener in SUBSCRIPTIONS:
        subscribe(event_type, listener)
    grant_parts.tellers[:] = GRANT_STORY
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
    links = ("applications.confirm_receipt", "follow_up.show", "follow_up.answer")
    return each | dict.fromkeys(links, f"{settings.sign_ins_per_address * 3} per 15 minutes")


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
