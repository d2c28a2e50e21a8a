"""For whoever runs the portal: request ids, structured logs without personal data, health and figures."""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.config import Settings
from portal.core.db import db_session
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading

bp = Blueprint("operators", __name__)
log = structlog.get_logger("web")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,32}")
FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
registry = CollectorRegistry()
requests_total = Counter(
    "vivaio_requests", "Requests by endpoint and status", ["endpoint", "status"], registry=registry
)
seconds = Histogram("vivaio_request_seconds", "Time of a request by endpoint", ["endpoint"], registry=registry)
readiness: dict[str, Callable[[], str | None]] = {}
"""Checks of /readyz by name: each returns None, or one line that says what is wrong."""
BEHIND = "the database is not at the last migration: run `portal migrate`"


def init_operators(app: Flask, settings: Settings) -> None:
    """Install request ids, the access log, /healthz, /readyz and /metrics."""
    app.register_blueprint(bp)
    app.extensions["metrics_token"] = settings.metrics_token

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        _count(response)
        return response


def _count(response: Response) -> None:
    endpoint = request.endpoint or "none"
    spent = time.perf_counter() - g.get("began", time.perf_counter())
    requests_total.labels(endpoint, str(response.status_code)).inc()
    seconds.labels(endpoint).observe(spent)
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if endpoint != "static":
        log.info(
            "request",
            id=g.get("request_id"),
            method=request.method,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(spent * 1000, 1),
        )


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database, the storage and the migrations are as the code needs them."""
    faults = {name: fault for name, check in readiness.items() if (fault := check())}
    return {"status": "not ready" if faults else "ready", "faults": faults}, 503 if faults else 200


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus: to this machine, or to whoever has the token."""
    token = metrics_token()
    bearer = request.headers.get("Authorization", "").encode()
    if not (secrets.compare_digest(bearer, f"Bearer {token}".encode()) if token else _is_this_machine()):
        raise NotFound
    return generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def _is_this_machine() -> bool:
    """Asked from here, and not through a proxy that stands here: its callers are anybody."""
    before_proxies = request.environ.get("werkzeug.proxy_fix.orig") or {}
    peer = before_proxies.get("REMOTE_ADDR") or request.remote_addr
    return peer in ("127.0.0.1", "::1") and not any(header in request.headers for header in FORWARDING)


def metrics_token() -> str:
    """The token that opens /metrics; empty: only this machine."""
    return str(current_app.extensions["metrics_token"])


def database_answers() -> str | None:
    """A readiness check: one statement."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        _forget()
        return "the database does not answer: check DATABASE_URL and the server"
    return None


def migrations_are_applied() -> str | None:
    """A readiness check: the database stands at the migration that the code knows as the last one."""
    try:
        with reading() as session:
            applied = set(MigrationContext.configure(session.connection()).get_current_heads())
    except SQLAlchemyError:
        _forget()
        return "unknown, since the database does not answer"
    return None if applied == known_heads(str(current_app.extensions["migrate"].directory)) else BEHIND


@cache
def known_heads(folder: str) -> set[str]:
    """The last migrations among the files."""
    return set(ScriptDirectory(folder).get_heads())


def _forget() -> None:
    with suppress(SQLAlchemyError):
        db_session().rollback()


readiness.update(database=database_answers, migrations=migrations_are_applied)
