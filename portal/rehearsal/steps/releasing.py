"""What a call asks of money besides milestones: activity decided, tax debts checked, a guarantee given and read."""

from datetime import datetime

from portal.calls.rules import GateName
from portal.grants.aid.operations import decide_activity
from portal.grants.models import Grant
from portal.payments.guarantees.operations import GuaranteeTyped, record_guarantee, verify_guarantee
from portal.payments.guarantees.rules import GuarantorKind
from portal.payments.models import Tranche
from portal.payments.taxes.operations import AnswerTyped, record_tax_check
from portal.payments.taxes.queries import payee_of_grant
from portal.payments.taxes.rules import DebtOutcome
from portal.payments.templates import asks_for
from portal.rehearsal.play import Play


def bring_money_about(play: Play, grant: Grant, tranche: Tranche, now: datetime) -> None:
    """Everything of this that the tranche waits for, by whoever does it."""
    if asks_for(tranche, GateName.ACTIVITY_FOUND):
        decide_activity(
            play.session, organisation_id=payee_of_grant(play.session, grant).id, is_undertaking=True,
            reason="Prova", actor=play.actor("officer", now), now=now,
        )  # fmt: skip
    if asks_for(tranche, GateName.TAX_DEBTS_CHECKED):
        typed = AnswerTyped(DebtOutcome.CLEAR, now.date(), f"PROVA_{tranche.number}")
        record_tax_check(play.session, grant_id=grant.id, typed=typed, actor=play.actor("maker", now), now=now)
    if asks_for(tranche, GateName.GUARANTEE_ACTIVE):
        _guarantee(play, grant, tranche, now)


def _guarantee(play: Play, grant: Grant, tranche: Tranche, now: datetime) -> None:
    typed = GuaranteeTyped(
        kind=GuarantorKind.BANK, issuer="Banca di prova", number=f"PROVA_{tranche.number}",
        amount_cents=grant.granted_cents * 2, valid_until=None, renews=True, first_demand=True, waives_excussion=True,
        waives_term=True, file=play.paper("Fideiussione", grant.reference),
    )  # fmt: skip
    owner = play.owner_of(grant.organisation_id, now)
    found = record_guarantee(play.session, grant_id=grant.id, typed=typed, actor=owner, now=now)
    verify_guarantee(play.session, guarantee_id=found.id, actor=play.actor("maker", now), now=now)
