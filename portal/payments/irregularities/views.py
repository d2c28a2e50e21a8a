"""The register of irregularities, those of a grant, and the acts on one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.access.web.acting import NO_FILE, step_taken
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.core.web.tables import table_file
from portal.documents.receiving import arriving_as, one_arriving
from portal.documents.web import send_stored
from portal.grants.queries import grant_to_read
from portal.payments.irregularities import labels, operations
from portal.payments.irregularities.forms import AgainForm, CloseForm, OpenForm, ReplyForm, ReportForm
from portal.payments.irregularities.operations.opening import evidence_rules
from portal.payments.irregularities.operations.replying import reply_rules
from portal.payments.irregularities.queries import file_of_irregularity, irregularities_of, irregularity_seen
from portal.payments.irregularities.register import MOST_ROWS, Wanted, Which, counted, registered
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome
from portal.payments.irregularities.shown import irregularity_page
from portal.payments.irregularities.tables import register_head, register_rows
from portal.payments.views.bp import key, this_day

bp = Blueprint("irregularities", __name__)
FORMS: dict[str, type[FlaskForm]] = {
    "reply_form": ReplyForm, "close_form": CloseForm, "again_form": AgainForm, "report_form": ReportForm,
}  # fmt: skip


@bp.get("/finance/irregularities")
@declares(Action.IRREGULARITY_LIST)
def index() -> ResponseReturnValue:
    """The register of the actor's authorities."""
    wanted, before = _wanted(), key(request.args.get("before"))
    with reading() as session:
        rows = registered(session, current_actor(), wanted, before=before)
        return page(
            "payments/irregularities/index.html", rows=rows[:MOST_ROWS], more=len(rows) > MOST_ROWS, wanted=wanted,
            counts=counted(session, current_actor(), wanted.kind), labels=labels, WHICH=labels.WHICH, today=this_day(),
        )  # fmt: skip


@bp.get("/finance/irregularities/table")
@declares(Action.IRREGULARITY_LIST)
def table() -> ResponseReturnValue:
    """The register as a file (`format`: csv, xlsx), whole, with the filter of the page."""
    with reading() as session:
        rows = register_rows(registered(session, current_actor(), _wanted(), most=None))
        title = _("Register of irregularities")
        return table_file(request.args.get("format", ""), "irregolarita", title, register_head(), rows)


@bp.get("/grants/<uuid:grant_id>/irregularities")
@declares(Action.IRREGULARITY_READ)
def of_grant(grant_id: UUID) -> ResponseReturnValue:
    """Those of one grant, and the form for a new one."""
    return _of_grant(grant_id, OpenForm(formdata=None, found_on=this_day()))


@bp.post("/grants/<uuid:grant_id>/irregularities")
@declares(Action.IRREGULARITY_OPEN)
def open_new(grant_id: UUID) -> ResponseReturnValue:
    """Enter one: payments stop."""
    form, actor = OpenForm(), current_actor()
    if not form.validate():
        return _of_grant(grant_id, form, 422)
    try:
        asked = partial(evidence_rules, grant_id=grant_id, actor=actor)
        with one_arriving(form.file.data or None, asked) as file, unit_of_work() as session:
            made = operations.open_irregularity(
                session, grant_id=grant_id, typed=form.typed(file), actor=actor, now=now()
            ).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _of_grant(grant_id, form, show_refusal(form, refusal))
    return go_to(url_for("irregularities.show", irregularity_id=made))


def _of_grant(grant_id: UUID, form: OpenForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.IRREGULARITY_READ, grant)
        rows = irregularities_of(session, grant.id)
        return page("payments/irregularities/of_grant.html", status, grant=grant, rows=rows, form=form, labels=labels)


@bp.get("/irregularities/<uuid:irregularity_id>")
@declares(Action.IRREGULARITY_READ)
def show(irregularity_id: UUID) -> ResponseReturnValue:
    """One with its story, and what this person may do."""
    return _page(irregularity_id)


@bp.get("/irregularities/<uuid:irregularity_id>/files/<uuid:file_id>")
@declares(Action.IRREGULARITY_READ)
def download(irregularity_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The evidence, or the file of a reply."""
    with reading() as session:
        return send_stored(file_of_irregularity(session, irregularity_id, file_id, current_actor()))


@bp.post("/irregularities/<uuid:irregularity_id>/reply")
@declares(Action.IRREGULARITY_REPLY)
def reply(irregularity_id: UUID) -> ResponseReturnValue:
    """The recipient replies."""
    form = ReplyForm()
    asked = partial(reply_rules, irregularity_id=irregularity_id, actor=current_actor())
    file = arriving_as("upload", form.file.data or None, asked)
    act, fields = operations.reply_to_irregularity, lambda: {"words": form.words.data}
    return _taken(irregularity_id, Action.IRREGULARITY_REPLY, form, act, fields, file)


@bp.post("/irregularities/<uuid:irregularity_id>/close")
@declares(Action.IRREGULARITY_CLOSE)
def close(irregularity_id: UUID) -> ResponseReturnValue:
    """Say how it ended: payments go on."""
    form = CloseForm()
    return _taken(
        irregularity_id, Action.IRREGULARITY_CLOSE, form, operations.close_irregularity,
        lambda: {"outcome": IrregularityOutcome(form.outcome.data), "words": form.words.data},
    )  # fmt: skip


@bp.post("/irregularities/<uuid:irregularity_id>/open-again")
@declares(Action.IRREGULARITY_OPEN)
def open_again(irregularity_id: UUID) -> ResponseReturnValue:
    """It holds payments again."""
    form = AgainForm()
    act, fields = operations.open_again, lambda: {"words": form.words.data}
    return _taken(irregularity_id, Action.IRREGULARITY_OPEN, form, act, fields)


@bp.post("/irregularities/<uuid:irregularity_id>/report")
@declares(Action.IRREGULARITY_REPORT)
def report(irregularity_id: UUID) -> ResponseReturnValue:
    """Note that the European body was told."""
    form = ReportForm()
    return _taken(
        irregularity_id, Action.IRREGULARITY_REPORT, form, operations.report_irregularity,
        lambda: {"reference": form.reference.data, "reported_on": form.reported_on.data},
    )  # fmt: skip


def _taken(
    irregularity_id: UUID, action: Action, form: FlaskForm, act: Callable[..., object],
    fields: Callable[[], dict[str, Any]], file: AbstractContextManager[dict[str, Any]] = NO_FILE,
) -> ResponseReturnValue:  # fmt: skip
    with reading() as session:
        irregularity_seen(session, irregularity_id, current_actor(), action)
    return step_taken(
        form,
        lambda session, **by: act(session, irregularity_id=irregularity_id, **fields(), **by),
        again=partial(_page, irregularity_id),
        then=url_for("irregularities.show", irregularity_id=irregularity_id),
        file=file,
    )


def _page(irregularity_id: UUID, sent: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    forms = {name: sent if isinstance(sent, kind) else kind(formdata=None) for name, kind in FORMS.items()}
    with reading() as session:
        seen = irregularity_page(session, irregularity_id, current_actor(), now())
        forms["close_form"].offer(seen.closes)
        return page("payments/irregularities/show.html", status, seen=seen, labels=labels, **forms)


def _wanted() -> Wanted:
    """What the address asks for; anything else is not asked for."""
    which, kind = request.args.get("which", ""), request.args.get("kind", "")
    return Wanted(
        Which(which) if which in set(Which) else Which.OPEN,
        IrregularityKind(kind) if kind in set(IrregularityKind) else None,
    )
