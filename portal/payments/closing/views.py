"""The final account of a grant: read by the recipient, prepared by one person, approved by another."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.access.web.acting import step_taken
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.documents.web import send_stored
from portal.grants.queries import grant_to_read
from portal.payments.closing import labels, operations
from portal.payments.closing.forms import ApproveForm, PrepareForm, WithdrawForm
from portal.payments.closing.queries import account_seen
from portal.payments.closing.shown import closing_page

bp = Blueprint("closing", __name__)


@bp.get("/grants/<uuid:grant_id>/final-account")
@declares(Action.CLOSING_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """What is open, the effect of closing, and the accounts that were written."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/final-account")
@declares(Action.CLOSING_PREPARE)
def prepare(grant_id: UUID) -> ResponseReturnValue:
    """Write the account down for a second person."""
    form = PrepareForm()
    act = partial(operations.prepare_account, grant_id=grant_id)
    return _taken(grant_id, form, lambda session, **by: act(session, note=form.note.data or "", seen=form.seen.data,
                                                            **by))  # fmt: skip


@bp.post("/final-accounts/<uuid:final_account_id>/approve")
@declares(Action.CLOSING_APPROVE)
def approve(final_account_id: UUID) -> ResponseReturnValue:
    """Take the act that closes the grant."""
    form = ApproveForm()
    act = partial(operations.approve_account, account_id=final_account_id)
    grant_id = _grant_of(final_account_id, Action.CLOSING_APPROVE)
    return _taken(grant_id, form, lambda session, **by: act(session, act=form.typed(), **by))


@bp.post("/final-accounts/<uuid:final_account_id>/withdraw")
@declares(Action.CLOSING_PREPARE)
def withdraw(final_account_id: UUID) -> ResponseReturnValue:
    """Take a prepared account back."""
    form = WithdrawForm()
    act = partial(operations.withdraw_account, account_id=final_account_id)
    grant_id = _grant_of(final_account_id, Action.CLOSING_PREPARE)
    return _taken(grant_id, form, lambda session, **by: act(session, reason=form.reason.data, **by))


@bp.get("/final-accounts/<uuid:final_account_id>/letter.pdf")
@declares(Action.CLOSING_READ)
def letter(final_account_id: UUID) -> ResponseReturnValue:
    """The letter."""
    with reading() as session:
        found = account_seen(session, final_account_id, current_actor(), Action.CLOSING_READ).letter
        if found is None:
            raise NotFound
        return send_stored(found.file)


def _grant_of(account_id: UUID, action: Action) -> UUID:
    with reading() as session:
        return account_seen(session, account_id, current_actor(), action).grant_id


def _taken(grant_id: UUID, form: FlaskForm, act: Callable[..., object]) -> ResponseReturnValue:
    then = url_for("closing.index", grant_id=grant_id)
    return step_taken(form, act, again=partial(_page, grant_id), then=then)


def _page(grant_id: UUID, sent: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page; a form that was refused stands in its place."""
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        seen = closing_page(session, grant, current_actor())
        forms = {
            name: sent if isinstance(sent, kind) else kind(formdata=None)
            for name, kind in (("prepare", PrepareForm), ("approve", ApproveForm), ("withdraw", WithdrawForm))
        }
        return page("payments/closing/show.html", status, seen=seen, grant=grant, labels=labels, **{
            f"{name}_form": form for name, form in forms.items()
        })  # fmt: skip
