"""Putting approved tranches in a file for the bank, once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.access.rules.authorities import PaymentExporter
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.grants.rules import local_day
from portal.payments.bank.questions import nothing_is_asked
from portal.payments.exporters import EXPORTERS, Batch, Debtor, OutFile, Payment, Unwritable
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from portal.payments.operations.conditions import gates_are_open, grant_is_payable, stand_apart
from portal.payments.operations.refusals import (
    AccountNotVerified,
    NoAccountToPayFrom,
    NotForTheBank,
    SentByOneself,
)
from portal.payments.queries.facts import Standing
from portal.payments.queries.tranches import tranches_for_update
from portal.payments.rules import FARTHEST_EXECUTION, ORDER


def order_payments(
    session: Session, *, tranche_ids: Sequence[UUID], execution_on: date, actor: Actor, now: datetime
) -> PaymentOrder:
    """Write the payment files of these tranches, all or nothing; the files are frozen and hashed.

    Raises Invalid for an empty choice or a wrong day, IllegalMove for a tranche that is not approved, GatesClosed where
    a condition does not hold any more, SentByOneself, AccountNotVerified, NoAccountToPayFrom, AlreadyOrdered,
    NotForTheBank.
    """
    _day_is_near(execution_on, now)
    if not tranche_ids:
        raise Invalid(lazy_("Choose at least one tranche to pay."), "tranches")
    tranches = tranches_for_update(session, tranche_ids)
    for tranche in tranches:
        authorise(actor, Action.PAYMENT_ORDER, tranche)
        stand_apart(session, tranche=tranche, actor=actor)
        ORDER.apply(tranche.status)
        if tranche.vouched_by == actor.person_id:
            raise SentByOneself
        grant_is_payable(tranche=tranche)
    if len({tranche.authority_id for tranche in tranches}) > 1:
        raise Invalid(lazy_("These tranches belong to different authorities: make a file for each."), "tranches")
    nothing_is_asked(session, tranche_ids=tranche_ids)
    standings = gates_are_open(session, tranches=tranches, now=now)
    order = _write(session, tranches, standings, execution_on, actor, now)
    for tranche in tranches:
        before = {"status": tranche.status}
        tranche.make(ORDER, at=now)
        after = {"status": tranche.status, "message": order.message_id, "cents": tranche.amount_cents}
        record(session, at=now, actor=actor, event=Action.PAYMENT_ORDER, subject=tranche, before=before, after=after)
    return order


def _day_is_near(execution_on: date, now: datetime) -> None:
    if execution_on < local_day(now):
        raise Invalid(lazy_("The day of payment is in the past: choose today or later."), "execution_on")
    if execution_on > local_day(now) + FARTHEST_EXECUTION:
        raise Invalid(lazy_("The day of payment is more than 60 days away: check the year."), "execution_on")


def _write(
    session: Session, tranches: list[Tranche], standings: dict[UUID, Standing], execution_on: date, actor: Actor,
    now: datetime,
) -> PaymentOrder:  # fmt: skip
    authority = session.get_one(Authority, tranches[0].authority_id)
    message_id = f"VIV{local_day(now):%Y%m%d}{new_id().hex[-18:]}".upper()
    lines = [
        _line(tranche, standings[tranche.id], f"{message_id}-{number:05d}")
        for number, tranche in enumerate(tranches, start=1)
    ]
    payments = [_payment(line, each, standings[each.id]) for line, each in zip(lines, tranches, strict=True)]
    debtor = Debtor(authority.name, authority.iban, authority.bic)
    kind = PaymentExporter(authority.payment_exporter)
    written = _files(kind, Batch(debtor, payments, message_id, execution_on, now))
    total = sum(line.amount_cents for line in lines)
    order = PaymentOrder(
        authority_id=authority.id, message_id=message_id, created_at=now, created_by=actor.person_id,
        execution_on=execution_on, total_cents=total, exporter=kind,
        **{f"{each.kind}_file_id": _stored(session, each, message_id, actor, now).id for each in written},
    )  # fmt: skip
    session.add(order)
    session.flush()
    for line in lines:
        line.order_id = order.id
    session.add_all(lines)
    after = {"message": message_id, "cents": total, "payments": len(lines), "execution_on": execution_on}
    record(session, at=now, actor=actor, event="payment_order.written", subject=order, after=after)
    return order


def _line(tranche: Tranche, standing: Standing, end_to_end_id: str) -> PaymentLine:
    account = standing.account.payable
    if account is None:
        raise AccountNotVerified
    return PaymentLine(
        tranche_id=tranche.id, end_to_end_id=end_to_end_id, amount_cents=tranche.net_cents, iban=account.iban,
        holder=account.holder,
    )  # fmt: skip


def _payment(line: PaymentLine, tranche: Tranche, standing: Standing) -> Payment:
    grant, account = tranche.grant, standing.account.payable
    payee = account.organisation if account else grant.organisation
    return Payment(
        end_to_end_id=line.end_to_end_id,
        holder=line.holder,
        fiscal_code=payee.fiscal_code or "",
        iban=line.iban,
        amount_cents=line.amount_cents,
        cup=grant.cup or "",
        act=grant.act_number,
        reference=f"{grant.reference} tranche {tranche.number}",
        withheld_cents=tranche.withheld_cents,
    )


def _files(kind: PaymentExporter, batch: Batch) -> tuple[OutFile, ...]:
    exporter = EXPORTERS[kind]
    if exporter.from_an_account and not batch.debtor.iban:
        raise NoAccountToPayFrom
    try:
        return exporter.write(batch)
    except Unwritable as error:
        raise NotForTheBank from error


def _stored(session: Session, written: OutFile, message_id: str, actor: Actor, now: datetime) -> StoredFile:
    name = f"{message_id}.{written.kind}"
    return store_bytes(session, name=name, media_type=written.media_type, content=written.content, actor=actor, now=now)
