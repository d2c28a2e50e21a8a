"""The pages of rehearsals: those of a call, and the report of one."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.respond import go_to
from portal.rehearsal import labels, operations
from portal.rehearsal.queries import rehearsals_of, report_of

bp = Blueprint("rehearsal", __name__)


@bp.get("/manage/calls/<slug>/rehearsals")
@declares(Action.REHEARSAL_READ)
def index(slug: str) -> ResponseReturnValue:
    """The rehearsals of a call, and the button that begins one."""
    with reading() as session:
        call, rehearsals = rehearsals_of(session, slug, current_actor())
        return page("rehearsal/index.html", call=call, rehearsals=rehearsals, labels=labels)


@bp.post("/manage/calls/<slug>/rehearsals")
@declares(Action.REHEARSAL_RUN)
def begin(slug: str) -> ResponseReturnValue:
    """Have the worker play the call once."""
    with unit_of_work() as session:
        call, _earlier = rehearsals_of(session, slug, current_actor())
        made = operations.begin_rehearsal(session, call_id=call.id, actor=current_actor(), now=now())
        rehearsal_id = made.id
    return go_to(url_for("rehearsal.show", rehearsal_id=rehearsal_id))


@bp.get("/manage/rehearsals/<uuid:rehearsal_id>")
@declares(Action.REHEARSAL_READ)
def show(rehearsal_id: UUID) -> ResponseReturnValue:
    """What happened, step by step; while it is under way, how far it is."""
    with reading() as session:
        report = report_of(session, rehearsal_id, current_actor())
        template = "rehearsal/_report.html" if wants_fragment() else "rehearsal/show.html"
        return page(template, report=report, rehearsal=report.rehearsal, labels=labels)


@bp.post("/manage/rehearsals/<uuid:rehearsal_id>/close")
@declares(Action.REHEARSAL_RUN)
def close(rehearsal_id: UUID) -> ResponseReturnValue:
    """Close it for good."""
    with unit_of_work() as session:
        operations.close_rehearsal(session, rehearsal_id=rehearsal_id, actor=current_actor(), now=now())
    flash(_("The rehearsal is closed. It stays here to be read."))
    return go_to(url_for("rehearsal.show", rehearsal_id=rehearsal_id))
