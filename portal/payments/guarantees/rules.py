"""Who may guarantee an advance, the path of a guarantee, and when it is enough. Pure, in cents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.core.money import share
from portal.core.moves import Move


class GuarantorKind(StrEnum):
    """Who stands for the recipient: a bank, an insurer (ramo 15), an intermediary of art. 106 TUB."""

    BANK = "bank"
    INSURER = "insurer"
    INTERMEDIARY = "intermediary"


class GuaranteeStatus(StrEnum):
    """Where a guarantee stands; only a verified one opens the gate."""

    RECORDED = "recorded"
    REFUSED = "refused"
    VERIFIED = "verified"
    RELEASED = "released"
    CALLED = "called"


G = GuaranteeStatus
VERIFY = Move("verify", frozenset({G.RECORDED}), G.VERIFIED)
REFUSE = Move("refuse", frozenset({G.RECORDED}), G.REFUSED)
RELEASE = Move("release", frozenset({G.VERIFIED}), G.RELEASED)
CALL = Move("call", frozenset({G.VERIFIED}), G.CALLED)
MOVES = (VERIFY, REFUSE, RELEASE, CALL)

LONGEST_ISSUER = 200
LONGEST_NUMBER = 80
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Cover:
    """One verified guarantee: how much, and until which day it lasts (None: renewed until the office releases it)."""

    cents: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Covering:
    """What has to be covered and until when, against what is."""

    needed_cents: int
    covered_cents: int
    needed_until: date

    @property
    def is_enough(self) -> bool:
        """Whether guarantees that last long enough add up to the advance and its interest."""
        return self.covered_cents >= self.needed_cents


def covering(*, advance_cents: int, interest: Decimal, until: date, covers: Iterable[Cover]) -> Covering:
    """How far the guarantees that last until a day cover an advance, with `interest` per cent on top of it.

    `domain.md` §1.7: at least the advance and its interest, until the end of the project and some months.
    """
    needed = advance_cents + share(advance_cents, int(interest * 100))
    lasting = sum(each.cents for each in covers if each.until is None or each.until >= until)
    return Covering(needed, lasting, until)
