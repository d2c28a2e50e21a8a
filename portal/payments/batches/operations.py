"""Releasing several tranches together, by the rules of one: no check is skipped, every refusal is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from portal.core.i18n import in_both, lazy_
from portal.payments.batches.models import ReleaseBatch, ReleaseBatchLine
from portal.payments.batches.rules import MOST_LINES, BatchMode, LineOutcome
from portal.payments.models import Tranche
from portal.payments.operations.release import approve_tranche
from portal.payments.queries.tranches import tranches_for_update


@dataclass(frozen=True, slots=True)
class Chosen:
    """A tranche of the batch, and the version of it that was on the screen."""

    tranche_id: UUID
    version_seen: int


class LineRefused(Conflict):
    """One tranche cannot be released, so none was."""

    def __init__(self, tranche: Tranche, refusal: Refusal) -> None:
        super().__init__(
            lazy_(
                "Nothing was released, because of %(reference)s, tranche %(number)s: %(why)s",
                reference=tranche.grant.reference, number=tranche.number, why=refusal.message,
            )
        )  # fmt: skip
        self.refusal = refusal


def release_batch(
    session: Session, *, chosen: Sequence[Chosen], mode: BatchMode, actor: Actor, now: datetime
) -> ReleaseBatch:
    """Release these tranches: all or nothing, or each for itself; what became of each stands in the batch.

    Raises Invalid for an empty or mixed choice, and where all or nothing was asked for LineRefused, which names the
    tranche. Tranches are locked together before the first one is released: two batches cannot wait for each other.
    """
    if not chosen or len({each.tranche_id for each in chosen}) != len(chosen):
        raise Invalid(lazy_("Choose at least one tranche to release."), "tranches")
    if len(chosen) > MOST_LINES:
        raise Invalid(lazy_("Choose at most %(most)s tranches at once.", most=MOST_LINES), "tranches")
    tranches = {each.id: each for each in tranches_for_update(session, [each.tranche_id for each in chosen])}
    batch = _batch(session, list(tranches.values()), mode, actor, now)
    for number, each in enumerate(chosen, start=1):
        tranche = tranches[each.tranche_id]
        refusal = _release(session, each, actor, now)
        if refusal is not None and mode is BatchMode.WHOLE:
            raise LineRefused(tranche, refusal)
        if refusal is not None:
            _keep(session, tranche, refusal, actor, now)
        session.add(_line(batch, number, each, tranche, refusal))
    session.flush()
    lines = [line.outcome for line in batch.lines]
    after = {"mode": mode, "released": lines.count(LineOutcome.RELEASED), "refused": lines.count(LineOutcome.REFUSED)}
    record(session, at=now, actor=actor, event="release_batch.released", subject=batch, after=after)
    return batch


def _batch(
    session: Session, tranches: Sequence[Tranche], mode: BatchMode, actor: Actor, now: datetime
) -> ReleaseBatch:  # fmt: skip
    """An authority's batch; whoever may not release one of them learns of none."""
    for tranche in tranches:
        authorise(actor, Action.TRANCHE_APPROVE, tranche)
    authorities = {tranche.authority_id for tranche in tranches}
    if len(authorities) > 1:
        raise Invalid(lazy_("These tranches belong to different authorities: release them apart."), "tranches")
    if actor.person_id is None:
        raise Forbidden
    batch = ReleaseBatch(authority_id=authorities.pop(), mode=mode, released_by=actor.person_id, released_at=now)
    session.add(batch)
    session.flush()
    return batch


def _release(session: Session, each: Chosen, actor: Actor, now: datetime) -> Refusal | None:
    """The release of one tranche in a savepoint of its own; why it was refused, if it was."""
    try:
        with session.begin_nested():
            approve_tranche(session, tranche_id=each.tranche_id, version_seen=each.version_seen, actor=actor, now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        return refusal
    return None


def _keep(session: Session, tranche: Tranche, refusal: Refusal, actor: Actor, now: datetime) -> None:
    """The refusal in the history of its tranche, as one of a single release is kept."""
    record(
        session, at=now, actor=actor, event=f"refused {Action.TRANCHE_APPROVE.value}", subject=tranche,
        after={"refusal": type(refusal).__name__}, reason=str(refusal)[:500],
    )  # fmt: skip


def _line(
    batch: ReleaseBatch, number: int, each: Chosen, tranche: Tranche, refusal: Refusal | None
) -> ReleaseBatchLine:  # fmt: skip
    return ReleaseBatchLine(
        batch=batch, tranche_id=tranche.id, number=number, version_seen=each.version_seen,
        outcome=LineOutcome.REFUSED if refusal else LineOutcome.RELEASED,
        refusal=type(refusal).__name__ if refusal else None, reason=in_both(refusal.message) if refusal else None,
        gross_cents=tranche.amount_cents, withheld_cents=tranche.withheld_cents,
    )  # fmt: skip
