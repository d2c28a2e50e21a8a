"""What stands behind the payments of Bari: guarantees of advances, answers on tax debts, a limit in a day, a batch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from portal.access.models import Authority
from portal.calls.rules import CallDesign, GateName, TrancheTemplate
from portal.demo.granting import Team
from portal.demo.stage import Stage
from portal.demo.texts import steady
from portal.payments.batches.operations import Chosen, release_batch
from portal.payments.batches.rules import BatchMode
from portal.payments.guarantees.operations import GuaranteeTyped, record_guarantee, verify_guarantee
from portal.payments.guarantees.rules import GuarantorKind
from portal.payments.limits.operations import set_limit
from portal.payments.models import Tranche
from portal.payments.taxes.operations import AnswerTyped, record_tax_check
from portal.payments.taxes.rules import DebtOutcome

ASKED = {"advance": GateName.GUARANTEE_ACTIVE, "interim": GateName.TAX_DEBTS_CHECKED}
"""What the demonstration asks of a tranche beside the gates of its call, by key."""
MONTHS = 3
"""How long a guarantee lasts beyond the end of the project."""
GUARANTORS = (
    (GuarantorKind.BANK, "Banca Popolare del Levante"),
    (GuarantorKind.INSURER, "Assicurazioni Adriatiche spa"),
)
LIMIT = 6_000_000
"""Cents that one person may release in a day."""


def secured(design: CallDesign) -> CallDesign:
    """The call, with guarantees of advances and the check of tax debts; money asked back is due within ten days."""
    payments = replace(design.payments, recovery_days=10)
    return replace(design, tranches=[_asking(each) for each in design.tranches], payments=payments)


def _asking(template: TrancheTemplate) -> TrancheTemplate:
    gate = ASKED.get(template.key)
    if gate is None:
        return template
    months = MONTHS if gate is GateName.GUARANTEE_ACTIVE else template.guarantee_months
    return replace(template, gates=[*template.gates, gate], guarantee_months=months)


def secure(stage: Stage, team: Team, tranche: Tranche, day: int) -> None:
    """What this tranche asks for, on the day before it is asked for."""
    if GateName.GUARANTEE_ACTIVE in tranche.gates:
        guarantee(stage, team, cents=tranche.amount_cents, day=day, verified=True)
    if GateName.TAX_DEBTS_CHECKED in tranche.gates:
        answer(stage, team, DebtOutcome.CLEAR, day=day)


def guarantee(stage: Stage, team: Team, *, cents: int, day: int, verified: bool) -> None:
    """The recipient records a guarantee that lasts beyond the end of the project; finance reads it."""
    kind, issuer = GUARANTORS[steady(team.key, len(GUARANTORS))]
    number = f"{steady(team.key, 899999) + 100000}/{cents // 100}"
    end = team.grant.ends_on or stage.day(365)
    typed = GuaranteeTyped(
        kind, issuer, number, cents, end + timedelta(days=120), renews=False, first_demand=True, waives_excussion=True,
        waives_term=True, file=stage.pdf(f"Fideiussione {number}", f"{issuer} garantisce l'anticipo."),
    )  # fmt: skip
    row = record_guarantee(
        stage.session, grant_id=team.grant.id, typed=typed, actor=stage.actor(team.owner), now=stage.at(day, 8)
    )
    if verified:
        verify_guarantee(stage.session, guarantee_id=row.id, actor=stage.actor("finance-maker"), now=stage.at(day, 9))


def answer(stage: Stage, team: Team, outcome: DebtOutcome, *, day: int, cents: int = 0) -> None:
    """What the collecting agent answered on this day (art. 48-bis)."""
    typed = AnswerTyped(outcome, stage.day(day), f"AER 2026/{steady(team.key + str(day), 89999) + 10000}", cents)
    record_tax_check(
        stage.session, grant_id=team.grant.id, typed=typed, actor=stage.actor("finance-maker"), now=stage.at(day, 9)
    )


def release_together(stage: Stage, tranches: Sequence[Tranche], *, day: int) -> None:
    """The approver releases these line by line; of the last one another version was on the screen, so it stays."""
    stage.session.flush()
    *_free, last = tranches
    chosen = [Chosen(each.id, each.version - (each is last)) for each in tranches]
    release_batch(
        stage.session, chosen=chosen, mode=BatchMode.LINES, actor=stage.actor("finance-approver"),
        now=stage.at(day, 15),
    )  # fmt: skip


def watch(stage: Stage, authority: Authority, *, waits: Team, owes: Team) -> None:
    """Today: a guarantee that finance has still to read, a payment held by debts, a limit for everybody."""
    guarantee(stage, waits, cents=waits.grant.awarded_cents // 4, day=-2, verified=False)
    answer(stage, owes, DebtOutcome.DEBTS, day=-2, cents=214_730)
    set_limit(
        stage.session, authority=authority, person_id=None, cents=LIMIT, actor=stage.actor("administrator"),
        now=stage.at(-3),
    )  # fmt: skip
