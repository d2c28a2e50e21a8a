"""What went wrong: a grant revoked in part and its recovery in instalments, irregularities open and closed."""

from typing import Any

from portal.demo.granting import Team
from portal.demo.stage import Stage
from portal.grants.changes.operations import ActTyped, end_grant, open_proceeding, reply_to_proceeding
from portal.grants.changes.rules import EndKind, Ground
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.operations import (
    IrregularityTyped,
    close_irregularity,
    open_irregularity,
    reply_to_irregularity,
)
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome
from portal.payments.recoveries.operations import ReceiptTyped, RecoveryTyped, decide_recovery, record_receipt

BEYOND = 300_000
"""Cents that were paid and are asked back."""
INSTALMENTS = 6


def ask_back(stage: Stage, team: Team, *, open_cents: int) -> None:
    """What is still open is taken away, and so much more; the recipient was heard, and pays in six instalments."""
    given: dict[str, Any] = {"grant_id": team.grant.id, "session": stage.session}
    open_proceeding(
        kind=EndKind.PARTIAL_REVOCATION, ground=Ground.NOT_CARRIED_OUT, cents=open_cents + BEYOND,
        reason="Il laboratorio del terzo trimestre non si è tenuto: le ore del registro sono meno della metà.",
        actor=stage.actor("officer"), now=stage.at(-26), **given,
    )  # fmt: skip
    reply_to_proceeding(reply="Due operatori hanno lasciato il gruppo: le ore mancanti non si possono recuperare.",
                        actor=stage.actor(team.owner), now=stage.at(-23), **given)  # fmt: skip
    act = ActTyped("DD 2026/210/00398", stage.day(-20), "Viste le osservazioni, si revoca la parte non svolta.", BEYOND)
    row = end_grant(act=act, actor=stage.actor("officer"), now=stage.at(-20), **given)
    typed = RecoveryTyped(
        row.id, "DD 2026/210/00405", stage.day(-18), "Si recupera quanto pagato per le ore non svolte.", INSTALMENTS
    )
    recovery = decide_recovery(typed=typed, actor=stage.actor("officer"), now=stage.at(-18), **given)
    first = recovery.instalments[0]
    receipt = ReceiptTyped("CRO 40817765234", stage.day(-7), first.principal_cents + first.interest_cents)
    record_receipt(
        stage.session, recovery_id=recovery.id, typed=receipt, actor=stage.actor("finance-maker"), now=stage.at(-7)
    )


def find_irregularities(stage: Stage, *, waits: Team, mended: Team) -> None:
    """One to which its recipient has still to reply, one that was mended: a colleague of who found it closed it."""
    found = IrregularityTyped(
        IrregularityKind.COSTS, stage.day(-6), "Lo stesso canone di marzo è rendicontato anche in un altro progetto.",
        36_000,
    )  # fmt: skip
    _found(stage, waits, found, -5)
    missing = IrregularityTyped(
        IrregularityKind.OBLIGATIONS, stage.day(-41), "Sulla locandina e sul sito manca il logo del finanziamento."
    )
    row = _found(stage, mended, missing, -40)
    reply_to_irregularity(
        stage.session, irregularity_id=row.id, words="Locandina e sito sono stati corretti.",
        actor=stage.actor(mended.owner), now=stage.at(-36),
    )  # fmt: skip
    close_irregularity(
        stage.session, irregularity_id=row.id, outcome=IrregularityOutcome.MENDED,
        words="Visto sul sito e sulla nuova locandina.", actor=stage.actor("officer-2"), now=stage.at(-34),
    )  # fmt: skip


def _found(stage: Stage, team: Team, typed: IrregularityTyped, day: int) -> Irregularity:
    return open_irregularity(
        stage.session, grant_id=team.grant.id, typed=typed, actor=stage.actor("officer"), now=stage.at(day)
    )
