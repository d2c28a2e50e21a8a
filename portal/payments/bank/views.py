"""Pages of what comes from the bank: files, messages that wait, the reconciliation."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.rules import masked_iban
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.arrived import Arrived, no_file
from portal.documents.receiving import one_arriving
from portal.documents.storage import current_storage
from portal.documents.web import send_stored
from portal.payments.bank import labels, operations, queries
from portal.payments.bank.forms import BankFileForm, DismissForm, MatchForm
from portal.payments.bank.reading import read_bank_file
from portal.payments.bank.reasons import in_words
from portal.payments.bank.tables import reconciliation_csv
from portal.payments.bank.told import BankReading
from portal.payments.views.bp import key

bp = Blueprint("bank", __name__, url_prefix="/finance")


@bp.get("/bank")
@declares(Action.LEDGER_READ)
def index() -> ResponseReturnValue:
    """What waits for a person, the files taken in, the form for a new one."""
    return _home()


def _home(form: BankFileForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        actor = current_actor()
        found = queries.bank_home(session, actor, before=key(request.args.get("before")))
        form = form or _form(session)
        return page("payments/bank/index.html", status, found=found, form=form, labels=labels)


def _form(session: Session) -> BankFileForm:
    """The form; its page does not ask whoever works for one authority alone which one."""
    form = BankFileForm()
    payers = queries.payers_of(session, current_actor())
    form.authority.choices = [(str(each.id), each.name) for each in payers]
    return form


@bp.post("/bank")
@declares(Action.PAYMENT_RECORD)
def take() -> ResponseReturnValue:
    """Take a file in: it is read before anything is locked, then done whole or not at all."""
    with reading() as session:
        form = _form(session)
    if not form.validate():
        return _home(form, 422)
    given: dict[str, Any] = {"authority_id": UUID(form.authority.data), "actor": current_actor()}
    try:
        with one_arriving(form.file.data or None, partial(operations.bank_file_rules, **given)) as upload:
            told = _told(upload)
            with unit_of_work() as session:
                made = operations.take_bank_file(session, upload=upload, reading=told, now=now(), **given).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _home(form, show_refusal(form, refusal))
    return go_to(url_for("bank.show_file", bank_file_id=made))


def _told(upload: Arrived | None) -> BankReading:
    if upload is None or upload.storage_key is None:
        raise no_file("file")
    return read_bank_file(current_storage().get(upload.storage_key))


@bp.get("/bank/files/<uuid:bank_file_id>")
@declares(Action.LEDGER_READ)
def show_file(bank_file_id: UUID) -> ResponseReturnValue:
    """One file: what it said of each payment, and what followed."""
    return _file(bank_file_id)


def _file(bank_file_id: UUID, form: DismissForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = queries.bank_file_page(session, bank_file_id, current_actor(), after=_place())
        form = form or DismissForm(formdata=None)
        return page("payments/bank/file.html", status, found=found, form=form, labels=labels, in_words=in_words)


def _place() -> int:
    given = request.args.get("after", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


@bp.get("/bank/files/<uuid:bank_file_id>/download")
@declares(Action.PAYMENT_RECORD)
def download(bank_file_id: UUID) -> ResponseReturnValue:
    """The file as the bank sent it."""
    with reading() as session:
        return send_stored(queries.bank_file_for(session, bank_file_id, current_actor(), Action.PAYMENT_RECORD).file)


@bp.post("/bank/files/<uuid:bank_file_id>/dismiss")
@declares(Action.PAYMENT_RECORD)
def dismiss_unknown(bank_file_id: UUID) -> ResponseReturnValue:
    """Close everything of a file that is none of our payments, with one word."""
    form, actor = DismissForm(), current_actor()
    with reading() as session:
        queries.bank_file_for(session, bank_file_id, actor, Action.PAYMENT_RECORD)
        ids = queries.unknown_ones(session, bank_file_id)
    if not form.validate():
        return _file(bank_file_id, form, 422)
    given: dict[str, Any] = {"message_ids": ids, "words": form.words.data, "actor": actor, "now": now()}
    return _acted(
        lambda session: operations.dismiss_messages(session, **given), form,
        partial(_file, bank_file_id, form), url_for("bank.show_file", bank_file_id=bank_file_id),
    )  # fmt: skip


@bp.get("/bank/messages/<uuid:bank_message_id>")
@declares(Action.LEDGER_READ)
def show_message(bank_message_id: UUID) -> ResponseReturnValue:
    """One message, and what a person can do about it."""
    return _message(bank_message_id)


def _message(
    bank_message_id: UUID, match: MatchForm | None = None, dismiss: DismissForm | None = None, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        found = queries.message_page(session, bank_message_id, current_actor())
        known = found.about.end_to_end_id if found.about else None
        forms = {
            "match": match or MatchForm(formdata=None, end_to_end_id=known, prefix="match-"),
            "dismiss": dismiss or DismissForm(formdata=None),
        }
        return page("payments/bank/message.html", status, found=found, **forms, refused=match or dismiss, labels=labels,
                    in_words=in_words, masked=masked_iban)  # fmt: skip


@bp.post("/bank/messages/<uuid:bank_message_id>/match")
@declares(Action.PAYMENT_RECORD)
def match(bank_message_id: UUID) -> ResponseReturnValue:
    """This message is about that payment."""
    form = MatchForm(prefix="match-")
    if not form.validate():
        return _message(bank_message_id, match=form, status=422)
    given: dict[str, Any] = {
        "message_id": bank_message_id, "end_to_end_id": form.end_to_end_id.data, "words": form.words.data,
        "actor": current_actor(), "now": now(),
    }  # fmt: skip
    return _acted(
        lambda session: operations.match_message(session, **given), form,
        lambda status: _message(bank_message_id, match=form, status=status), url_for("bank.index"),
    )  # fmt: skip


@bp.post("/bank/messages/<uuid:bank_message_id>/dismiss")
@declares(Action.PAYMENT_RECORD)
def dismiss(bank_message_id: UUID) -> ResponseReturnValue:
    """There is nothing to do about it."""
    form = DismissForm()
    if not form.validate():
        return _message(bank_message_id, dismiss=form, status=422)
    given: dict[str, Any] = {
        "message_ids": [bank_message_id], "words": form.words.data, "actor": current_actor(), "now": now(),
    }  # fmt: skip
    return _acted(
        lambda session: operations.dismiss_messages(session, **given), form,
        lambda status: _message(bank_message_id, dismiss=form, status=status), url_for("bank.index"),
    )  # fmt: skip


def _acted(
    act: Callable[[Session], object], form: FlaskForm, shown: Callable[[int], ResponseReturnValue], then: str
) -> ResponseReturnValue:
    """Act, then go on; a refusal is told in the form."""
    try:
        with unit_of_work() as session:
            act(session)
    except NotFound:
        raise
    except Refusal as refusal:
        return shown(show_refusal(form, refusal))
    flash(_("The answer is kept with your name."), "success")
    return go_to(then)


@bp.get("/reconciliation")
@declares(Action.LEDGER_READ)
def agreement() -> ResponseReturnValue:
    """By batch: sent, paid, failed, waiting, and whether the ledger says the same."""
    with reading() as session:
        found = queries.reconciliation(session, current_actor(), before=key(request.args.get("before")))
        return page("payments/bank/reconciliation.html", found=found)


@bp.get("/reconciliation.csv")
@declares(Action.LEDGER_READ)
def agreement_file() -> ResponseReturnValue:
    """The same, whole, as CSV."""
    with reading() as session:
        content = reconciliation_csv(queries.reconciliation(session, current_actor(), most=None))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="riconciliazione.csv"'
    return response
