"""The rest of a walk: the plan amended, the grant standing still or revoked, money asked back, and writing by hand."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.unit_of_work import KEY_FIELD, AlreadyDone, new_key
from portal.grants.changes.operations import resume_grant, suspend_grant
from portal.grants.changes.queries import standing_money
from portal.grants.changes.rules import BudgetShift, EndKind, Extension
from portal.grants.rules import ENDED, GrantStatus, local_day
from portal.ledger.models import LedgerEntry
from portal.ledger.operations import AlreadyReversed, reverse
from portal.payments.recoveries.claims import claims_of
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.operations import reverse_receipt, reverse_recovery
from portal.payments.recoveries.rules import RecoveryStatus
from tests.factories import changes
from tests.factories.recovering import decide, receive
from tests.factories.walking import Act
from tests.factories.walking_acts import Acts

BY_HAND = {
    "an amount of the ledger": "UPDATE ledger_entry SET amount_cents = amount_cents + 1",
    "no entry of the ledger": "DELETE FROM ledger_entry",
    "a balance below zero": "UPDATE ledger_account SET balance_cents = -1 WHERE kind = 'award'",
    "half of an entry reversed": (
        "INSERT INTO ledger_entry (id, at, posting, debit_id, credit_id, amount_cents, subject_type, subject_id,"
        " reverses_id) SELECT subject_id, at, 'reversed', credit_id, debit_id, 1, subject_type, subject_id, id"
        " FROM ledger_entry WHERE posting = 'release_approved'"
    ),
    "one person for two": (
        "UPDATE tranche SET approved_by = proposed_by WHERE approved_by IS NOT NULL AND proposed_by IS NOT NULL"
    ),
    "a step left out": "UPDATE tranche SET status = 'failed' WHERE status = 'approved'",
    "another amount released": "UPDATE tranche SET amount_cents = amount_cents - 1 WHERE approved_by IS NOT NULL",
    "another tax": "UPDATE tranche SET withheld_cents = withheld_cents + 1 WHERE approved_by IS NOT NULL",
    "another amount paid": "UPDATE payment_line SET amount_cents = amount_cents - 1",
    "another file": "UPDATE payment_order SET total_cents = total_cents + 1",
    "no payment": "DELETE FROM payment_line",
}
"""What nobody writes past the operations: the database itself refuses it."""


class Walking(Acts):
    """Every act there is."""

    # ---- the plan ----

    def extend(self, days: int) -> None:
        """The recipient asks to end later, the office agrees."""
        end = self.finance.grant.ends_on
        assert end is not None
        change = Extension(end + timedelta(days=days))
        self.attempt(lambda: changes.answer(self.finance, changes.ask(self.finance, change)))
        self.last = None

    def shift(self, cents: int) -> None:
        """Money moves between two costs, which the call leaves free up to a share."""
        self.attempt(lambda: changes.ask(self.finance, BudgetShift("cost_staff", "cost_services", cents)))
        self.last = None

    def put_in_order(self) -> None:
        """The grant goes on besides."""
        if self.finance.grant.status is GrantStatus.SUSPENDED:
            self.stand_still()
        super().put_in_order()

    def stand_still(self) -> None:
        """The office suspends the grant, or lets it go on."""
        given: dict[str, Any] = {"grant_id": self.finance.grant.id, "reason": "Serve."}
        if self.finance.grant.status is GrantStatus.SUSPENDED:
            self.attempt(lambda: resume_grant(self.session, **given, **self.by("officer")))
        else:
            until = local_day(self.finance.now) + timedelta(days=30)
            self.attempt(lambda: suspend_grant(self.session, until=until, **given, **self.by("officer")))

    def lower(self, cents: int) -> None:
        """A part of the grant is revoked: what is not released first, then what was paid."""
        self._end(EndKind.PARTIAL_REVOCATION, 0, cents)

    def revoke(self, tenths: int) -> None:
        """All of it, and so many tenths of what was paid are to be returned."""
        self._end(EndKind.REVOCATION, tenths)

    def lower_by_a_form_sent_twice(self, cents: int) -> None:
        """The same form comes again, as from a second click: what is not known by its content is known by its key."""
        act = self._ending(EndKind.PARTIAL_REVOCATION, 0, cents)
        with current_app.test_request_context("/", method="POST", data={KEY_FIELD: new_key()}):
            if self.attempt(act) is None:
                before = self.done()
                g.pop("effect_id", None)
                with suppress(AlreadyDone):
                    self.attempt(act)
                assert self.done() == before
            g.pop("effect_id", None)
        self.last = None

    def _end(self, kind: EndKind, tenths: int, cents: int | None = None) -> None:
        before = self.finance.grant.status
        if self.attempt(self._ending(kind, tenths, cents)) is None:
            assert before not in ENDED
        if kind is EndKind.PARTIAL_REVOCATION:
            self.last = None  # a second act for as much again is another act

    def _ending(self, kind: EndKind, tenths: int, cents: int | None) -> Act:
        def act() -> None:
            changes.open_end(self.finance, kind, cents)
            changes.reply(self.finance)
            money = standing_money(self.session, self.finance.grant.id)
            changes.act(self.finance, to_return=money.returnable * tenths // 10)

        return act

    # ---- money asked back ----

    def ask_back(self, tenths: int, instalments: int) -> None:
        """What an act or an irregularity says is asked back; of an irregularity so many tenths."""
        claims = claims_of(self.session, self.finance.grant.id)
        if claims:
            claim = claims[0]
            cents = max(claim.cents * tenths // 10, 1) if claim.may_be_less else None
            key = claim.row.id
            self.attempt(lambda: decide(self.finance, key, cents=cents, instalments=instalments))

    def recovery(self) -> Recovery | None:
        """The one that was decided last and was not taken back."""
        query = select(Recovery).where(Recovery.grant_id == self.finance.grant.id)
        query = query.where(Recovery.status != RecoveryStatus.REVERSED)
        return self.session.scalars(query.order_by(Recovery.number.desc())).first()

    def money_back(self, tenths: int, reference: str) -> None:
        """So many tenths of what is owed come back; 11 are too many. The same movement of the bank may come twice."""
        found = self.recovery()
        if found is not None:
            cents, guarantor = found.open_cents * tenths // 10, self.guarantee if reference.endswith("G") else None
            given = {"guarantee_id": guarantor.id} if guarantor else {}
            self.attempt(lambda: receive(self.finance, found, cents, reference, **given))

    def take_back(self, *, all_of_it: bool) -> None:
        """The last receipt was wrong, or the recovery itself."""
        found = self.recovery()
        given: dict[str, Any] = {"reason": "Era sbagliato."}
        if found is None:
            return
        key, receipts = found.id, [each.id for each in found.standing_receipts]
        if all_of_it:
            self.attempt(lambda: reverse_recovery(self.session, recovery_id=key, **given, **self.by("officer")))
        elif receipts:
            last = receipts[-1]
            self.attempt(lambda: reverse_receipt(self.session, receipt_id=last, **given, **self.by("maker")))

    # ---- past the operations ----

    def reverse_again(self) -> None:
        """An entry that was undone is undone once more: refused."""
        undone = self.session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id.is_not(None))).first()
        if undone is not None and undone.reverses is not None:
            entry, actor = undone.reverses, self.by("maker")
            refused = self.attempt(lambda: reverse(self.session, entry=entry, **actor))
            assert isinstance(refused, AlreadyReversed)

    def write_by_hand(self, what: str) -> None:
        """Somebody with the password of the database; it refuses, wherever there is a row to write."""
        self.session.flush()
        step = self.session.begin_nested()
        try:
            written = self.session.execute(text(BY_HAND[what]))
            assert written.rowcount == 0, f"the database let {what} through"  # type: ignore[attr-defined]
        except DBAPIError:
            pass
        finally:
            step.rollback()
