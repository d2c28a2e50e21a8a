"""The history of an object, the trail of an authority, its anchors, and the file to take away."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.reporting.trail import operations, queries
from portal.reporting.trail.export import TrailFile
from portal.reporting.trail.forms import history_form, trail_form, wanted_of
from portal.reporting.trail.rules import EXPORTED

bp = Blueprint("trail", __name__)


@bp.get("/trail/<subject_type>/<uuid:subject_id>")
@declares(Action.TRAIL_READ)
def show(subject_type: str, subject_id: UUID) -> ResponseReturnValue:
    """What happened to an object and to what belongs to it."""
    wanted = wanted_of(request.args)
    with reading() as session:
        history = queries.history_of(session, current_actor(), subject_type, subject_id, wanted)
        return page(
            "trail/show.html", history=history, entries=history.entries, filters=history_form(wanted, history.people),
            next_url=_next(history.more), is_first=wanted.after is None, may_be_taken=subject_type in EXPORTED,
        )  # fmt: skip


@bp.post("/trail/<subject_type>/<uuid:subject_id>/export")
@declares(Action.TRAIL_EXPORT)
def take_away(subject_type: str, subject_id: UUID) -> ResponseReturnValue:
    """The history as an archive that verifies offline; taking it away is written in it."""
    with unit_of_work(once=False) as session:
        file = operations.take_away(
            session, subject_type=subject_type, subject_id=subject_id, actor=current_actor(), now=now()
        )
    return _attachment(file)


@bp.get("/manage/trail")
@declares(Action.AUDIT_READ)
def manage() -> ResponseReturnValue:
    """The trail of the authority: everything for auditors, security for administrators."""
    wanted = wanted_of(request.args)
    with reading() as session:
        trail = queries.trail_of_authorities(session, current_actor(), wanted)
        return page(
            "trail/manage.html", trail=trail, entries=trail.entries, filters=trail_form(wanted),
            next_url=_next(trail.more), is_first=wanted.after is None,
        )  # fmt: skip


@bp.get("/manage/trail/anchors/<day>")
@declares(Action.AUDIT_READ)
def anchor(day: str) -> ResponseReturnValue:
    """What an anchor says of the reader's authorities, to be kept elsewhere."""
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    with reading() as session:
        content = queries.extract_for(session, current_actor(), asked)
    return _download(f"{day}.json", "application/json", content)


def _attachment(file: TrailFile) -> Response:
    return _download(file.name, "application/zip", file.content)


def _download(name: str, kind: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)


def _next(after: UUID | None) -> str | None:
    """The same question, from the last row on."""
    if after is None:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("after", "lang")]
    return f"{request.path}?{urlencode([*kept, ('after', str(after))])}"
