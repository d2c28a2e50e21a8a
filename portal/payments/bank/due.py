"""What the bank asks of people: the recipient mends an account, finance answers what is not clear."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.access.models import BankDetails, ConsortiumPartner
from portal.access.policy import Role, Tie
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.i18n import _, ngettext
from portal.grants.models import Grant
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.bank.models import BankMessage
from portal.payments.bank.queries.files import OPEN
from portal.payments.bank.reasons import OF_THE_ACCOUNT, REASONS
from portal.payments.models import PaymentLine, Tranche
from portal.payments.rules import TrancheStatus


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Payments that came back for the recipient's account; messages that wait for finance."""
    if owned := actor.objects_tied_as(Tie.OWNER):
        yield _to_mend(owned)
    if homes := actor.authorities_as(Role.FINANCE_MAKER):
        asked = select(*line(number=func.count(BankMessage.id))).where(BankMessage.authority_id.in_(homes), OPEN)
        yield Ask(asked.having(func.count(BankMessage.id) > 0), (func.count(BankMessage.id),), _to_answer)


def _to_mend(owned: frozenset[Any]) -> Ask:
    """The newest payment of a tranche failed for its account, and nobody has written another account since."""
    other = aliased(PaymentLine)
    newer = exists().where(other.tranche_id == PaymentLine.tranche_id, other.failed_at > PaymentLine.failed_at)
    lead = exists().where(
        ConsortiumPartner.consortium_id == Grant.organisation_id,
        ConsortiumPartner.organisation_id == BankDetails.organisation_id,
        ConsortiumPartner.until.is_(None),
    )
    mended = exists().where(
        or_(BankDetails.organisation_id == Grant.organisation_id, lead),
        BankDetails.proposed_at > PaymentLine.failed_at,
    )
    said = line(id=Tranche.id, name=PaymentLine.reason_code, more=Application.title, number=Tranche.number)
    query = (
        select(*said)
        .select_from(PaymentLine)
        .join(Tranche, Tranche.id == PaymentLine.tranche_id)
        .join(Grant, Grant.id == Tranche.grant_id)
        .join(Application, Application.id == Grant.application_id)
        .where(Grant.organisation_id.in_(owned), Tranche.status == TrancheStatus.FAILED)
        .where(PaymentLine.reason_code.in_(OF_THE_ACCOUNT), ~newer, ~mended)
    )
    return Ask(query, (Tranche.id,), _account)


def _account(found: Any) -> DueStep:
    return DueStep(
        what=_("The bank did not pay tranche %(number)s: check the account", number=found.number),
        button=_("Read why"),
        path=f"/tranches/{found.id}",
        why=str(REASONS[found.name].words),
        place=found.more,
    )


def _to_answer(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("%(num)d message of the bank to answer", "%(num)d messages of the bank to answer", found.number),
        button=_("Take a look"),
        path="/finance/bank",
        why=_("The portal could not tell by itself what to do with it."),
    )
