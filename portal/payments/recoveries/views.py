"""The recoveries of a grant: read by the recipient, decided by the office, their money recorded by finance."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.access.web.acting import step_taken
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.web.tables import table_file
from portal.grants.queries import grant_to_read
from portal.payments.guarantees.queries import guarantees_of
from portal.payments.recoveries import labels, operations
from portal.payments.recoveries.forms import DecideForm, PlanForm, ReceiptForm, WhyForm
from portal.payments.recoveries.listing import MOST_ROWS, Wanted, Which, calls_with_recoveries, listed, sums_of
from portal.payments.recoveries.queries import receipt_seen, recovery_seen
from portal.payments.recoveries.shown import RecoveryPage, recovery_page
from portal.payments.recoveries.tables import recoveries_head, recoveries_rows
from portal.payments.views.bp import key, this_day

bp = Blueprint("recoveries", __name__)


@bp.get("/finance/recoveries")
@declares(Action.LEDGER_READ)
def listing() -> ResponseReturnValue:
    """All of the actor's authorities."""
    wanted, before, today = _wanted(), key(request.args.get("before")), this_day()
    with reading() as session:
        rows = listed(session, current_actor(), wanted, today, before=before)
        return page(
            "payments/recoveries_list.html", rows=rows[:MOST_ROWS], more=len(rows) > MOST_ROWS, wanted=wanted,
            sums=sums_of(session, current_actor(), wanted.call, today), labels=labels, WHICH=labels.WHICH,
            calls=calls_with_recoveries(session, current_actor()),
        )  # fmt: skip


@bp.get("/finance/recoveries/table")
@declares(Action.LEDGER_READ)
def table() -> ResponseReturnValue:
    """The list as a file (`format`: csv, xlsx), whole, with the filter of the page."""
    with reading() as session:
        rows = recoveries_rows(listed(session, current_actor(), _wanted(), this_day(), most=None))
        return table_file(request.args.get("format", ""), "recuperi", _("Recoveries"), recoveries_head(), rows)


def _wanted() -> Wanted:
    asked = request.args.get("which", "")
    which = next((each for each in Which if each.value == asked), Which.OPEN)
    return Wanted(which, request.args.get("call", "")[:100])


@bp.get("/grants/<uuid:grant_id>/recoveries")
@declares(Action.RECOVERY_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """Those decided, and the effect of one that could be."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/recoveries")
@declares(Action.RECOVERY_DECIDE)
def decide(grant_id: UUID) -> ResponseReturnValue:
    """Ask money back."""
    form = DecideForm()
    act = partial(operations.decide_recovery, grant_id=grant_id)
    return _taken(grant_id, form, lambda session, **by: act(session, typed=form.typed(), **by))


@bp.post("/recoveries/<uuid:recovery_id>/receipts")
@declares(Action.RECOVERY_RECORD)
def receive(recovery_id: UUID) -> ResponseReturnValue:
    """Record money that came back."""
    form = ReceiptForm(prefix=recovery_id.hex)
    with reading() as session:
        grant_id = recovery_seen(session, recovery_id, current_actor(), Action.RECOVERY_RECORD).grant_id
        form.offer(guarantees_of(session, grant_id))
    act = partial(operations.record_receipt, recovery_id=recovery_id)
    return _taken(grant_id, form, lambda session, **by: act(session, typed=form.typed(), **by))


@bp.post("/recoveries/<uuid:recovery_id>/reverse")
@declares(Action.RECOVERY_DECIDE)
def reverse(recovery_id: UUID) -> ResponseReturnValue:
    """Take a recovery back."""
    form = WhyForm(prefix=recovery_id.hex)
    with reading() as session:
        grant_id = recovery_seen(session, recovery_id, current_actor(), Action.RECOVERY_DECIDE).grant_id
    act = partial(operations.reverse_recovery, recovery_id=recovery_id)
    return _taken(grant_id, form, lambda session, **by: act(session, reason=form.reason.data, **by))


@bp.post("/recoveries/receipts/<uuid:money_back_id>/reverse")
@declares(Action.RECOVERY_RECORD)
def take_out(money_back_id: UUID) -> ResponseReturnValue:
    """Take the latest receipt out again."""
    form = WhyForm(prefix=money_back_id.hex)
    with reading() as session:
        grant_id = receipt_seen(session, money_back_id, current_actor(), Action.RECOVERY_RECORD).recovery.grant_id
    act = partial(operations.reverse_receipt, receipt_id=money_back_id)
    return _taken(grant_id, form, lambda session, **by: act(session, reason=form.reason.data, **by))


def _taken(grant_id: UUID, form: FlaskForm, act: Callable[..., object]) -> ResponseReturnValue:
    then = url_for("recoveries.index", grant_id=grant_id)
    return step_taken(form, act, again=partial(_page, grant_id), then=then)


def _page(grant_id: UUID, sent: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page; a form that was refused stands in its place."""
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        seen = recovery_page(session, grant, current_actor(), _asked(sent), now())
        return page(
            "payments/recoveries.html", status, seen=seen, sent=sent, labels=labels, grant=grant,
            decide_form=sent if isinstance(sent, DecideForm) else DecideForm(formdata=None),
            form_of=_form_of(sent, seen),
        )  # fmt: skip


def _asked(sent: FlaskForm | None) -> PlanForm:
    """The plan that was asked for: of the address, or of the act that was refused."""
    if isinstance(sent, DecideForm):
        cents = f"{int(sent.cents.data) / 100:.2f}".replace(".", ",") if (sent.cents.data or "").isdecimal() else ""
        return PlanForm(None, data={"claim": sent.claim.data, "cents": cents})
    return PlanForm(request.args)


def _form_of(sent: FlaskForm | None, seen: RecoveryPage) -> Callable[[str, UUID], FlaskForm]:
    """The form of one row: the one that was refused, or an empty one."""

    def found(kind: str, key: UUID) -> FlaskForm:
        made: type[FlaskForm] = ReceiptForm if kind == "receipt" else WhyForm
        form = sent if isinstance(sent, made) and sent._prefix == f"{key.hex}-" else made(None, prefix=key.hex)
        if isinstance(form, ReceiptForm):
            form.offer(seen.guarantees)
        return form

    return found
