"""The acts of a walk: from the request to the bank and its answers, and what a release asks besides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.access.rules.bank import ACCOUNT_RESTS_FOR
from portal.core.errors import Refusal
from portal.grants.rules import local_day
from portal.payments import operations
from portal.payments.bank.models import BankMessage
from portal.payments.bank.operations import FileKnown, dismiss_messages, match_message
from portal.payments.batches.operations import Chosen, release_batch
from portal.payments.batches.rules import BatchMode, LineOutcome
from portal.payments.limits.operations import set_limit
from portal.payments.models import PaymentLine, Tranche
from portal.payments.rules import TrancheStatus
from tests.factories import gated
from tests.factories.bank import Payment, asked, entry, notification, status_report, take
from tests.factories.walking import GUARANTEE_DAYS, TAX_DAYS, Walk

PAID, ACCEPTED, REFUSED, RETURNED, WAITS = "paid", "accepted", "refused", "returned", "waits"
WRONG, FOREIGN = "of another amount", "of somebody else"
TO_THE_BANK = (TrancheStatus.APPROVED, TrancheStatus.FAILED)
NEXT = {
    TrancheStatus.PLANNED: ("owner", "request"),
    TrancheStatus.REQUESTED: ("officer", "verify"),
    TrancheStatus.VERIFIED: ("maker", "propose"),
}
STATUSES = {ACCEPTED: "ACSC", REFUSED: "RJCT", WAITS: "PDNG"}
Said = tuple[int, str]


class Acts(Walk):
    """Every act, of anybody; a refusal is a fair answer to each of them."""

    @property
    def tranches(self) -> list[Tranche]:
        """In their order."""
        return self.finance.tranches

    def by(self, who: str) -> dict[str, Any]:
        """What every operation is given."""
        return self.finance.by(self.given.people[who])

    # ---- from the request to the file ----

    def step(self, which: int, who: str, act: str) -> None:
        """Request, verify or propose."""
        key, operation = self.tranches[which].id, getattr(operations, f"{act}_tranche")
        self.attempt(lambda: operation(self.session, tranche_id=key, **self.by(who)))

    def next_step(self) -> None:
        """The next act on the first tranche that is not released, by whose work it is."""
        for number, tranche in enumerate(self.tranches):
            if tranche.status in NEXT:
                self.step(number, *NEXT[tranche.status])
                return

    def propose_the_next(self) -> None:
        """Asked, verified and proposed, by those whose work it is."""
        waiting = [each for each in self.tranches if each.status is TrancheStatus.PLANNED]
        if waiting:
            self.attempt(lambda: self.finance.propose_all_the_way(waiting[0]))

    def release_the_next(self) -> None:
        """Asked, verified, proposed and approved, by those whose work it is."""
        waiting = [each for each in self.tranches if each.status is TrancheStatus.PLANNED]
        if waiting:
            self.attempt(lambda: self.finance.release(waiting[0]))

    def which(self, number: int, *statuses: TrancheStatus) -> int:
        """One of those that stand there; any of them where none does."""
        there = [place for place, each in enumerate(self.tranches) if each.status in statuses]
        return there[number % len(there)] if there else number

    def pay_the_next(self) -> None:
        """All the way: released, in a file, and the bank says that it was paid."""
        self.release_the_next()
        waiting = [number for number, each in enumerate(self.tranches) if each.status in TO_THE_BANK]
        if waiting:
            self.order(waiting, "other")
            self.hear([(number, PAID) for number in range(len(waiting))], "P")

    def approve(self, which: int, who: str, seen: int = 0) -> Refusal | None:
        """Approve what was on the screen so many changes ago."""
        tranche = self.tranches[which]
        version, person = tranche.version - seen, self.given.people[who]
        refused = self.attempt(lambda: self.finance.approve(tranche, version=version, by=person))
        assert refused or not seen, "approved without having been seen"
        return refused

    def approve_together(self, chosen: Sequence[int], who: str, mode: BatchMode, seen: int = 0) -> None:
        """A batch, of which the first was looked at so many changes ago."""
        listed = [
            Chosen(self.tranches[which].id, self.tranches[which].version - (0 if place else seen))
            for place, which in enumerate(chosen)
        ]
        made: list[Any] = []

        def act() -> None:
            made.append(release_batch(self.session, chosen=listed, mode=mode, **self.by(who)))

        if self.attempt(act) is None:
            outcomes = [line.outcome for line in made[-1].lines]
            assert mode is BatchMode.LINES or set(outcomes) == {LineOutcome.RELEASED}
            assert not seen or outcomes[0] is LineOutcome.REFUSED, "approved without having been seen"

    def send_back(self, which: int, who: str) -> None:
        """Back to the recipient."""
        key = self.tranches[which].id
        self.attempt(lambda: operations.send_back_tranche(self.session, tranche_id=key, reason="Manca", **self.by(who)))

    def order(self, chosen: Sequence[int], who: str = "maker") -> None:
        """A file for the bank."""
        tranches, person = [self.tranches[which] for which in chosen], self.given.people[who]
        self.attempt(lambda: self.finance.order(*tranches, by=person))

    # ---- what the bank says ----

    def lines(self) -> Sequence[PaymentLine]:
        """Every payment that was ever in a file, the oldest first."""
        query = select(PaymentLine).join(Tranche, Tranche.id == PaymentLine.tranche_id)
        return self.session.scalars(
            query.where(Tranche.grant_id == self.finance.grant.id).order_by(PaymentLine.id)
        ).all()

    def record(self, which: int, act: str) -> None:
        """Somebody writes down by hand that one was paid, or failed."""
        if lines := self.lines():
            line = lines[-1 - which % len(lines)]
            tranche, key = line.tranche, line.id
            self.attempt(lambda: getattr(self.finance, act)(tranche, line_id=key))

    def hear(self, said: Sequence[Said], message: str) -> None:
        """The bank's answers, each about a payment, in one file of each kind: never refused, but for the same file."""
        lines = self.lines()
        if not lines:
            return
        told = [(asked(lines[-1 - which % len(lines)]), what) for which, what in said]
        day = local_day(self.finance.now).isoformat()
        booked = [_booked(payment, what, day) for payment, what in told if what not in STATUSES]
        reported = [(payment, STATUSES[what]) for payment, what in told if what in STATUSES]
        if booked:
            self._take(notification(*booked, message=message))
        if reported:
            self._take(status_report(*reported, reason="AC01", message=message))

    def _take(self, content: bytes) -> None:
        refused = self.attempt(lambda: take(self.finance, content))
        assert refused is None or isinstance(refused, FileKnown), refused

    def answer_the_bank(self, which: int | None = None) -> None:
        """Somebody looks at what waits: it is about this payment, or there is nothing to do."""
        waiting = [each.id for each in self.session.scalars(select(BankMessage)) if each.is_open]
        lines = self.lines()
        if waiting and which is None:
            self.attempt(
                lambda: dismiss_messages(self.session, message_ids=waiting, words="Visto.", **self.by("maker"))
            )
        elif waiting and which is not None:
            name, message = lines[-1 - which % len(lines)].end_to_end_id, waiting[0]
            self.attempt(
                lambda: match_message(
                    self.session, message_id=message, end_to_end_id=name, words="È questo.", **self.by("maker")
                )
            )

    # ---- the account, papers, days ----

    def put_in_order(self) -> None:
        """Whatever stands in the way of a release is mended."""
        self.close_the_irregularity()
        if not self.is_guaranteed:
            self.give_the_guarantee_back()
            self.guarantee_again()
        self.answer_the_bank()
        if self.limit is not None:
            self.set_the_limit(None)
        self.confirm_account(hours=25)
        if self.rests_until is not None and self.finance.now < self.rests_until:
            self.wait(2)
        if self.papers_of < local_day(self.finance.now) - timedelta(days=TAX_DAYS):
            self.renew_papers()

    def change_account(self, iban: str) -> None:
        """The recipient asks for another account."""
        made: list[Any] = []
        if self.attempt(lambda: made.append(self.finance.propose_account(iban))) is None:
            self.waiting, self.last = made[-1], None

    def confirm_account(self, hours: int) -> None:
        """Another person verifies it; then some hours pass."""
        row = self.waiting
        if row is not None and self.attempt(lambda: self.finance.confirm_account(row)) is None:
            self.waiting, self.rests_until = None, self.finance.now + ACCOUNT_RESTS_FOR
            self.finance.now += timedelta(hours=hours)

    def wait(self, days: int) -> None:
        """Days pass."""
        self.finance.now += timedelta(days=days)
        self.last = None

    def renew_papers(self) -> None:
        """Certificate of contributions, answer about taxes."""
        self._write(self.finance.record_durc, lambda: gated.answer(self.finance))
        self.papers_of = local_day(self.finance.now)

    def decide_activity(self, *, is_undertaking: bool) -> None:
        """Whether tax is withheld from the recipient."""
        self._write(lambda: gated.find_activity(self.finance, is_undertaking=is_undertaking))
        self.taxed = is_undertaking

    def set_the_limit(self, cents: int | None) -> None:
        """The most that one person may release in a day."""
        given: dict[str, Any] = {"authority": self.finance.world.authority, "person_id": None, "cents": cents}
        self._write(lambda: set_limit(self.session, **given, **self.finance.by(self.given.administrator)))
        self.limit = cents

    def _write(self, *acts: Any) -> None:
        """Written by whoever keeps it, never refused."""
        for act in acts:
            refused = self.attempt(act)
            assert refused is None, refused
        self.last = None

    # ---- guarantee, irregularity ----

    def give_the_guarantee_back(self) -> None:
        """Finance gives it back."""
        found = self.guarantee
        if found is not None and self.attempt(lambda: gated.give_back(self.finance, found)) is None:
            self.guarantee = None

    def guarantee_again(self) -> None:
        """Another one comes."""
        if self.guarantee is None:
            self.guarantees += 1
            made: list[Any] = []
            first, number, end = self.given.guarantee, self.guarantees, self.finance.grant.ends_on
            assert end is not None
            until = end + timedelta(days=GUARANTEE_DAYS + 6)
            self._write(lambda: made.append(gated.another(self.finance, first, number, until)))
            self.guarantee = made[-1]

    def open_an_irregularity(self, cents: int = 0) -> None:
        """Something is found wrong."""
        if self.irregularity is None:
            made: list[Any] = []
            self._write(lambda: made.append(gated.open_irregularity(self.finance, cents)))
            self.irregularity = made[-1]

    def close_the_irregularity(self) -> None:
        """It is closed."""
        found = self.irregularity
        if found is not None:
            self._write(lambda: gated.close_irregularity(self.finance, found))
            self.irregularity = None


def _booked(payment: Payment, what: str, day: str) -> str:
    """A movement of the account."""
    match what:
        case "paid":
            return entry(payment, on=day)
        case "returned":
            return entry(payment, way="CRDT", on=day, returned="AC04")
        case "of another amount":
            return entry(payment, on=day, cents=payment.cents + 1)
        case _:
            return entry(Payment("UTENZE-2026-03", "", 12_300), on=day)
