"""What recoveries do when the bank gives a payment back; `portal.app` subscribes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.i18n import lazy_, speaking
from portal.grants.operations.news import tell_office
from portal.payments.recoveries.models import Recovery, RecoveryPart
from portal.payments.recoveries.operations.deciding import take_back
from portal.payments.recoveries.refusals import AskedBackAndReturned
from portal.payments.recoveries.rules import STANDING
from portal.payments.rules import PaymentReturned

WHY = lazy_("The bank gave back a payment that was asked back: the recipient never had this money.")


def let_go(session: Session, event: PaymentReturned) -> None:
    """Reverse what was asked back of this payment, to be decided anew on what is left of the others.

    Raises AskedBackAndReturned where money of it came already: a person looks first. Then nothing has changed.
    """
    query = (
        select(Recovery)
        .join(RecoveryPart, RecoveryPart.recovery_id == Recovery.id)
        .where(RecoveryPart.tranche_id == event.tranche_id, Recovery.status.in_(STANDING))
        .order_by(Recovery.number.desc())
        .with_for_update(of=Recovery)
    )
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    if any(each.returned_cents for each in found):
        raise AskedBackAndReturned
    for each in found:
        with speaking("it"):
            why = str(WHY)
        take_back(session, recovery=each, reason=why, actor=event.actor, now=event.at)
        message = lazy_("%(reference)s: a payment that was asked back came back from the bank. Decide what is left.",
                        reference=each.grant.reference)  # fmt: skip
        path = f"/grants/{each.grant_id}/recoveries"
        tell_office(session, authority_id=each.authority_id, message=message, path=path, now=event.at)


SUBSCRIPTIONS = ((PaymentReturned, let_go),)
