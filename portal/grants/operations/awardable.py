"""What keeps a funded row from being awarded, each refusal in words; and its mark in the register of aid."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.core.unit_of_work import violation
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants.aid.queries import Asked, hold_undertakings, receivers, verdicts
from portal.grants.aid.rules import Verdict
from portal.grants.models import AidEntry, Grant
from portal.grants.queries import grant_of_application, reserved_among
from portal.grants.tranches import tranches_fit


class RankingNotFinal(Conflict):
    """Awards follow a final ranking."""

    default = lazy_("The ranking is not final yet: publish it as final first.")


class NotTheLastPhase(Conflict):
    """The ranking of an earlier phase admits to the next one, and awards nothing."""

    default = lazy_(
        "This ranking admits to the next phase and awards no grant: grants follow the final ranking of the last phase."
    )


class NotFunded(Conflict):
    """The ranking gives nothing to this application, or it was withdrawn or renounced."""

    default = lazy_("The final ranking does not fund this application, or it was withdrawn.")


class ReserveOpen(Conflict):
    """Admitted with a reserve that nobody decided."""

    default = lazy_("This application was admitted with a reserve: decide it first, then the grant can be awarded.")


class AlreadyAwarded(Conflict):
    """One grant for each application."""

    default = lazy_("This application has its grant already.")


class TranchesDoNotFit(Conflict):
    """Fixed amounts would use the grant up, and leave a tranche without money."""

    default = lazy_(
        "This grant is smaller than the tranches of a fixed amount that the call declares: it cannot be split. Rectify"
        " the call, or award another amount."
    )


class AidExceeded(Conflict):
    """The whole new grant would go beyond the ceiling of the single undertaking (art. 3(7) Reg. (EU) 2023/2831)."""


violation("uq_grant_award_application_id", AlreadyAwarded)
violation("grant_award.application_id", AlreadyAwarded)
violation("uq_aid_entry_grant_id", AlreadyAwarded)
violation("aid_entry.grant_id", AlreadyAwarded)


def must_be_funded(session: Session, *, ranking: Ranking, row: RankingRow) -> None:
    """Return where a final ranking of the last phase funds the row, nothing was awarded and no reserve is open.

    The grant is also large enough for the tranches of its call.
    """
    if ranking.status is not RankingStatus.FINAL:
        raise RankingNotFinal
    if not row.application.phase.is_last:
        raise NotTheLastPhase
    if grant_of_application(session, row.application_id) is not None:
        raise AlreadyAwarded
    if row.awarded_cents <= 0 or row.application.status is not ApplicationStatus.FUNDED:
        raise NotFunded
    if reserved_among(session, [row.application_id]):
        raise ReserveOpen
    if not tranches_fit(row.awarded_cents, row.application.design.tranches):
        raise TranchesDoNotFit


def must_fit(session: Session, *, row: RankingRow, day: date) -> bool:
    """Whether the grant is de minimis aid, and fits whole; AidExceeded, with the sums, where it does not."""
    hold_undertakings(session, [row.application.organisation], row.application.design, day)
    asked = Asked(row.application_id, row.application.organisation, row.awarded_cents)
    verdict = verdicts(session, row.application.design, [asked], day).get(row.application_id)
    if verdict is None:
        return False
    if not verdict.fits:
        raise AidExceeded(in_words(verdict=verdict))
    return True


def in_words(*, verdict: Verdict) -> object:
    """Why a whole grant is refused, with the sums."""
    return lazy_(
        "The single undertaking has € %(counted)s of de minimis aid in the period; with this grant of € %(new)s it"
        " would have € %(total)s, more than € %(ceiling)s. The whole grant is refused, not a part of it.",
        counted=format_cents(verdict.counted_cents), new=format_cents(verdict.new_cents),
        total=format_cents(verdict.counted_cents + verdict.new_cents), ceiling=format_cents(verdict.ceiling_cents),
    )  # fmt: skip


def enter_in_register(session: Session, *, grant: Grant, actor: Actor, now: datetime) -> None:
    """Write a grant that is aid into the register: on the day of its act, whole (art. 3(3))."""
    receiver = receivers(session, [grant.organisation])[grant.organisation_id]
    session.add(
        AidEntry(
            organisation_id=receiver, grant_id=grant.id, regime=grant.application.design.aid_regime,
            granted_on=grant.act_date, cents=grant.awarded_cents, recorded_by=actor.person_id, recorded_at=now,
        )
    )  # fmt: skip
    record(session, at=now, actor=actor, event=Action.AID_RECORD, subject=grant, after={"cents": grant.awarded_cents})
