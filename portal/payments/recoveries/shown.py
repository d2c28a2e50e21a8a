"""What the page of recoveries shows: those decided, what could be decided, and the plan of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed, authorise
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.core.money import format_money
from portal.grants.models import EndAct, Grant
from portal.grants.rules import local_day
from portal.payments.closing.models import FinalAccount
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.queries import guarantees_of
from portal.payments.recoveries.claims import Claim, claims_of
from portal.payments.recoveries.forms import PlanForm, key_of
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.operations.deciding import planned
from portal.payments.recoveries.operations.receiving import CALLABLE
from portal.payments.recoveries.planning import Plan
from portal.payments.recoveries.queries import recoveries_of


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Everything the page shows."""

    grant: Grant
    recoveries: Sequence[Recovery]
    claims: Sequence[Claim]
    guarantees: Sequence[Guarantee]
    form: PlanForm
    plan: Plan | None
    today: date


def recovery_page(session: Session, grant: Grant, actor: Actor, form: PlanForm, now: datetime) -> RecoveryPage:
    """The recoveries of a grant; for whoever decides, the effect of the one that was chosen, or of the first."""
    authorise(actor, Action.RECOVERY_READ, grant)
    claims = claims_of(session, grant.id) if allowed(actor, Action.RECOVERY_DECIDE, grant) else []
    records = allowed(actor, Action.RECOVERY_RECORD, grant)
    standing = [each for each in guarantees_of(session, grant.id) if each.status in CALLABLE] if records else []
    form.claim.choices = [(each.key, _said(each)) for each in claims]
    plan = _plan(session, grant, claims, form, now) if claims else None
    return RecoveryPage(grant, recoveries_of(session, grant.id), claims, standing, form, plan, local_day(now))


def _plan(session: Session, grant: Grant, claims: Sequence[Claim], form: PlanForm, now: datetime) -> Plan | None:
    """None where it cannot be decided so; the form says why."""
    chosen = next((each for each in claims if each.row.id == key_of(form.claim.data)), claims[0])
    form.claim.data = chosen.key
    try:
        cents = form.cents.cents()
        number = form.instalments.data or 1
        return planned(session, grant=grant, claim=chosen, cents=cents, instalments=number, now=now)
    except Invalid as wrong:
        form.form_errors.append(wrong.message)
        return None


def _said(claim: Claim) -> str:
    row, amount = claim.row, format_money(claim.cents)
    if isinstance(row, EndAct):
        return str(_("Act %(number)s of %(day)s: %(amount)s", number=row.act_number, day=format_day(row.act_date),
                     amount=amount))  # fmt: skip
    if isinstance(row, FinalAccount):
        return str(_("Final account, act %(number)s: %(amount)s", number=row.act_number, amount=amount))
    return str(_("Irregularity found on %(day)s: %(amount)s", day=format_day(row.found_on), amount=amount))
