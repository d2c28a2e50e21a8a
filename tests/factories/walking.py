"""A walk through the money of one grant: anybody's acts in any order, each a unit of work, and what must hold of each.

What a release or a payment needed is told here alone, without the gates: from what the walk itself has done.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, event, func, select

from portal.access.models import BankDetails, Person
from portal.core.errors import Conflict, Refusal
from portal.core.unit_of_work import unit_of_work
from portal.grants.rules import local_day
from portal.ledger.models import LedgerEntry
from portal.payments.bank.models import BankMessage
from portal.payments.bank.rules import Trouble
from portal.payments.guarantees.models import Guarantee
from portal.payments.irregularities.models import Irregularity
from portal.payments.models import PaymentLine, Tranche
from portal.payments.rules import IN_A_FILE, PASSED, PAYABLE_GRANTS, RELEASED, TrancheStatus
from tests.factories.agreeing import disagreements
from tests.factories.payments import Finance

Act = Callable[[], object]
Seen = dict[UUID, tuple[TrancheStatus, int]]
DURC_DAYS, TAX_DAYS, GUARANTEE_DAYS, TAX_CENTS = 120, 30, 89, 500_000
"""How long a certificate and an answer about taxes hold, how long after the end a guarantee lasts at least, and above
which amount taxes are asked about."""

WRITES_OF_MONEY = re.compile(
    "(INSERT INTO|UPDATE|DELETE FROM) (ledger_|tranche|payment_|recovery|bank_|grant_|plan_version|call_budget_line)"
)
"""What the figures that must agree are read from."""


class Died(Exception):
    """The process was killed."""


@dataclass(frozen=True)
class Given:
    """The world of a walk, committed before it begins."""

    finance: Finance
    guarantee: Guarantee
    people: dict[str, Person]
    administrator: Person


class Walk:
    """Every act on the money of the grant; what is refused, or died, has changed nothing."""

    def __init__(self, given: Given) -> None:
        self.given, self.finance, self.session = given, given.finance, given.finance.session
        self.start = self.finance.now
        self.guarantee: Guarantee | None = given.guarantee
        self.guarantees = 1
        self.irregularity: Irregularity | None = None
        self.waiting: BankDetails | None = None
        self.rests_until: datetime | None = None
        self.limit: int | None = None
        self.taxed = True
        self.papers_of = local_day(self.start)
        self.released_on: list[tuple[UUID, date, int]] = []
        self.last: Act | None = None
        self.dies_before = self.words_left = 0
        self.is_ending = False
        self.changed = True

    # ---- from beginning to end ----

    def begin(self) -> None:
        """Everything from here on is undone by `end`."""
        self.session.commit()
        self.connection = cast("Connection", self.session.get_bind())
        self.savepoint = self.connection.begin_nested()
        event.listen(self.connection, "before_cursor_execute", self._speak)

    def end(self) -> None:
        """Leave the world as it was."""
        event.remove(self.connection, "before_cursor_execute", self._speak)
        self.finance.now = self.start
        self.session.rollback()
        self.savepoint.rollback()
        self.session.expire_all()

    def check(self) -> None:
        """Nothing is broken, nothing happened twice; asked where money was written since it was asked last."""
        if self.changed:
            told = disagreements(self.session, self.finance.grant)
            assert not told, told
        self.changed = False

    # ---- one act ----

    def attempt(self, act: Act) -> Refusal | None:
        """Do it in a unit of work of its own; why it was refused, if it was."""
        before = self.seen()
        self.session.commit()
        unasked = self.changed
        refused = self._done_whole(act, before)
        if refused is not None:
            self.changed = unasked
            assert type(refused) is not Conflict, "the database refused what the operation had let through"
            assert self.seen() == before
            return refused
        self.last = act
        self._judge(before)
        return None

    def _done_whole(self, act: Act, before: Seen) -> Refusal | None:
        """In one unit of work; where its process dies, the next one does it."""
        self.words_left, self.dies_before = self.dies_before, 0
        try:
            with unit_of_work(leads_to="/"):
                act()
                self.is_ending = True
        except Refusal as refusal:
            return refusal
        except Died:
            assert self.seen() == before
            return self._done_whole(act, before)
        finally:
            self.words_left, self.is_ending = 0, False
        return None

    def the_same_again(self) -> None:
        """Somebody clicks twice: what was done is refused now, or does nothing more."""
        if self.last is not None:
            before = self.done()
            self.attempt(self.last)
            assert self.done() == before
            self.last = None

    def die(self, at: int) -> None:
        """The process of the next act is killed before so many words more to the database."""
        self.dies_before = at

    def _speak(self, _connection: object, _cursor: object, statement: str, *_given: object) -> None:
        self.changed = self.changed or WRITES_OF_MONEY.match(statement) is not None
        if self.is_ending and statement.startswith("RELEASE"):
            self.words_left = 0  # the commit: here a savepoint, which no death rolls back
        if self.words_left:
            self.words_left -= 1
            if not self.words_left:
                raise Died

    def seen(self) -> Seen:
        """Each tranche: its status and version."""
        query = select(Tranche.id, Tranche.status, Tranche.version).where(Tranche.grant_id == self.finance.grant.id)
        return {key: (status, version) for key, status, version in self.session.execute(query)}

    def done(self) -> tuple[list[TrancheStatus], int]:
        """What counts: where each tranche stands, and how many entries there are."""
        entries = self.session.scalar(select(func.count(LedgerEntry.id))) or 0
        return [status for status, _version in self.seen().values()], entries

    # ---- what must have held ----

    def _judge(self, before: Seen) -> None:
        for tranche in self.finance.tranches:
            was = before[tranche.id][0]
            if tranche.is_released and was not in RELEASED:
                self._was_free(tranche)
            if tranche.status in IN_A_FILE and was not in IN_A_FILE:
                self._might_leave(tranche)
                assert self._open_questions(tranche) == 0

    @property
    def is_guaranteed(self) -> bool:
        """Whether a guarantee stands, and lasts well beyond the end of the project."""
        end = self.finance.grant.ends_on
        if self.guarantee is None or end is None:
            return False
        until = self.guarantee.valid_until
        return until is None or until >= end + timedelta(days=GUARANTEE_DAYS)

    def _open_questions(self, tranche: Tranche) -> int:
        """How often the bank has said two things of a payment of this tranche, and nobody has looked."""
        asked = (
            select(func.count(BankMessage.id))
            .join(PaymentLine, PaymentLine.id == BankMessage.line_id)
            .where(PaymentLine.tranche_id == tranche.id, BankMessage.trouble == Trouble.CONTRADICTS)
        )
        return self.session.scalar(asked.where(BankMessage.answered_at.is_(None))) or 0

    def _was_free(self, tranche: Tranche) -> None:
        """What stood when somebody released it."""
        self._might_leave(tranche)
        members = {self.given.people["member"].id}
        assert tranche.proposed_by != tranche.approved_by
        assert members.isdisjoint({tranche.proposed_by, tranche.approved_by})
        earlier = [each for each in self.finance.tranches if each.number < tranche.number]
        assert all(each.status in PASSED for each in earlier)
        assert tranche.withheld_cents == ((tranche.amount_cents * 4 + 50) // 100 if self.taxed else 0)
        day, by = local_day(self.finance.now), tranche.approved_by
        assert by is not None
        self.released_on.append((by, day, tranche.amount_cents))
        today = sum(cents for person, on, cents in self.released_on if (person, on) == (by, day))
        assert self.limit is None or today <= self.limit

    def _might_leave(self, tranche: Tranche) -> None:
        """What stood when it was released, and again when it went in a file."""
        grant, day = self.finance.grant, local_day(self.finance.now)
        assert self.irregularity is None
        assert self.waiting is None
        assert self.rests_until is None or self.finance.now >= self.rests_until
        assert grant.status in PAYABLE_GRANTS
        if tranche.number == 1:
            assert self.is_guaranteed
        else:
            assert (day - self.papers_of).days <= DURC_DAYS
        if tranche.amount_cents > TAX_CENTS:
            assert (day - self.papers_of).days <= TAX_DAYS
